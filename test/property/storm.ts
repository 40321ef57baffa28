import { createLiveCalls } from '#bot/liveCalls.ts'
import { createMemorySessions } from '#bot/memorySessions.ts'
import { makeProgram } from '#bot/program.ts'
import { createCalls } from '#communications/requests/calls.ts'
import { RoundTripError, type Transport } from '#communications/road/http.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { appId, john, publicUrl, secret } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import { frontDesk } from '#flow/sample.ts'
import { sleep } from '#ground/clock.ts'
import type { HistoryEntry } from '#store/history.ts'
import { numbers, openForRuns } from './faultLine.ts'

/**
 * Graph's bad quarter of an hour: the real bot, client and emulator in one process and in virtual time, callers who go on calling, and a
 * storm in which 30 % of the requests are answered with 429 (Retry-After 1 to 10 s), 20 % with 503, 5 % not at all and 5 % are cut off.
 */

export type Storm = {
  seed: number
  /** How long Graph misbehaves, and how many call meanwhile, evenly spread. */
  lastsMs: number
  callers: number
  /** What else goes wrong, as POST /emulator/faults takes it: before the usual ones. */
  more?: object[]
}

/** From a request to Graph's answer, there and back. */
const latencyMs = { least: 30, most: 120 }
/** So long a caller bears silence. */
const bearsMs = 60_000
const looksEachMs = 500
/** When all is over that the storm has begun. */
const afterwardsMs = 15 * 60_000
const promptMs = 2_000

const usual = [
  ...Array.from({ length: 10 }, (_, n) => ({ share: 0.03, do: { status: 429, retryAfterSeconds: n + 1 } })),
  { share: 0.2, do: { status: 503 } },
  // Half of what is never answered was carried out all the same.
  { share: 0.025, do: { hang: true } },
  { share: 0.025, do: { hangAfter: true } },
  { share: 0.025, do: { cut: true } },
  { share: 0.025, do: { cutAfter: true } },
]

/** The emulator takes the first rule that applies, so each has its share of what those before it have left. */
function rulesOf({ seed, more = [] }: Storm): object[] {
  let left = 1
  const rules = usual.map(({ share, do: what }, n) => {
    const probability = share / left
    left -= share
    return { on: { operation: '*' }, probability, seed: `${seed} ${n}`, do: what }
  })
  return [...more, ...rules]
}

/** A request of the bot about a call, and how it was answered; null while it was not. */
type Sent = { at: number; doneAt: number; id: string; what: string; status: number | null; retryAfterMs: number }

/** One call as its caller saw it, and what the bot wrote of it. */
/** `keys`: what the caller pressed, or would have. */
type Came = {
  id: string
  keys: keyof typeof neededFor
  view: CallView
  outcome: string | null
  heardEndAt: number | null
}

export type StormRun = { sent: Sent[]; came: Came[]; most: number; broken: string[] }

const compiled = makeProgram({ id: 'v', flowId: 'f', flow: frontDesk }, new Map())
const program = {
  ...compiled,
  audio: new Map(
    compiled.prompts.map((text, n) => [
      text,
      { uri: `${publicUrl}/prompts/${n}.wav`, resourceId: `prompt-${n}`, durationMs: promptMs },
    ]),
  ),
}
const idOf = (begins: string) => [...program.audio].find(([text]) => text.startsWith(begins))?.[1].resourceId
const [menuId, goodbyeId] = [idOf('For sales'), idOf('Thank you')]

export type StormLine = Awaited<ReturnType<typeof openStormLine>>

export async function openStormLine() {
  const sound = wav({ ms: promptMs })
  const line = await openForRuns(async () => ({ status: 200, bytes: sound, text: null }))
  return { run: (storm: Storm) => runOf(line, storm), close: line.close }
}

type Line = Awaited<ReturnType<typeof openForRuns>>

