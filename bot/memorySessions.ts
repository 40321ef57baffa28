import { BoundedMap } from '#ground/boundedMap.ts'
import type { Session, Sessions } from './session.ts'

/** Ids of ended calls that are remembered: late notifications come within seconds. */
const mostEnded = 10_000

/** Live calls in the memory of this process. A restart loses them; see decisions/live-calls.md. */
export function createMemorySessions(): Sessions {
  const live = new Map<string, Session>()
  const ended = new BoundedMap<string, true>(mostEnded)
  return {
    load: (callId) => live.get(callId) ?? (ended.has(callId) ? 'over' : undefined),
    save(session, before) {
      if ((live.get(session.callId)?.revision ?? null) !== before) return false
      live.set(session.callId, session)
      return true
    },
    end(callId) {
      live.delete(callId)
      ended.set(callId, true)
    },
    live: () => live.values(),
    get count() {
      return live.size
    },
  }
}
