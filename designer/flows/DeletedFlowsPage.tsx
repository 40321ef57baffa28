'use client'
import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { News, restoredNews } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { whenOf } from '../shell/words.ts'
import type { RemovedItem } from '../wire.ts'
import { restoredWords } from './restoredWords.ts'
import './flows.css'

const words = flowsMessages.removed

/** Flows that were deleted within the last 30 days, and the way back. */
export function DeletedFlowsPage() {
  return (
    <PageRoot>
      <DeletedFlows />
    </PageRoot>
  )
}

function DeletedFlows() {
  const { value: flows, error, reload } = useLoaded('removed flows', api.removedFlows)
  const [restored, setRestored] = useState<{ id: string; said: string[] } | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  async function restore({ id, name }: RemovedItem) {
    setFailure(null)
    try {
      setRestored({ id, said: restoredWords(name, await api.restoreFlow(id)) })
      reload()
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <SectionPage
      section="flows"
      title={words.title}
      beside={
        <Button as="a" href="/flows">
          {words.back}
        </Button>
      }
    >
      <p className="quiet">{words.text}</p>
      <News
        failure={failure}
        said={[
          restored &&
            restoredNews(
              restored.said,
              <Button as="a" href={`/flows/${restored.id}`}>
                {words.open}
              </Button>,
            ),
        ]}
      />
      {!flows && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {flows?.length === 0 && (
        <div className="card notice">
          <h2>{words.none.title}</h2>
          <p>{words.none.text}</p>
        </div>
      )}
      {flows && flows.length > 0 && <DeletedTable flows={flows} onRestore={(flow) => void restore(flow)} />}
    </SectionPage>
  )
}

function DeletedTable({ flows, onRestore }: { flows: RemovedItem[]; onRestore(flow: RemovedItem): void }) {
  const { flow, deleted, left, answered, actions } = words.columns
  return (
    <div className="card flows-card">
      <table className="list flows-table flows-deleted">
        <thead>
          <tr>
            <th style={{ width: '32%' }}>{flow}</th>
            <th style={{ width: '20%' }}>{deleted}</th>
            <th style={{ width: '18%' }}>{left}</th>
            <th>{answered}</th>
            <th style={{ width: 120 }}>
              <span className="unseen">{actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {flows.map((item) => (
            <tr key={item.id}>
              <td>
                <div className="strong cut">{item.name}</div>
                <div className="small quiet">
                  {item.version === null
                    ? flowsMessages.status.never
                    : flowsMessages.status.version(item.version, false)}
                </div>
              </td>
              <td>
                <span className="whole">{whenOf(item.deletedAt)}</span>
                <div className="small quiet cut">{item.deletedBy}</div>
              </td>
              <td>{words.left(daysUntil(item.until))}</td>
              <td className="cut">
                <Answered answered={item.answered} />
              </td>
              <td>
                <div className="flows-actions">
                  <Button aria-label={words.restore(item.name)} onClick={() => onRestore(item)}>
                    {flowsMessages.removing.restore}
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const daysUntil = (iso: string): number => Math.ceil((Date.parse(iso) - Date.now()) / 86_400_000)

const Answered = ({ answered }: Pick<RemovedItem, 'answered'>) =>
  answered.length === 0 ? (
    <span className="quiet">{words.nothing}</span>
  ) : (
    answered.map((called) => (called === 'default' ? flowsMessages.answers.default : called)).join(', ')
  )
