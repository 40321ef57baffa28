import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Run } from './faultBook.ts'
import { type FaultLine, numbers, openFaultLine } from './faultLine.ts'
import { wrongsOf } from './faultRules.ts'
import { lostCreate, type Scenario, scenario } from './faultScenario.ts'

/** How many schedules: 1,000 with the other specs, FAULT_SCHEDULES=10000 for all. FAULT_SEED looks at others than the usual ones. */
const numRuns = Number(process.env.FAULT_SCHEDULES ?? 1000)
const seed = Number(process.env.FAULT_SEED ?? 20_261_120)

let line: FaultLine
beforeAll(async () => {
  line = await openFaultLine()
})
afterAll(() => line.close())
beforeEach(() => {
  vi.restoreAllMocks()
})

/** Chance belongs to the scenario, so that a run can be run again. */
function runOf(one: Scenario): Promise<Run> {
  vi.spyOn(Math, 'random').mockImplementation(numbers(one.schedule?.seed ?? 1))
  return line.run(one)
}

/** A counterexample as somebody can read it. */
async function report(one: Scenario): Promise<string> {
  const run = await runOf(one)
  const wrongs = wrongsOf(run, one)
  return [...wrongs, '', JSON.stringify(one), '', ...run.trace].join('\n')
}

/** Fails with the smallest scenario that breaks a rule, and its trace. */
async function mustHold(scenarios: fc.Arbitrary<Scenario>, runs: number): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (one) => {
    const wrongs = wrongsOf(await runOf(one), one)
    if (wrongs.length > 0) throw new Error(wrongs.join('\n'))
  })
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
    numRuns: runs,
    seed,
  })
  if (!failed) return
  const [smallest] = counterexample ?? []
  expect.fail(`seed ${seed}, path ${counterexamplePath}\n${smallest ? await report(smallest) : errorInstance}`)
}

it(`holds in ${numRuns} schedules of faults: ends agree, promises settle, nothing is left open`, async () => {
  await mustHold(scenario, numRuns)
}, 1_800_000)

it('calls nobody twice, however the answer to a create is lost', () => mustHold(lostCreate, 200), 120_000)

it('gives the same run for the same scenario', async () => {
  for (const one of fc.sample(scenario, { numRuns: 40, seed })) {
    const first = await runOf(one)
    expect((await runOf(one)).trace).toEqual(first.trace)
  }
}, 60_000)
