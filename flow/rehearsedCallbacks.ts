import type { Callback, Command, FlowEvent } from './talk.ts'

/** The list of callbacks of a call without a telephone, in memory: answers what flows put on it, as the database would. */
export function rehearsedCallbacks() {
  const list: (Callback & { since: number; times: number })[] = []
  return {
    list: list as readonly (Callback & { times: number })[],
    answer({ visit, callback, mergeMs }: Extract<Command, { type: 'createCallback' }>, now: number): FlowEvent {
      const there = list.find(({ number, since }) => number === callback.number && since > now - mergeMs)
      if (there) {
        const { due, name, reason, owner } = callback
        there.times += 1
        there.due = Math.min(there.due, due)
        there.name = name || there.name
        there.reason = reason || there.reason
        there.owner = there.owner || owner
      } else list.push({ ...callback, since: now, times: 1 })
      return { type: 'callbackKept', visit, merged: there !== undefined }
    },
  }
}
