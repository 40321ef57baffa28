import { type CallGroup, type CallItem, placeOf } from '../wire.ts'

export type Page = { calls: readonly CallItem[]; more: boolean }
export type Groups = Readonly<Record<CallGroup, Page>>

export const groupNames = ['notReached', 'now', 'earlier'] as const satisfies CallGroup[]

/**
 * The first pages as they were just read, with the older pages that are known behind them: nothing twice, and a call that has come to
 * another group stands there only.
 */
export function refreshed(fresh: Groups, known: Groups | null): Groups {
  const read = new Set(groupNames.flatMap((name) => fresh[name].calls.map(({ id }) => id)))
  const withOlder = (name: CallGroup): Page => {
    const { calls, more } = fresh[name]
    const last = calls.at(-1)
    const older =
      known && more && last ? known[name].calls.filter((call) => !read.has(call.id) && isBehind(call, last)) : []
    return older.length > 0 && known ? { calls: [...calls, ...older], more: known[name].more } : { calls, more }
  }
  // A call that ends leaves the group of those that run: what is not read there again runs no more.
  return { notReached: withOlder('notReached'), now: fresh.now, earlier: withOlder('earlier') }
}

/** A group with one more page behind it. */
export function withPage(groups: Groups, name: CallGroup, page: Page): Groups {
  const known = new Set(groups[name].calls.map(({ id }) => id))
  const calls = [...groups[name].calls, ...page.calls.filter(({ id }) => !known.has(id))]
  return { ...groups, [name]: { calls, more: page.more } }
}

const isBehind = (call: CallItem, last: CallItem): boolean => placeOf(call) < placeOf(last)
