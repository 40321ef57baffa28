import { Button, Field, Input, Radio, RadioGroup, Textarea } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { mostNamedCharacters, NamedValueName } from '#flow/named.ts'
import { hostOf } from '#ground/hosts.ts'
import { settingsMessages } from '../messages/settings.ts'
import { api } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { errorWords } from '../shell/words.ts'
import type { NamedItem } from '../wire.ts'

const words = settingsMessages.form

/** What the dialog begins with; one that is there, or that flows name, has its name and kind already. */
export type Given = Pick<NamedItem, 'name' | 'kind' | 'hosts'>

type Props = {
  open: boolean
  given: Given
  /** It is set already: a secret may stay what it is. */
  isThere: boolean
  seals: boolean
  onClose(): void
  onSaved(name: string): void
}

/** Sets a value or a secret, or replaces it. What it was is not shown. */
export const NamedValueDialog = ({ open, ...form }: Props) => (
  <DialogFrame open={open} onClose={form.onClose}>
    <Form {...form} />
  </DialogFrame>
)

function Form({ given, isThere, seals, onClose, onSaved }: Omit<Props, 'open'>) {
  const isNew = given.name === ''
  const [name, setName] = useState(given.name)
  const [kind, setKind] = useState(given.kind)
  const [text, setText] = useState('')
  const [hosts, setHosts] = useState(given.hosts.join(', '))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const mayStay = isThere && kind === 'secret'
  const read = hostsIn(hosts)
  const areHosts = read.every((host) => host !== null)
  const isReady =
    NamedValueName.safeParse(name).success && (text.trim() !== '' || mayStay) && (kind === 'value' || areHosts)

  async function save(event: FormEvent) {
    event.preventDefault()
    if (!isReady || busy) return
    setBusy(true)
    try {
      const secret = text.trim() === '' ? null : text
      const goesTo = read.flatMap((host) => host ?? [])
      await api.setNamedValue(name, kind === 'value' ? { kind, text } : { kind, text: secret, hosts: goesTo })
      onSaved(name)
    } catch (error) {
      setFailure(errorWords(error))
    }
    setBusy(false)
  }

  return (
    <form onSubmit={save} autoComplete="off">
      <DialogSheet
        title={isNew ? words.title : words.titleOf(given.name)}
        fault={failure}
        actions={
          <>
            <Button onClick={onClose}>{words.cancel}</Button>
            <Button type="submit" appearance="primary" disabledFocusable={busy || !isReady}>
              {words.submit}
            </Button>
          </>
        }
      >
        {isNew && <WhatItIs {...{ kind, name, seals }} onKind={setKind} onName={setName} />}
        <Field label={words.text} required={!mayStay} {...(mayStay && { hint: words.textStays })}>
          {kind === 'secret' ? (
            <Input
              type="password"
              autoComplete="new-password"
              value={text}
              maxLength={mostNamedCharacters}
              onChange={(_, data) => setText(data.value)}
            />
          ) : (
            <Textarea value={text} maxLength={mostNamedCharacters} onChange={(_, data) => setText(data.value)} />
          )}
        </Field>
        {kind === 'secret' && <Hosts value={hosts} isFine={areHosts} onChange={setHosts} />}
      </DialogSheet>
    </form>
  )
}

/** What somebody has written between commas, each as a host or null. */
const hostsIn = (text: string) =>
  text
    .split(',')
    .filter((host) => host.trim() !== '')
    .map(hostOf)

type WhatProps = Pick<Given, 'kind' | 'name'> & {
  seals: boolean
  onKind(kind: Given['kind']): void
  onName(name: string): void
}

const WhatItIs = ({ kind, name, seals, onKind, onName }: WhatProps) => (
  <>
    <Field label={words.kind} hint={words.kindHint[kind]}>
      <RadioGroup
        layout="horizontal"
        value={kind}
        onChange={(_, data) => onKind(data.value === 'secret' ? 'secret' : 'value')}
      >
        <Radio value="value" label={settingsMessages.kinds.value} />
        <Radio value="secret" label={settingsMessages.kinds.secret} disabled={!seals} />
      </RadioGroup>
    </Field>
    <Field label={words.name} hint={words.nameHint} required>
      <Input value={name} maxLength={64} onChange={(_, data) => onName(data.value)} />
    </Field>
  </>
)

const Hosts = ({ value, isFine, onChange }: { value: string; isFine: boolean; onChange(value: string): void }) => (
  <Field label={words.hosts} hint={words.hostsHint} {...faultProps(isFine ? undefined : words.notHosts)}>
    <Input value={value} maxLength={2_000} placeholder="crm.example.com" onChange={(_, data) => onChange(data.value)} />
  </Field>
)
