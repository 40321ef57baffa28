import { expect, inject, it } from 'vitest'
import { runCrashes } from './crashRun.ts'

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
    if (seeds > 1) process.stdout.write(`seed ${seed}: ${JSON.stringify({ ...came, losesFolder })}\n`)
    expect(wrongs).toEqual([])
    expect(came.answered).toBeGreaterThan(calls / 10)
    expect(came.lost).toBeGreaterThan(0)
  },
)
