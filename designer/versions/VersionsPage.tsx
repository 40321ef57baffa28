'use client'
import { Button, useRestoreFocusTarget } from '@fluentui/react-components'
import { RemovedFlow } from '../flows/RemovedFlow.tsx'
import { Icon } from '../icons.tsx'
import { versionsMessages as words } from '../messages/versions.ts'
import { BackLink } from '../shell/BackLink.tsx'
import { refusal } from '../shell/error.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { momentOf } from '../shell/words.ts'
import type { FlowVersions } from '../wire.ts'
import { useVersionActions, type VersionActions } from './useVersionActions.ts'
import { useVersionList } from './useVersionList.ts'
import { VersionDialogs } from './VersionDialogs.tsx'
import { VersionNews } from './VersionNews.tsx'
import { VersionTable } from './VersionTable.tsx'
import './versions.css'

/** All that callers of a flow have heard, the draft that they do not hear yet, and the way back. */
export function VersionsPage({ flowId }: { flowId: string }) {
  return (
    <PageRoot>
      <Versions flowId={flowId} />
    </PageRoot>
  )
}

function Versions({ flowId }: { flowId: string }) {
  const { list, error, load, loadSoon, loadEarlier } = useVersionList(flowId)
  useCallEvents(loadSoon)
  if (list) {
    const ways = { onChange: () => void load(), onEarlier: () => void loadEarlier() }
    return <VersionList flowId={flowId} list={list} failed={error} {...ways} />
  }
  const removed = refusal(error, 'removed')
  if (removed) return <RemovedFlow flowId={flowId} removed={removed} onRestored={() => void load()} />
  return error ? <Failed error={error} onAgain={() => void load()} /> : <Loading />
}

type ListProps = { flowId: string; list: FlowVersions; failed: unknown; onChange(): void; onEarlier(): void }

function VersionList({ flowId, list, failed, onChange, onEarlier }: ListProps) {
  const actions = useVersionActions(flowId, onChange)
  const [latest] = list.versions
  return (
    <>
      <header className="bar versions-bar">
        <BackLink href={`/flows/${flowId}`} title={words.back} />
        <div className="cut">
          <h1 className="cut">{list.name}</h1>
          <p className="small quiet cut">{words.title}</p>
        </div>
      </header>
      <main className="page">
        <div className="page-column column">
          <p className="quiet">{words.intro}</p>
          <VersionNews actions={actions} failed={failed} />
          <DraftCard flowId={flowId} list={list} onDiscard={actions.askDiscard} />
          {latest ? (
            <VersionTable flowId={flowId} list={list} heard={latest.number} actions={actions} />
          ) : (
            <div className="card notice">
              <h2>{words.none.title}</h2>
              <p>{words.none.text}</p>
            </div>
          )}
          {list.more && (
            <Button className="versions-more" onClick={onEarlier}>
              {words.earlier}
            </Button>
          )}
          {list.kept.length > 0 && <Kept flowId={flowId} kept={list.kept} actions={actions} />}
        </div>
      </main>
      <VersionDialogs actions={actions} standing={{ draft: list.draft, heard: latest ?? null }} />
    </>
  )
}

function DraftCard(props: { flowId: string; list: FlowVersions; onDiscard(): void }) {
  const { flowId, list, onDiscard } = props
  const { draft, versions } = list
  const takesFocusBack = useRestoreFocusTarget()
  const published = versions.length > 0
  const state = !published ? words.draft.never : draft.changed ? words.draft.changed : words.draft.same
  return (
    <section className="card versions-draft row" aria-labelledby="draft">
      <span className="name-icon">
        <Icon name="pencil" />
      </span>
      <div className="versions-what">
        <h2 id="draft">{words.draft.title}</h2>
        <p>{state}</p>
        <p className="small quiet">{words.draft.by(momentOf(draft.updatedAt), draft.updatedBy)}</p>
      </div>
      <span className="space" />
      {published && draft.changed && (
        <Button {...takesFocusBack} onClick={onDiscard}>
          {words.draft.discard}
        </Button>
      )}
      <Button as="a" href={`/flows/${flowId}`}>
        {words.draft.open}
      </Button>
    </section>
  )
}

type KeptProps = {
  flowId: string
  kept: FlowVersions['kept']
  actions: VersionActions
}

function Kept({ flowId, kept, actions }: KeptProps) {
  const takesFocusBack = useRestoreFocusTarget()
  return (
    <section className="column versions-kept" aria-labelledby="kept">
      <h2 id="kept">{words.kept.title}</h2>
      <p className="quiet">{words.kept.text}</p>
      <ul className="card">
        {kept.map(({ id, at, by }) => (
          <li key={id} className="row">
            <a href={`/flows/${flowId}/versions/${id}`}>{words.kept.by(momentOf(at), by)}</a>
            <span className="space" />
            <Button {...takesFocusBack} onClick={() => actions.askRestore({ id, number: null })}>
              {words.restore.action}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
