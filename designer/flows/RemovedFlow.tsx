import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { flowsMessages } from '../messages/flows.ts'
import { shellMessages } from '../messages/shell.ts'
import { api } from '../shell/api.ts'
import { errorWords, momentOf, whenOf } from '../shell/words.ts'
import type { ErrorDetails } from '../wire.ts'
import { restoredWords } from './restoredWords.ts'

const words = flowsMessages.removed

type Props = { flowId: string; removed: ErrorDetails['removed']; onRestored(): void }

/** At the address of a deleted flow: what became of it, and the way back. */
export function RemovedFlow({ flowId, removed: { name, deletedAt, deletedBy, until }, onRestored }: Props) {
  const [failure, setFailure] = useState<unknown>(null)
  const [said, setSaid] = useState<string[]>([])

  async function restore() {
    try {
      const restored = await api.restoreFlow(flowId)
      const more = restoredWords(name, restored).slice(1)
      // What came back otherwise than it was is read before the flow is seen.
      if (more.length === 0) onRestored()
      else setSaid(restoredWords(name, restored))
    } catch (error) {
      setFailure(error)
    }
  }

  if (said.length > 0) {
    return (
      <main className="notice" role="status">
        {said.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <Button appearance="primary" onClick={onRestored}>
          {words.open}
        </Button>
      </main>
    )
  }
  return (
    <main className="notice">
      <h1>{words.here.title(name)}</h1>
      <p>{words.here.text(momentOf(deletedAt), deletedBy, whenOf(until))}</p>
      {failure !== null && (
        <p className="bad" role="alert">
          {errorWords(failure)}
        </p>
      )}
      <div className="row">
        <Button appearance="primary" onClick={() => void restore()}>
          {flowsMessages.removing.restore}
        </Button>
        <Button as="a" href="/flows">
          {shellMessages.toFlows}
        </Button>
      </div>
    </main>
  )
}
