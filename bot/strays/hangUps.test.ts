import { getEventListeners } from 'node:events'
import { expect, it, vi } from 'vitest'
import { GraphError } from '#communications/road/error.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import { sleep } from '#ground/clock.ts'
import { createHangUps } from './hangUps.ts'
import type { Stray } from './stray.ts'
import { stray } from './testing/strays.ts'

function hangUpsWith(hangUp: (id: string, signal?: AbortSignal) => Promise<void>) {
  const clock = manualClock()
  const stop = new AbortController()
  const asked: { id: string; at: number }[] = []
  const gone: Stray[] = []
  const hangUps = createHangUps({
    calls: {
      async hangUp({ id }, hooks) {
        asked.push({ id, at: clock.now() })
        await hangUp(id, hooks?.signal)
      },
    },
    clock,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: stop.signal,
    onGone: (one) => void gone.push(one),
  })
  return { clock, stop, asked, gone, hangUps }
}

const oldestFirst = (count: number) => Array.from({ length: count }, (_, n) => stray({ at: 1_000 + n }))
const refusal = () => Promise.reject(new GraphError({ code: 'serviceUnavailable', operation: 'hangUp', status: 503 }))

it('hangs up 100 a second, the oldest first, in whatever order they come', async () => {
  const { clock, asked, gone, hangUps } = hangUpsWith(async () => {})
  const strays = oldestFirst(400)
  hangUps.add([...strays].reverse())
  await clock.pass(1_000)
  expect(asked.length).toBeGreaterThanOrEqual(100)
  expect(asked.length).toBeLessThanOrEqual(112)
  await clock.pass(3_000)
  expect(asked.map(({ id }) => id)).toEqual(strays.map(({ graphCallId }) => graphCallId))
  expect(gone).toEqual(strays)
  expect([hangUps.waiting, clock.waiting()]).toEqual([0, 0])
})

it('takes what comes later that is older before what waits', async () => {
  const { clock, asked, hangUps } = hangUpsWith(async () => {})
  hangUps.add(oldestFirst(50))
  await clock.pass(100)
  const older = stray({ at: 1 })
  hangUps.add([older])
  await clock.pass(20)
  expect(asked.slice(-2).map(({ id }) => id)).toContain(older.graphCallId)
})

it('says that a call is gone only when Graph has, and tries until then, however long Graph refuses', async () => {
  let refuses = true
  const { clock, asked, gone, hangUps } = hangUpsWith(() => (refuses ? refusal() : Promise.resolve()))
  hangUps.add(oldestFirst(20))
  await clock.pass(2 * 3_600_000)
  expect(gone).toEqual([])
  expect(asked.length).toBeGreaterThan(20 * 100)
  refuses = false
  await clock.pass(61_000)
  expect(gone).toHaveLength(20)
})

it('does not let those that Graph refuses or leaves unanswered hold up the others', async () => {
  const strays = oldestFirst(200)
  const stuck = new Set(strays.slice(0, 100).map(({ graphCallId }) => graphCallId))
  const { clock, gone, hangUps } = hangUpsWith((id) => (stuck.has(id) ? new Promise(() => {}) : Promise.resolve()))
  hangUps.add(strays)
  await clock.pass(2_100)
  expect(gone).toHaveLength(100)
})

it('lets as many as are under way listen to its end, and no longer', async () => {
  const warned = vi.fn()
  process.on('warning', warned)
  const { clock, stop, gone, hangUps } = hangUpsWith(async (_id, signal) => {
    if (signal) await sleep(clock, 5_000, signal) // as the road to Graph does
  })
  hangUps.add(oldestFirst(400))
  await clock.pass(4_500)
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(301)
  await clock.pass(20_000)
  expect(gone).toHaveLength(400)
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
  await new Promise(setImmediate) // Node warns a moment later.
  process.off('warning', warned)
  expect(warned.mock.calls.map(([{ name }]) => name)).not.toContain('MaxListenersExceededWarning')
})

it('hangs up once what is found twice, and nothing once it is stopped', async () => {
  const { clock, stop, asked, hangUps } = hangUpsWith(() => refusal())
  const [one] = oldestFirst(1)
  if (one) hangUps.add([one, one])
  await clock.pass(1_000)
  expect(asked).toHaveLength(1)
  stop.abort()
  await clock.pass(600_000)
  expect(asked).toHaveLength(1)
  expect(clock.waiting()).toBe(0)
})
