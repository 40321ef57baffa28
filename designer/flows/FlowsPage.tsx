'use client'
import { Button, Input, useRestoreFocusTarget } from '@fluentui/react-components'
import { useState } from 'react'
import type { Bundle } from '#flow/bundle.ts'
import { Icon } from '../icons.tsx'
import { flowsMessages as words } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { DeleteDialog } from '../shell/DeleteDialog.tsx'
import { News, restoredNews } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot, useMe } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { useRested } from '../shell/useRested.ts'
import type { FlowList, FlowListItem } from '../wire.ts'
import { FlowTable } from './FlowTable.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { importFlow } from './importFlow.ts'
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
  const [deleting, setDeleting] = useState<FlowListItem | null>(null)
  const deletion = useDeletion(reload)
  const [failure, setFailure] = useState<unknown>(null)

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
          <WaysToMake appearance={tour.shown || none ? 'secondary' : 'primary'} onImported={() => void reload()} />
        </>
      }
    >
      <News
        failure={failure ?? deletion.failure}
        said={[
          deletion.deleted && {
            text: words.removing.done(deletion.deleted.name),
            action: <Button onClick={() => void deletion.restore()}>{words.removing.restore}</Button>,
          },
          deletion.restored && restoredNews(deletion.restored),
        ]}
      />

      {tour.shown && tour.flow && <Tour flow={tour.flow} canCall={local} onSkip={tour.toggle} />}

      {!list && (error ? <Failed error={error} onAgain={() => void reload()} /> : <Loading />)}
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
      {none && <NoFlows onAdd={() => void addSample().then(reload, setFailure)} />}
      {list?.total === 0 && !none && <NoHits of={searched} onClear={() => setSearch('')} />}
      <Foot list={list} onMore={() => void more()} />
      <DeleteDialog
        open={deleting !== null}
        name={deleting?.name ?? ''}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </SectionPage>
  )
}

type MakeProps = { appearance: 'primary' | 'secondary'; onImported(): void }

/** How a flow comes here: begun anew on a page of its own, or by a file. */
function WaysToMake({ appearance, onImported }: MakeProps) {
  const takesFocusBack = useRestoreFocusTarget()
  const [importing, setImporting] = useState(false)
  const { action, title, hint, submit } = words.importing
  async function take(bundle: Bundle) {
    const taken = await importFlow(bundle)
    onImported()
    return taken
  }
  return (
    <>
      <Button icon={<Icon name="download" />} {...takesFocusBack} onClick={() => setImporting(true)}>
        {action}
      </Button>
      <Button as="a" href="/flows/new" appearance={appearance} icon={<Icon name="plus" />}>
        {words.newFlow}
      </Button>
      <ImportDialog open={importing} {...{ title, hint, submit, take }} onClose={() => setImporting(false)} />
    </>
  )
}

const addSample = () => api.createFlow({ name: words.sampleName, from: 'sample' })

const NoFlows = ({ onAdd }: { onAdd(): void }) => (
  <div className="card notice">
    <h2>{words.empty.title}</h2>
    <p>{words.empty.text}</p>
    <Button appearance="primary" onClick={onAdd}>
      {words.empty.sample}
    </Button>
  </div>
)

const NoHits = ({ of, onClear }: { of: string; onClear(): void }) => (
  <div className="card notice" role="status">
    <p>{words.noHits(of)}</p>
    <Button onClick={onClear}>{words.clear}</Button>
  </div>
)

const Foot = ({ list, onMore }: { list: FlowList | null; onMore(): void }) => (
  <div className="row flows-foot">
    {list && list.total > 0 && (
      <p className="small quiet" role="status">
        {words.count(list.flows.length, list.total)}
      </p>
    )}
    {list?.next != null && <Button onClick={onMore}>{words.more}</Button>}
    <span className="space" />
    <a href="/flows/deleted">{words.removed.title}</a>
  </div>
)

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