async function runOf(line: Line, storm: Storm): Promise<StormRun> {
  const { clock, ask } = line
  const random = numbers(storm.seed)
  const broken: string[] = []
  const entries: HistoryEntry[] = []
  const ends = new Map<string, number>()
  const { transport, sent, most } = overSlowRoad(line, random)
  const tokens = createTokens({ appId, credential: { secret }, transport, clock })
  const calls = createCalls({ tokens, transport, clock })
  const liveCalls = createLiveCalls({
    ...{ calls, clock },
    sessions: createMemorySessions(),
    log: { info: () => {}, warn: () => {}, error: (...what) => void broken.push(JSON.stringify(what)) },
    route: async () => ({ program, test: false }),
    record: (entry) => void entries.push(entry),
    callbackUri: `${publicUrl}/api/calls`,
    maxLiveCalls: 1_000,
  })
  const strange: unknown[] = []
  await line.begin((notifications, tenantId) => {
    for (const news of notifications) {
      const isEnd = news.resource === 'call' && news.call.state === 'terminated'
      if (isEnd && !ends.has(news.wireCallId)) ends.set(news.wireCallId, clock.now())
      void liveCalls.take(news, tenantId)
    }
  }, strange)

  const callers: Caller[] = []
  for (const rule of rulesOf(storm)) await ask('POST', '/emulator/faults', rule)
  clock.after(storm.lastsMs, () => void ask('DELETE', '/emulator/faults'))
  for (let n = 0; n < storm.callers; n += 1) {
    clock.after((n * storm.lastsMs) / storm.callers, () => void callIn(line, n).then((one) => callers.push(one)))
  }
  await clock.advance(storm.lastsMs + afterwardsMs)
  await liveCalls.settled()

  const came = callers.map(({ id, keys, lastSeen }) => ({
    ...{ id, keys, view: lastSeen() },
    outcome: outcomeOf(entries, id),
    heardEndAt: ends.get(id) ?? null,
  }))
  await liveCalls.close()
  await Promise.all([calls.close(), tokens.close()])
  line.end()
  return { sent, came, most: most(), broken: [...broken, ...strange.map(String)] }
}

function outcomeOf(entries: readonly HistoryEntry[], graphCallId: string): string | null {
  const began = entries.find((one) => one.kind === 'began' && one.graphCallId === graphCallId)
  const ended = entries.find((one) => one.kind === 'ended' && one.id === began?.id)
  return ended?.kind === 'ended' ? ended.outcome : null
}

/** The way to the emulator with the time that a network takes, and every request on it written down. */
function overSlowRoad({ clock, transport }: Line, random: () => number) {
  const sent: Sent[] = []
  let [underWay, most] = [0, 0]
  const never = new AbortController().signal
  const slow: Transport = async (url, request) => {
    const { signal } = request
    if (signal?.aborted) throw new RoundTripError('aborted', true, signal.reason)
    const [, id, action] = /\/communications\/calls\/([^/]+)(?:\/([^/]+))?/.exec(new URL(url).pathname) ?? []
    const what = action ?? request.method
    const one: Sent = { at: clock.now(), doneAt: Infinity, id: id ?? '', what, status: null, retryAfterMs: 0 }
    if (id) sent.push(one)
    underWay += 1
    most = Math.max(most, underWay)
    const half = (latencyMs.least + random() * (latencyMs.most - latencyMs.least)) / 2
    try {
      await sleep(clock, half, signal ?? never)
      const answer = await transport(url, request)
      await sleep(clock, half, signal ?? never)
      one.status = answer.status
      one.retryAfterMs = Number(answer.headers['retry-after'] ?? 0) * 1000
      return answer
    } finally {
      one.doneAt = clock.now()
      underWay -= 1
    }
  }
  return { transport: slow, sent, most: () => most }
}

type Caller = Pick<Came, 'id' | 'keys'> & { lastSeen(): CallView }

