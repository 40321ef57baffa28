import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import { frontDesk } from '#flow/sample.ts'
import type { HistoryEntry } from '#store/history.ts'
import { numbers, openForRuns } from './faultLine.ts'
import { openBot, sounds, spoken } from './realBot.ts'

/**
 * V9 of the features: whatever gets lost, doubled, late or refused between Graph and the bot, a flow answers once, hangs up once and comes
 * to an end. The real bot and the emulator in one process, in virtual time.
 */

/** 250 with the other specs, 1,000 by night: each is a whole bot. */
const numRuns = Math.min(1000, Number(process.env.FAULT_SCHEDULES ?? 250))
/** Within this everything must be over: keepAlive finds what nobody told at the latest. */
const longEnoughMs = 3 * 3_600_000

const program = spoken(frontDesk)

type Deed = { atMs: number } & ({ tones: string } | { hangUp: true })
type Scenario = {
  seed: number
  rates: Record<string, number>
  callers: { deeds: Deed[]; transfers: 'accept' | 'decline' | 'noAnswer' }[]
}

const atMs = fc.integer({ min: 0, max: 40_000 })
const rate = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.constantFrom(0.05, 0.2, 0.5))
const faults = [
  'duplicate',
  'reorder',
  'lose',
  'delay',
  'legacy',
  '401',
  '409',
  '429',
  '500',
  '503',
  'hang',
  'cut',
  'cutAfter',
  'drop',
]
const scenario: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(),
  rates: fc.record(Object.fromEntries(faults.map((name) => [name, rate]))),
  callers: fc.array(
    fc.record({
      deeds: fc.array(
        fc.oneof(
          fc.record({ atMs, tones: fc.constantFrom('1', '1', '1', '2', '3', '9', '1#', '22') }),
          fc.record({ atMs, hangUp: fc.constant(true as const) }),
        ),
        { maxLength: 4 },
      ),
      transfers: fc.constantFrom('accept' as const, 'decline' as const, 'noAnswer' as const),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

let line: Awaited<ReturnType<typeof openForRuns>>
beforeAll(async () => {
  line = await openForRuns(sounds)
})
afterAll(() => line.close())
beforeEach(() => {
  vi.restoreAllMocks()
})

/** What the runs came to, so that a run in which nothing happens does not count as a success. */
const came = { calls: 0, answered: 0, prompts: 0, transfers: 0, faults: 0, endedByFlow: 0 }

/** Somebody calls, and does all this in time. Gives the id of the call. */
async function callIn({ deeds, transfers }: Scenario['callers'][number]): Promise<string> {
  const { ask, clock } = line
  const { id } = (await ask('POST', '/emulator/calls', { from: john, transfers })).body as CallView // the emulator's own answer
  for (const { atMs: at, ...deed } of deeds) {
    clock.after(at, () => {
      if ('tones' in deed) void ask('POST', `/emulator/calls/${id}/tones`, { tones: deed.tones })
      else void ask('POST', `/emulator/calls/${id}/hangUp`)
    })
  }
  return id
}

/** How often an operation was carried out for a call, by the emulator's records. */
async function requestsSeen() {
  type Request = { kind: string; operation?: string; callId?: string; status?: number }
  const requests = (await line.ask('GET', '/emulator/requests')).body as Request[] // as above
  return (id: string, operation: string) =>
    requests.filter(
      (one) => one.kind === 'request' && one.callId === id && one.operation === operation && (one.status ?? 500) < 300,
    ).length
}

/** Carries a scenario out, and says what is wrong with how it went. */
async function wrongsOf({ seed, rates, callers }: Scenario): Promise<string[]> {
  vi.spyOn(Math, 'random').mockImplementation(numbers(seed))
  const { clock, ask } = line
  const { entries, broken, strange, sessions, liveCalls, close } = await openBot(line, program)
  const timersBefore = clock.waiting()
  await ask('POST', '/emulator/faults/schedule', { seed, rates })
  const ids: string[] = []
  for (const caller of callers) ids.push(await callIn(caller))
  await clock.advance(longEnoughMs)
  await liveCalls.settled()

  const views = await Promise.all(ids.map((id) => line.view(id)))
  const taken = await requestsSeen()
  const told = (kind: HistoryEntry['kind'], id?: string) =>
    entries.filter(
      (entry) => entry.kind === kind && (id === undefined || ('graphCallId' in entry && entry.graphCallId === id)),
    ).length
  const rules = (await ask('GET', '/emulator/faults')).body as { used: number }[]
  came.calls += views.length
  for (const { id, transcript } of views) {
    came.answered += taken(id, 'call-answer')
    came.prompts += transcript.filter(({ kind }) => kind === 'prompt').length
    came.transfers += taken(id, 'call-transfer')
  }
  came.faults += rules.reduce((sum, { used }) => sum + used, 0)
  came.endedByFlow += entries.filter((entry) => entry.kind === 'ended' && entry.outcome === 'endedByFlow').length

  const wrongs = views.flatMap(({ id, state }) => [
    ...(state === 'terminated' ? [] : [`${id} is ${state} after ${longEnoughMs} ms`]),
    ...(taken(id, 'call-answer') > 1 ? [`${id} was answered ${taken(id, 'call-answer')} times`] : []),
    ...(taken(id, 'call-delete') > 1 ? [`${id} was hung up ${taken(id, 'call-delete')} times`] : []),
    ...(told('began', id) > 1 ? [`${id} began ${told('began', id)} times`] : []),
  ])
  if (sessions.count > 0) wrongs.push(`${sessions.count} sessions are left`)
  if (told('began') !== told('ended')) wrongs.push(`${told('began')} calls began, ${told('ended')} ended`)
  if (broken.some((what) => JSON.stringify(what).includes('could not be moved on')))
    wrongs.push(`an error: ${JSON.stringify(broken[0])}`)
  wrongs.push(...strange.map((error) => `the webhook failed: ${error}`))
  await close()
  await clock.advance(0)
  if (clock.waiting() > timersBefore) wrongs.push(`${clock.waiting() - timersBefore} timers are left`)
  return wrongs
}

it(`a flow keeps its word in ${numRuns} schedules of faults: one answer, one hang-up, no call that does not end`, async () => {
  const property = fc.asyncProperty(scenario, async (one) => {
    const wrongs = await wrongsOf(one)
    if (wrongs.length > 0) throw new Error(wrongs.join('\n'))
  })
  await fc.assert(property, { numRuns, seed: 20_261_120 })
  expect(came.answered).toBeGreaterThan(came.calls / 2)
  expect(came.prompts).toBeGreaterThan(came.calls)
  expect(came.endedByFlow).toBeGreaterThan(came.calls / 20)
  expect(Math.min(came.transfers, came.faults)).toBeGreaterThan(numRuns / 40)
}, 1_800_000)
