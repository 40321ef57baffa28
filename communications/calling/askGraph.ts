import type { CallRef, Options } from '../requests/ask.ts'
import type { Client } from '../requests/client.ts'
import { GraphError } from '../road/error.ts'
import type { Ask, News } from './followed.ts'

/** What `follow` wants to know of Graph; the other asks are timers. */
export type Question = Exclude<Ask, { type: 'wait' | 'cancel' }>

type Asked = {
  calls: Pick<Client['calls'], 'get' | 'getOperation' | 'keepAlive'>
  participants?: Pick<Client['participants'], 'list'>
}

/** Puts a question to Graph, and gives what comes of it as news. Never rejects: what went wrong is told to `onError`. */
export async function askGraph(
  question: Question,
  ref: CallRef,
  { calls, participants }: Asked,
  options: Options,
  onError: (error: unknown) => void,
): Promise<News> {
  switch (question.type) {
    case 'getCall': {
      const { since, about } = question
      const answer = await ofCall(() => calls.get(ref, options), onError)
      return 'gone' in answer ? answer.gone : { type: 'call', call: answer.value, since, about }
    }
    case 'getOperation': {
      const { context, id } = question
      // No page documents this request, so a refusal of it says nothing.
      return { type: 'operation', context, operation: await calls.getOperation(ref, id, options).catch(() => null) }
    }
    case 'listParticipants':
      try {
        return { type: 'participants', participants: (await participants?.list(ref, options)) ?? null }
      } catch (error) {
        onError(error)
        return { type: 'participants', participants: null }
      }
    case 'keepAlive': {
      const answer = await ofCall(() => calls.keepAlive(ref, options).then(() => true), onError)
      return 'gone' in answer ? answer.gone : { type: 'keptAlive', isDone: answer.value !== null }
    }
  }
}

/** Graph's answer of the call itself: null when it cannot tell, or the news that it knows the call no more. */
async function ofCall<T>(
  send: () => Promise<T>,
  onError: (error: unknown) => void,
): Promise<{ value: T | null } | { gone: News }> {
  try {
    return { value: await send() }
  } catch (error) {
    if (error instanceof GraphError && error.gone) return { gone: { type: 'gone', of: 'call', subcode: error.subcode } }
    onError(error)
    return { value: null }
  }
}