/** Somebody calls, hears the menu, presses a key that leads to an end, and hangs up after a long silence. */
async function callIn({ ask, clock, view }: Line, n: number): Promise<Caller> {
  const dialled = { from: john, transfers: 'accept' }
  let seen = (await ask('POST', '/emulator/calls', dialled)).body as CallView // the emulator's own answer
  const { id } = seen
  const keys = (['2', '32', '1'] as const)[n % 3] ?? '2'
  const toPress = [...keys]
  let [menus, heard, since] = [0, 0, clock.now()]
  const look = async () => {
    seen = await view(id)
    const { state, playing, transcript } = seen
    if (state === 'terminated') return
    if (transcript.length > heard || playing || state === 'incoming') since = clock.now()
    heard = transcript.length
    if (clock.now() - since > bearsMs) await ask('POST', `/emulator/calls/${id}/hangUp`)
    const asked = transcript.filter((one) => one.kind === 'prompt' && one.resourceId === menuId).length
    const key = asked > menus ? toPress.shift() : undefined
    if (key) clock.after(1_000, () => void ask('POST', `/emulator/calls/${id}/tones`, { tones: key }))
    menus = asked
    clock.after(looksEachMs, () => void look())
  }
  clock.after(looksEachMs, () => void look())
  return { id, keys, lastSeen: () => seen }
}

/** How long a caller rings, as Graph documents it. */
const ringsMs = 15_000
/** What a call asks of Graph when nothing goes wrong: answer, tones, prompts, what is silenced, and the end. */
const neededFor = { '2': 8, '32': 11, '1': 7 }

/** What a run came to, in numbers. */
export function figuresOf({ sent, came, most }: StormRun) {
  const answered = came.filter(({ view }) => view.answeredAt !== null)
  const turnedAway = came.filter((one) => one.view.answeredAt === null && endedBy(one) === 'bot')
  const served = answered.filter(isServed)
  const needed = came.reduce((sum, { keys, view }) => sum + (view.answeredAt === null ? 1 : neededFor[keys]), 0)
  return {
    callers: came.length,
    answered: answered.length,
    turnedAway: turnedAway.length,
    rangOut: came.length - answered.length - turnedAway.length,
    notServed: answered.length - served.length,
    sentToNeeded: Number((sent.length / needed).toFixed(2)),
    mostUnderWay: most,
  }
}

const endedBy = ({ view }: Came) => view.transcript.findLast((one) => one.kind === 'ended')?.by ?? null

/** The caller got what the key was for: the last words and a hang-up, or the person. */
function isServed({ keys, view, outcome }: Came): boolean {
  if (keys === '1') return outcome === 'transferred'
  const heardTheEnd = view.transcript.some((one) => one.kind === 'prompt' && one.resourceId === goodbyeId)
  return heardTheEnd && view.transcript.some((one) => one.kind === 'ended' && one.by === 'bot')
}

/** What must never be, whatever the storm does: a sentence each. */
export function wrongsOf({ sent, came, broken }: StormRun): string[] {
  const of = (id: string) => sent.filter((one) => one.id === id)
  return [
    ...broken,
    ...came.flatMap(({ id, view, heardEndAt }) => [
      ...(view.state === 'terminated' ? [] : [`${id} is ${view.state} long after the storm`]),
      ...of(id)
        .filter(({ at }) => heardEndAt !== null && at > heardEndAt)
        .map(({ what }) => `${what} of ${id} went out after its end`),
      ...tooEarly(of(id)).map(({ what }) => `${what} of ${id} went out before its Retry-After was over`),
    ]),
    ...came
      .filter((one) => one.view.answeredAt === null && endedBy(one) !== 'bot')
      .filter(({ id, view }) => couldHaveBeenReached(of(id), Date.parse(view.startedAt) + ringsMs))
      .map(({ id }) => `${id} rang out, though Graph left a way to answer or to turn away`),
  ]
}

const tooEarly = (sent: Sent[]): Sent[] =>
  sent.filter((one) =>
    sent.some(
      ({ what, doneAt, retryAfterMs }) =>
        retryAfterMs > 0 && what === one.what && one.at > doneAt && one.at < doneAt + retryAfterMs,
    ),
  )

/** Some way to deal with a ringing caller was free in time: not under way, and not forbidden by Graph until after it. */
function couldHaveBeenReached(sent: Sent[], ringsUntil: number): boolean {
  return Object.entries(beginsByMs).some(([what, ms]) => {
    const last = sent.findLast((one) => one.what === what)
    const freeAt = last ? last.doneAt + last.retryAfterMs : 0
    return freeAt < ringsUntil - ringsMs + ms
  })
}

/** A try that begins later after the first ring is none: an answer must leave time to turn away, which must arrive. */
const beginsByMs = { answer: 10_000, reject: 13_000, DELETE: 13_000 }
