import { expect, it } from 'vitest'
import { choose, chosenCall, createKnown, hear, maxRows, rowsShown } from './known.js'
import type { News } from './pageRoutes.ts'
import type { Call } from './rows.js'

const call = (id: string) => ({ id, conversation: { participants: [] } }) as unknown as Call // what is asked of it here
const news = (more: object): News => ({
  instance: 'one',
  whole: false,
  now: Date.now(),
  calls: [],
  gone: [],
  entries: [],
  traffic: [],
  rings: [],
  firstKept: 0,
  ...more,
})
const entries = (callId: string, count: number) =>
  Array.from({ length: count }, (_none, n) => ({
    kind: 'cancelled',
    callId,
    n: n + 1,
    at: new Date(n * 1000).toISOString(),
    ms: n,
    operationIds: [],
  }))

it('keeps the newest rows, and says that others were left out', () => {
  const known = createKnown()
  hear(known, news({ calls: [call('a')], entries: entries('a', maxRows) }))
  expect(known.isCut).toBe(false)
  hear(known, news({ entries: entries('b', maxRows + 3) }))
  expect([rowsShown(known).length, known.isCut]).toEqual([maxRows, true])
})

it('shows the rows of the chosen call alone, and lets a call go that is no longer kept', () => {
  const known = createKnown()
  hear(known, news({ calls: [call('a'), call('b')], entries: [...entries('a', 2), ...entries('b', 3)] }))
  choose(known, 'b')
  expect([chosenCall(known)?.id, rowsShown(known).length]).toEqual(['b', 3])
  hear(known, news({ gone: ['b'] }))
  expect([chosenCall(known), known.chosenId, rowsShown(known).length]).toEqual([undefined, null, 2])
})

it('begins anew with another emulator, and forgets what the whole of the news does not tell', () => {
  const known = createKnown()
  hear(known, news({ calls: [call('a'), call('b')], entries: entries('a', 2) }))
  hear(known, news({ whole: true, calls: [call('b')] }))
  expect([[...known.calls.keys()], known.rows.size]).toEqual([['b'], 0])
  hear(known, news({ instance: 'two', calls: [call('c')] }))
  expect([...known.calls.keys()]).toEqual(['c'])
})
