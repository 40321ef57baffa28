'use client'
import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { settingsMessages as words } from '../messages/settings.ts'
import { api } from '../shell/api.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { News } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import type { NamedItem, NamedValues } from '../wire.ts'
import { NamedTable } from './NamedTable.tsx'
import { type Given, NamedValueDialog } from './NamedValueDialog.tsx'
import './settings.css'

const nothing: Given = { name: '', kind: 'value', hosts: [] }

/** Secrets and values that flows name (D12). */
export function SettingsPage() {
  return (
    <PageRoot>
      <Settings />
    </PageRoot>
  )
}

function Settings() {
  const { value: named, error, reload } = useLoaded('named values', api.namedValues)
  // What was open stays while its dialog closes: Fluent needs it to give the page back.
  const [asked, setAsked] = useState<Given>(nothing)
  const [removing, setRemoving] = useState<NamedItem | null>(null)
  const [open, setOpen] = useState<'set' | 'remove' | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const set = (given: Given) => {
    setAsked(given)
    setOpen('set')
  }
  const done = (sentence: string) => {
    setSaid(sentence)
    setOpen(null)
    reload()
  }
  return (
    <SectionPage
      section="settings"
      beside={
        <Button appearance="primary" onClick={() => set(nothing)}>
          {words.add}
        </Button>
      }
    >
      <h2>{words.title}</h2>
      <p className="quiet">{words.text}</p>
      <News failure={null} said={[said === null ? null : { intent: 'success', text: said }]} />
      {!named && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {named && !named.seals && <p className="caution">{words.noKey}</p>}
      {named && <Missing named={named} onSet={set} />}
      {named && (
        <NamedTable
          items={named.items}
          onReplace={set}
          onRemove={(item) => {
            setRemoving(item)
            setOpen('remove')
          }}
        />
      )}
      <NamedValueDialog
        open={open === 'set'}
        given={asked}
        isThere={named?.items.some(({ name, kind }) => name === asked.name && kind === asked.kind) ?? false}
        seals={named?.seals ?? false}
        onClose={() => setOpen(null)}
        onSaved={(name) => done(words.saved(name))}
      />
      <ConfirmDialog
        open={open === 'remove'}
        title={words.removing.title(removing?.name ?? '')}
        text={words.removing.text(removing?.usedIn.length ?? 0)}
        submit={words.removing.submit}
        cancel={words.removing.cancel}
        act={async () => {
          const name = removing?.name ?? ''
          await api.removeNamedValue(name)
          done(words.removed(name))
        }}
        onClose={() => setOpen(null)}
      />
    </SectionPage>
  )
}

function Missing({ named: { missing }, onSet }: { named: NamedValues; onSet(given: Given): void }) {
  if (missing.length === 0) return null
  return (
    <section className="card settings-missing" aria-label={words.missing.title}>
      <h3>{words.missing.title}</h3>
      <ul>
        {missing.map(({ name, kind, usedIn }) => (
          <li key={`${kind} ${name}`} className="row">
            <span>{words.missing[kind](name, usedIn.map((flow) => flow.name).join(', '))}</span>
            <span className="space" />
            <Button onClick={() => onSet({ ...nothing, name, kind })}>{words.missing.set(name)}</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
