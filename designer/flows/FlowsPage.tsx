'use client'
import {
  Button,
  Input,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  useRestoreFocusTarget,
} from '@fluentui/react-components'
import { useState } from 'react'
import { Icon } from '../icons.tsx'
import { flowsMessages as words } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { DeleteDialog } from '../shell/DeleteDialog.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot, useMe } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { useRested } from '../shell/useRested.ts'
import { errorWords } from '../shell/words.ts'
import type { FlowListItem, Imported } from '../wire.ts'
import { FlowTable } from './FlowTable.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { NewFlowDialog } from './NewFlowDialog.tsx'
import { Tour } from './Tour.tsx'
import { useDeletion } from './useDeletion.ts'
import { useFlowList } from './useFlowList.ts'
import { usePublishings } from './usePublishings.ts'
import { useTour } from './useTour.ts'
import './flows.css'

/** All flows of the tenant: what answers, what is wrong, who called last. */
export function FlowsPage() {
  return (
    <PageRoot>
      <Flows />
    </PageRoot>
  )
}

/** How long the search rests before the server is asked. */
const searchRestMs = 250

function Flows() {
  const { local } = useMe()
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<'changed' | 'name'>('changed')
  const searched = useRested(search.trim(), searchRestMs)
  const { list, error, reload, reloadSoon, more } = useFlowList(searched, sort)
  useCallEvents(reloadSoon)
  const publishings = usePublishings(reload)
  const flows = list?.flows ?? null
  // Of all flows, as they are shown first.
  const tour = useTour(searched === '' && sort === 'changed' && list?.next === null ? flows : null)
  const takesFocusBack = useRestoreFocusTarget()
  const [dialog, setDialog] = useState<'create' | 'import' | null>(null)
  const [deleting, setDeleting] = useState<FlowListItem | null>(null)
  const deletion = useDeletion(reload)
  const [failure, setFailure] = useState<unknown>(null)

  async function addSample() {
    try {
      await api.createFlow(words.sampleName, 'sample')
      await reload()
    } catch (error) {
      setFailure(error)
    }
  }
  async function remove() {
    if (!deleting) return
    await deletion.remove(deleting)
    setDeleting(null)
  }

  const none = list?.total === 0 && searched === ''
  return (
    <SectionPage
      section="flows"
      onHelp={tour.toggle}
      beside={
        <>
          {(search !== '' || (list && list.total > 1)) && <Search value={search} onChange={setSearch} />}
          <Button icon={<Icon name="download" />} {...takesFocusBack} onClick={() => setDialog('import')}>
            {words.importing.action}
          </Button>
          <Button
            appearance={tour.shown || none ? 'secondary' : 'primary'}
            icon={<Icon name="plus" />}
            {...takesFocusBack}
            onClick={() => setDialog('create')}
          >
            {words.newFlow}
          </Button>
        </>
      }
    >
      <DeletionNews deletion={deletion} failure={failure} />

      {tour.shown && tour.flow && <Tour flow={tour.flow} canCall={local} onSkip={tour.toggle} />}

      {!list && (error ? <Failed error={error} onAgain={() => void reload()} /> : <Loading />)}
      {none && (
        <div className="card notice">
          <h2>{words.empty.title}</h2>
          <p>{words.empty.text}</p>
          <Button appearance="primary" onClick={addSample}>
            {words.empty.sample}
          </Button>
        </div>
      )}
      {list && list.flows.length > 0 && (
        <FlowTable
          flows={list.flows}
          publishings={publishings}
          sort={sort}
          onSort={setSort}
          canCall={local}
          onDelete={setDeleting}
        />
      )}
      {list && list.total === 0 && searched !== '' && (
        <div className="card notice" role="status">
          <p>{words.noHits(searched)}</p>
          <Button onClick={() => setSearch('')}>{words.clear}</Button>
        </div>
      )}
      <div className="row flows-foot">
        {list && list.total > 0 && (
          <p className="small quiet" role="status">
            {words.count(list.flows.length, list.total)}
          </p>
        )}
        {list?.next != null && <Button onClick={() => void more()}>{words.more}</Button>}
        <span className="space" />
        <a href="/flows/deleted">{words.removed.title}</a>
      </div>
      <NewFlowDialog open={dialog === 'create'} onClose={() => setDialog(null)} />
      <ImportDialog
        open={dialog === 'import'}
        title={words.importing.title}
        hint={words.importing.hint}
        submit={words.importing.submit}
        take={async (flow) => {
          const imported = await api.importFlow(flow)
          void reload()
          return { id: imported.id, said: importedWords(imported, flow.name) }
        }}
        onClose={() => setDialog(null)}
      />
      <DeleteDialog
        open={deleting !== null}
        name={deleting?.name ?? ''}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </SectionPage>
  )
}

/** What has come of the file: what is otherwise than it says is said too. */
const importedWords = ({ name, blocks, unknown }: Imported, was: string): string[] => [
  words.importing.done(name, blocks),
  ...(name === was ? [] : [words.importing.renamed(name, was)]),
  ...(unknown.length === 0 ? [] : [words.importing.unknown(unknown)]),
]

function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <Input
      className="flows-search"
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      contentBefore={<Icon name="search" size={16} />}
      value={value}
      maxLength={200}
      onChange={(_, data) => onChange(data.value)}
    />
  )
}

type Deletion = ReturnType<typeof useDeletion>

/** What was deleted and what failed, said at once, with the way back. */
function DeletionNews({ deletion, failure }: { deletion: Deletion; failure: unknown }) {
  const { deleted, restored, restore } = deletion
  const failed = failure ?? deletion.failure
  return (
    <div aria-live="polite" className="flows-news">
      {failed !== null && (
        <MessageBar intent="error">
          <MessageBarBody>{errorWords(failed)}</MessageBarBody>
        </MessageBar>
      )}
      {deleted && (
        <MessageBar>
          <MessageBarBody>{words.removing.done(deleted.name)}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => void restore()}>{words.removing.restore}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {restored && (
        <MessageBar intent={restored.length > 1 ? 'warning' : 'success'} layout="multiline">
          <MessageBarBody>{restored.join(' ')}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
