import { setTimeout as wait } from 'node:timers/promises'
import { expect, inject, it, onTestFinished, vi } from 'vitest'
import { callIn } from './caller.ts'
import { openPlace, runCrashes } from './crashRun.ts'

/**
 * No caller is ever forgotten (decisions/no-caller-forgotten.md). `npm run nightly` runs 50 seeds of 200 calls by these settings.
 */
const seeds = Number(process.env.CRASH_SEEDS ?? 1)
const calls = Number(process.env.CRASH_CALLS ?? 40)
const first = Number(process.env.CRASH_FIRST ?? 1)

it.each(Array.from({ length: seeds }, (_, n) => first + n))(
  `${calls} calls and three crashes: nobody stays on the line, and nobody is lost who was served (seed %i)`,
  { timeout: 240_000 },
  async (seed) => {
    // A folder that goes with its process costs the silence of 45 s, so not in every run.
    const losesFolder = seeds > 1 && seed % 10 === 0
    const { wrongs, ...came } = await runCrashes(inject('postgresUrl'), { seed, calls, crashes: 3, losesFolder })
    if (seeds > 1)
      process.stdout.write(`seed ${seed}: ${JSON.stringify({ wrongs: wrongs.length, ...came, losesFolder })}\n`)
    expect(wrongs).toEqual([])
    expect(came.answered).toBeGreaterThan(calls / 10)
    expect(came.lost).toBeGreaterThan(0)
  },
)

it('a second bot on the same database ends no call of the first while that lives, and hangs up its callers when it is killed (B8)', {
  timeout: 120_000,
}, async () => {
  const place = await openPlace(inject('postgresUrl'))
  onTestFinished(() => place.close())
  await place.start()
  await place.somebodyIsAnswered()
  const callers = await Promise.all(Array.from({ length: 20 }, () => callIn(place.control, {}, 30_000)))
  // Some may be turned away: on a busy machine a bot that has just begun is late.
  await Promise.allSettled(callers.map(({ hears }) => hears('For sales')))
  const of = (ids: readonly string[]) => ids.filter((id) => callers.some((caller) => caller.id === id)).length
  const lost = async () =>
    of((await place.rows()).filter((row) => row.outcome === 'lost').map((row) => row.graph_call_id))
  const onTheLine = async () =>
    of((await place.views()).flatMap(({ id, state }) => (state === 'established' ? [id] : [])))

  await place.startSecond()
  await wait(1_000) // its first look
  const left = await onTheLine()
  expect(await lost()).toBe(0)
  expect(left).toBeGreaterThan(0)

  await place.kill()
  await vi.waitFor(async () => expect(await onTheLine()).toBe(0), { timeout: 20_000, interval: 200 })
  await vi.waitFor(async () => expect(await lost()).toBeGreaterThan(left / 2), { timeout: 20_000, interval: 200 })
})
