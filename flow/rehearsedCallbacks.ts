import type { Callback, Command, FlowEvent } from './talk.ts'

type Noted = Callback & { since: number; times: number }

export type RehearsedCallbacks = {
  readonly list: readonly Noted[]
  /** The same, to be changed by itself. */
  fork(): RehearsedCallbacks
  answer(
    command: Extract<Command, { type: 'createCallback' }>,
    now: number,
  ): Extract<FlowEvent, { type: 'callbackKept' }>
}

/** The list of callbacks of a call without a telephone, in memory: answers what flows put on it, as the database would. */
export function rehearsedCallbacks(given: readonly Noted[] = []): RehearsedCallbacks {
  const list = [...given]
  return {
    list,
    fork: () => rehearsedCallbacks(list),
    answer({ visit, callback, mergeMs }, now) {
      const { number, due, name, reason, owner, typed } = callback
      const at = list.findIndex((one) => one.number === number && one.owner === owner && one.since > now - mergeMs)
      const there = list[at]
      if (there) {
        list[at] = {
          ...there,
          times: there.times + 1,
          due: Math.min(there.due, due),
          name: (!typed && name) || there.name,
          reason: (!typed && reason) || there.reason,
        }
      } else list.push({ ...callback, since: now, times: 1 })
      return { type: 'callbackKept', visit, merged: there !== undefined }
    },
  }
}
