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
import { useLoaded } from '../shell/useLoaded.ts'
import { errorWords } from '../shell/words.ts'
import type { FlowListItem } from '../wire.ts'
import { FlowTable } from './FlowTable.tsx'
import { matches } from './matches.ts'
import { NewFlowDialog } from './NewFlowDialog.tsx'
import { Tour } from './Tour.tsx'
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

function Flows() {
  const { local } = useMe()
  const { value: flows, error, reload } = useLoaded('flows', api.flows)
  useCallEvents(reload)
  const tour = useTour(flows)
  const takesFocusBack = useRestoreFocusTarget()
  const [search, setSearch] = useState('')
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<FlowListItem | null>(null)
  const [deleted, setDeleted] = useState<FlowListItem | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  async function addSample() {
    try {
      await api.createFlow(words.sampleName, 'sample')
      reload()
    } catch (error) {
      setFailure(error)
    }
  }

  async function restore({ id }: FlowListItem) {
    setDeleted(null)
    try {
      await api.restoreFlow(id)
      reload()
    } catch (error) {
      setFailure(error)
    }
  }

  async function remove() {
    if (!deleting) return
    await api.removeFlow(deleting.id)
    setDeleting(null)
    setDeleted(deleting)
    reload()
  }

  const hits = flows?.filter((flow) => matches(flow, search)) ?? []
  return (
    <SectionPage
      section="flows"
      onHelp={tour.toggle}
      beside={
        <>
          {flows && flows.length > 1 && (
            <Input
              className="flows-search"
              type="search"
              aria-label={words.search}
              placeholder={words.search}
              contentBefore={<Icon name="search" size={16} />}
              value={search}
              onChange={(_, { value }) => setSearch(value)}
            />
          )}
          <Button
            appearance={tour.shown || flows?.length === 0 ? 'secondary' : 'primary'}
            icon={<Icon name="plus" />}
            {...takesFocusBack}
            onClick={() => setCreating(true)}
          >
            {words.newFlow}
          </Button>
        </>
      }
    >
      <div aria-live="polite" className="flows-news">
        {failure !== null && (
          <MessageBar intent="error">
            <MessageBarBody>{errorWords(failure)}</MessageBarBody>
          </MessageBar>
        )}
        {deleted && (
          <MessageBar>
            <MessageBarBody>{words.removing.done(deleted.name)}</MessageBarBody>
            <MessageBarActions>
              <Button onClick={() => restore(deleted)}>{words.removing.restore}</Button>
            </MessageBarActions>
          </MessageBar>
        )}
      </div>

      {tour.shown && tour.flow && <Tour flow={tour.flow} canCall={local} onSkip={tour.toggle} />}

      {!flows && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {flows?.length === 0 && (
        <div className="card notice">
          <h2>{words.empty.title}</h2>
          <p>{words.empty.text}</p>
          <Button appearance="primary" onClick={addSample}>
            {words.empty.sample}
          </Button>
        </div>
      )}
      {hits.length > 0 && <FlowTable flows={hits} canCall={local} onDelete={setDeleting} />}
      {flows && flows.length > 0 && hits.length === 0 && (
        <div className="card notice" role="status">
          <p>{words.noHits(search)}</p>
          <Button onClick={() => setSearch('')}>{words.clear}</Button>
        </div>
      )}
      <NewFlowDialog open={creating} onClose={() => setCreating(false)} />
      <DeleteDialog
        open={deleting !== null}
        name={deleting?.name ?? ''}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </SectionPage>
  )
}
