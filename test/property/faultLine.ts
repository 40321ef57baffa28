import { type Notification, NotificationError, parseNotifications } from '#communications/inbound/notifications.ts'
import { createProof, ProofError } from '#communications/inbound/proof.ts'
import { createClient } from '#communications/requests/client.ts'
import { createPlacer } from '#communications/requests/placeCall.ts'
import { createTokens } from '#communications/road/tokens.ts'
import type { SettingsInput } from '#emulator/settings.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { openInProcess } from '#emulator/testing/testInProcess.ts'
import { appId, publicUrl, secret } from '#emulator/testing/testLine.ts'
import type { Post } from '#emulator/wire/delivery.ts'
import type { FetchMedia } from '#emulator/world/prompts.ts'
import { describe, openBook, type Run, recording, traceWithoutIds } from './faultBook.ts'
import { type Bot, hear, makeCall, openBot, restart } from './faultBot.ts'
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
const fetchMedia: FetchMedia = async (url) => {
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

/** An emulator in virtual time for many runs: its keys are made once, and each run begins when it has forgotten all. */
export async function openForRuns(fetchMedia: FetchMedia, settings: Partial<SettingsInput> = {}) {
  const nobody: Post = async () => ({ status: 503 })
  let post = nobody
  const line = openInProcess((...all) => post(...all), settings, { fetchMedia, patienceMs: 60_000 })
  const { clock, ask, forget, transport } = line
  const openIdUrl = `${origin}/v1/.well-known/OpenIdConfiguration`
  const proof = createProof({ appId, clock, transport, openIdUrl })
  await ask('GET', '/v1/keys')
  await line.token()
  return {
    ...line,
    /** A run begins. What comes to the bot's webhook and is proven is for `hear`; what fails there unheard-of is for `strange`. */
    async begin(hear: (news: readonly Notification[], tenantId: string, url: string) => void, strange: unknown[]) {
      forget()
      await clock.advanceTo((Math.floor(clock.now() / periodMs) + 1) * periodMs)
      post = async (url, { headers, body }) => {
        try {
          const { tenantId } = await proof.verify(headers.authorization)
          const parsed = parseNotifications(JSON.parse(body))
          if (parsed.kind === 'legacy') return { status: 204 }
          hear(parsed.notifications, tenantId, url)
          return { status: 202 }
        } catch (error) {
          if (error instanceof ProofError) return { status: 401 }
          if (!(error instanceof NotificationError)) strange.push(error)
          return { status: 400 }
        }
      }
    },
    /** It is over: nobody hears any more. */
    end() {
      post = nobody
      forget()
    },
    close: () => Promise.all([proof.close(), line.server.close()]),
  }
}

export type FaultLine = Awaited<ReturnType<typeof openFaultLine>>

export async function openFaultLine() {
  const line = await openForRuns(fetchMedia)
  const { clock, ask } = line

  async function run(scenario: Scenario): Promise<Run> {
    const { plans } = scenario
    const unheardOf: unknown[] = []
    await line.begin((...all) => hear(here.bot, ...all), unheardOf)
    const book = openBook(clock)
    const transport = recording(book, line.transport)
    const tokens = createTokens({ appId, credential: { secret }, loginUrl: origin, transport, clock })
    const client = createClient({ tokens, transport, clock, graphUrl: origin })
    const callbackUriFor = (secret: string) => `${publicUrl}/api/careful/${secret}`
    const placer = createPlacer({ calls: client.calls, clock, callbackUriFor })
    const here = { bot: openBot({ book, ask, plans, client, placer }) }
    await setOff(scenario, here, { ask, clock, plans, placed: new Set() })

    const isQuiet = await clock.runUntil(() => clock.waiting() === 0, quietWithinMs)
    const { calling } = here.bot
    const result: Run = {
      ...book,
      endedAt: clock.now(),
      isQuiet,
      open: { timers: clock.waiting(), calls: calling.calls.map(({ id }) => id) },
      promised: structuredClone(book.promised),
      strange: [...book.strange, ...unheardOf.map(describe)],
      emulated: await emulatedCalls(ask),
      planOf: (call) => planOf(plans, call),
      trace: traceWithoutIds(book),
    }
    calling.close()
    line.end()
    await tokens.close()
    return result
  }

  return { run, close: line.close }
}

/** The bot's process of the moment. */
type Here = { bot: Bot }

/** Tells the emulator what goes wrong, and sets a timer for all that anybody will do. */
async function setOff({ plans, schedule, rules, restartAtMs }: Scenario, here: Here, people: People): Promise<void> {
  const { ask, clock } = people
  if (schedule) await ask('POST', '/emulator/faults/schedule', schedule)
  for (const rule of rules) await ask('POST', '/emulator/faults', rule)
  for (const [place, plan] of plans.entries()) {
    for (const who of ['first', 'second'] as const) await setPerson(ask, userOf(place, who), plan.callee)
    clock.after(plan.atMs, () => void begin(here.bot, people, plan, place))
    for (const { atMs, do: deed } of plan.deeds) clock.after(plan.atMs + atMs + 1, () => void act(people, place, deed))
    if (plan.end !== 'bot') clock.after(plan.atMs + plan.end.personAtMs + 1, () => void leave(people, place))
  }
  if (restartAtMs === null) return
  clock.after(restartAtMs, () => {
    here.bot = restart(here.bot)
  })
}

async function begin(bot: Bot, { ask, placed }: People, plan: Plan, place: number): Promise<void> {
  const isIncoming = ['incoming', 'reject', 'redirect'].includes(plan.how)
  if (isIncoming) await ask('POST', '/emulator/calls', { from: user(place) })
  else await makeCall(bot, plan, place, () => placed.add(place))
  placed.add(place)
}
