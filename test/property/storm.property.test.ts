import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { numbers } from './faultLine.ts'
import { figuresOf, openStormLine, type Storm, type StormLine, wrongsOf } from './storm.ts'

/** B6 and R6. `npm run nightly` has twenty storms, and one of ten minutes. */

const storms = Number(process.env.STORMS ?? 3)

let line: StormLine
beforeAll(async () => {
  line = await openStormLine()
})
afterAll(() => line.close())
beforeEach(() => {
  vi.restoreAllMocks()
})

/**
 * Of the callers in such a storm one in ten gets no answer that Graph takes in 15 s, whatever a bot does: `Retry-After` is kept, and is
 * 5.5 s on the average. They hear that it is busy.
 */
async function weather(storm: Storm) {
  vi.spyOn(Math, 'random').mockImplementation(numbers(storm.seed))
  const run = await line.run(storm)
  expect(wrongsOf(run)).toEqual([])
  const figures = figuresOf(run)
  expect(figures.callers).toBe(storm.callers)
  expect(figures.answered).toBeGreaterThanOrEqual(storm.callers * 0.8)
  expect(figures.rangOut).toBeLessThanOrEqual(storm.callers / 20)
  expect(figures.notServed).toBeLessThanOrEqual(figures.answered / 20)
  expect(figures.sentToNeeded).toBeGreaterThan(1.3)
  expect(figures.sentToNeeded).toBeLessThanOrEqual(3)
  // A call asks for one thing at a time, and how it stands.
  expect(figures.mostUnderWay).toBeLessThanOrEqual(storm.callers)
  return figures
}

it.each(Array.from({ length: storms }, (_, n) => n + 1))(
  'storm %i of 50 s: who calls is answered in time or turned away, and is served; nothing goes out too early or after the end',
  async (seed) => {
    await weather({ seed, lastsMs: 50_000, callers: 40 })
  },
  120_000,
)

it('the login service may storm as well', async () => {
  const more = [
    { on: { operation: 'token' }, do: { status: 429, retryAfterSeconds: 2 }, times: 1 },
    { on: { operation: 'token' }, do: { status: 503 }, times: 2 },
    { on: { operation: 'token' }, do: { cut: true }, times: 1 },
  ]
  await weather({ seed: 1, lastsMs: 50_000, callers: 40, more })
}, 120_000)

// None where nobody asks for storms: CI counts a test that is skipped as one that failed.
it.each(process.env.STORMS ? [600_000] : [])(
  'ten minutes of it (%i ms), with a hundred calls a minute: R6',
  async (lastsMs) => {
    await weather({ seed: 1, lastsMs, callers: 1_000 })
  },
  1_800_000,
)
