import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepForgetting } from './forgetting.ts'

const hour = 60 * 60_000
const start = Date.UTC(2026, 10, 30)

beforeEach(() => vi.useFakeTimers({ now: start }))
afterEach(() => {
  vi.useRealTimers()
})

function run(historyDays: number, forget: (before: Date) => Promise<number>) {
  const stopping = new AbortController()
  const told: unknown[] = []
  const tell = (what: unknown) => told.push(what)
  const done = keepForgetting({ forget, historyDays, onForgotten: tell, onTrouble: tell, signal: stopping.signal })
  return { told, done, stop: () => stopping.abort() }
}

it('forgets what is older than it is to be kept, a while after the start and then every day', async () => {
  const forget = vi.fn(async (_: Date) => 3)
  const { told, done, stop } = run(180, forget)
  await vi.advanceTimersByTimeAsync(hour)
  expect(forget.mock.calls.map(([before]) => before)).toEqual([new Date(start + hour / 6 - 180 * 24 * hour)])
  await vi.advanceTimersByTimeAsync(48 * hour)
  expect(told).toEqual([3, 3, 3])
  stop()
  await done
})

it('tries again the next day when the database is away', async () => {
  const error = new Error('away')
  const forget = vi.fn(async (_: Date) => 1).mockRejectedValueOnce(error)
  const { told, done, stop } = run(1, forget)
  await vi.advanceTimersByTimeAsync(25 * hour)
  expect(told).toEqual([error, 1])
  stop()
  await done
})

it('keeps everything for good with 0 days', async () => {
  const forget = vi.fn(async (_: Date) => 1)
  await run(0, forget).done
  await vi.advanceTimersByTimeAsync(48 * hour)
  expect(forget).not.toHaveBeenCalled()
})
