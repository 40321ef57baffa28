import { createProof } from '#communications/inbound/proof.ts'
import { createClient } from '#communications/requests/client.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { openInProcess } from '#emulator/testing/testInProcess.ts'
import { appId, secret } from '#emulator/testing/testLine.ts'
import type { Post } from '#emulator/wire/delivery.ts'
import { openBook, type Run, recording, traceWithoutIds } from './faultBook.ts'
import { type Bot, makeCall, openBot, restart, webhookOf } from './faultBot.ts'
import { act, emulatedCalls, leave, type People, planOf, setPerson, user, userOf } from './faultPeople.ts'
import type { Plan, Scenario } from './faultScenario.ts'

/**
 * The client's calls and the emulator in one process and in virtual time, and between them a bot (faultBot.ts) and people
 * (faultPeople.ts) who carry out a scenario. What everybody saw is recorded (faultBook.ts); faultRules.ts says what must be true of it.
 */

const hour = 3_600_000
/** Runs begin at such a time: all tokens have expired, so that no run depends on the one before it. */
const periodMs = 24 * hour
const quietWithinMs = 3 * hour
const origin = 'http://127.0.0.1'

const sounds = new Map<string, Uint8Array>()
/** The bot's prompts: /500.wav sounds for half a second. */
async function fetchMedia(url: string) {
  const path = new URL(url).pathname
  const ms = Number(/(\d+)\.wav$/.exec(path)?.[1] ?? 0)
  const bytes = sounds.get(path) ?? wav({ ms: Math.max(ms, 1) })
  sounds.set(path, bytes)
  return { status: ms === 40 ? 404 : 200, bytes, text: null } // one of the prompts is not there
}

/** Repeatable in place of Math.random, which spreads the client's tries (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type FaultLine = Awaited<ReturnType<typeof openFaultLine>>

/** Built once for many runs: keys are made once, and each run begins with an emulator that has forgotten all. */
export async function openFaultLine() {
  const nobody: Post = async () => ({ status: 503 })
  let post = nobody
  const line = openInProcess((...all) => post(...all), {}, { fetchMedia, patienceMs: 60_000 })
  const { clock, ask, forget } = line
  const openIdUrl = `${origin}/v1/.well-known/OpenIdConfiguration`
  const proof = createProof({ appId, clock, transport: line.transport, openIdUrl })
  // The keys are made before the first run.
  await ask('GET', '/v1/keys')
  await line.token()

  async function run(scenario: Scenario): Promise<Run> {
    const { plans } = scenario
    forget()
    await clock.advanceTo((Math.floor(clock.now() / periodMs) + 1) * periodMs)
    const book = openBook(clock)
    const transport = recording(book, line.transport)
    const tokens = createTokens({ appId, credential: { secret }, loginUrl: origin, transport, clock })
    const client = createClient({ tokens, transport, clock, graphUrl: origin })
    const bot = openBot({ book, ask, plans, client, proof })
    post = webhookOf(bot)
    await setOff(scenario, bot, { ask, clock, plans, placed: new Set() })

    const isQuiet = await clock.runUntil(() => clock.waiting() === 0, quietWithinMs)
    const calls = bot.calling.calls.map(({ id }) => id)
    const { ticks: _ticks, underWay, clock: _clock, ...written } = book
    const result: Run = {
      ...written,
      endedAt: clock.now(),
      isQuiet,
      open: { timers: clock.waiting(), calls, requests: underWay },
      promised: structuredClone(book.promised),
      emulated: await emulatedCalls(ask),
      planOf: (call) => planOf(plans, call),
      trace: traceWithoutIds(book),
    }
    bot.calling.close()
    post = nobody
    forget()
    await tokens.close()
    return result
  }

  return {
    run,
    async close() {
      await proof.close()
      await line.server.close()
    },
  }
}

/** Tells the emulator what goes wrong, and sets a timer for all that anybody will do. */
async function setOff({ plans, schedule, rules, restartAtMs }: Scenario, bot: Bot, people: People): Promise<void> {
  const { ask, clock } = people
  if (schedule) await ask('POST', '/emulator/faults/schedule', schedule)
  for (const rule of rules) await ask('POST', '/emulator/faults', rule)
  for (const [place, plan] of plans.entries()) {
    for (const who of ['first', 'second'] as const) await setPerson(ask, userOf(place, who), plan.callee)
    clock.after(plan.atMs, () => void begin(bot, people, plan, place))
    for (const { atMs, do: deed } of plan.deeds) clock.after(plan.atMs + atMs + 1, () => void act(people, place, deed))
    if (plan.end !== 'bot') clock.after(plan.atMs + plan.end.personAtMs + 1, () => void leave(people, place))
  }
  if (restartAtMs !== null) clock.after(restartAtMs, () => restart(bot))
}

async function begin(bot: Bot, { ask, placed }: People, plan: Plan, place: number): Promise<void> {
  const isIncoming = ['incoming', 'reject', 'redirect'].includes(plan.how)
  if (isIncoming) await ask('POST', '/emulator/calls', { from: user(place) })
  else await makeCall(bot, plan, place, () => placed.add(place))
  placed.add(place)
}
