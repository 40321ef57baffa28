import type { CallEvents, LiveCall } from '#communications/calling/call.ts'
import { type Calling, createCalling } from '#communications/calling/calling.ts'
import type { Ended } from '#communications/calling/observe.ts'
import { OperationError } from '#communications/calling/operations.ts'
import { NotificationError, parseNotifications } from '#communications/inbound/notifications.ts'
import { createProof, ProofError } from '#communications/inbound/proof.ts'
import { type Client, createClient } from '#communications/requests/client.ts'
import { createPlacer } from '#communications/requests/placeCall.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Transport } from '#communications/road/http.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { openInProcess } from '#emulator/testing/testInProcess.ts'
import { appId, publicUrl, secret, tenantId } from '#emulator/testing/testLine.ts'
import type { Post } from '#emulator/wire/delivery.ts'
import type { CallView } from '#emulator/world/views.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Deed, Plan, Scenario, Step } from './faultScenario.ts'

/**
 * The client's calls and the emulator in one process and in virtual time, and between them a bot and people who carry out a scenario.
 * What everybody saw is recorded; faultRules.ts says what must be true of it.
 */

/** A promise that the client gave, and what became of it. `outcome` is null while it is open. */
type Promised = { what: string; callId: string; outcome: string | null; isKnown: boolean }

/** What the bot saw of a call that it followed. */
export type Seen = {
  id: string
  /** When it was given up because the bot's process ended. */
  closed: boolean
  ended: (Ended & { at: number; tick: number }) | null
  ends: number
  /** Names of events that came after the end. */
  late: string[]
  tones: number[]
}

export type Sent = {
  at: number
  tick: number
  method: string
  path: string
  body: string
  /** When and how it was answered; null where it was not. */
  answer: { at: number; status: number; retryAfterMs: number; code: string } | null
}

/** A notification that was proven and parsed. */
type Arrived = { at: number; tick: number; callId: string; toneSequence: number | null }

export type Run = {
  beganAt: number
  endedAt: number
  isQuiet: boolean
  /** Timers that are left, calls that the client still follows, and requests that were begun and never settled. */
  open: { timers: number; calls: string[]; requests: number }
  /** The most timers of followed calls that were left when no call was followed any more. */
  strayTimers: number
  promised: Promised[]
  seen: Seen[]
  sent: Sent[]
  arrived: Arrived[]
  /** Ids of calls of which `resume` said that they are over, and when. */
  foundOver: { id: string; tick: number }[]
  /** What `onError` was told, and what nobody caught, other than the known classes. */
  strange: string[]
  emulated: CallView[]
  planOf(call: CallView): number
  trace: string[]
}

const hour = 3_600_000
/** Runs begin at such a time: all tokens have expired, so that no run depends on the one before it. */
const periodMs = 24 * hour
const quietWithinMs = 3 * hour

const userOf = (plan: number, who: 'first' | 'second' | 'guest' = 'first') =>
  `00000000-0000-4000-8000-0000000${['first', 'second', 'guest'].indexOf(who) + 1}000${plan}`
const user = (plan: number, who?: 'first' | 'second' | 'guest') => ({ user: { id: userOf(plan, who) } })

const sounds = new Map<string, Uint8Array>()
/** The bot's prompts: /500.wav sounds for half a second. */
async function fetchMedia(url: string) {
  const path = new URL(url).pathname
  const ms = Number(/(\d+)\.wav$/.exec(path)?.[1] ?? 0)
  const bytes = sounds.get(path) ?? wav({ ms: Math.max(ms, 1) })
  sounds.set(path, bytes)
  return { status: ms === 40 ? 404 : 200, bytes, text: null } // one of the prompts is not there
}

/** How long a bot that insists waits before it asks again: as long as Graph says, and not in a hurry. */
const pauseAfter = (error: unknown): number =>
  Math.max(15_000, error instanceof GraphError ? (error.retryAfterMs ?? 0) : 0)

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

const describe = (error: unknown): string =>
  error instanceof GraphError || error instanceof OperationError
    ? `${error.name} ${error.code}`
    : `${error instanceof Error ? (error.stack ?? error.message) : error}`
const isKnown = (error: unknown): boolean =>
  (error instanceof GraphError || error instanceof OperationError) && error.code !== '' && error.operation !== ''

export type FaultLine = Awaited<ReturnType<typeof openFaultLine>>

/** Built once for many runs: keys are made once, and each run begins with an emulator that has forgotten all. */
export async function openFaultLine() {
  let post: Post = async () => ({ status: 503 })
  const line = openInProcess((...all) => post(...all), {}, { fetchMedia, patienceMs: 60_000 })
  const { clock, ask, forget } = line
  const proof = createProof({
    ...{ appId, clock, transport: line.transport },
    openIdUrl: 'http://127.0.0.1/v1/.well-known/OpenIdConfiguration',
  })
  // The keys are made before the first run.
  await ask('GET', '/v1/keys')
  await line.token()

  async function run({ plans, schedule, rules, restartAtMs }: Scenario): Promise<Run> {
    forget()
    await clock.advanceTo((Math.floor(clock.now() / periodMs) + 1) * periodMs)
    const beganAt = clock.now()
    let tick = 0
    let underWay = 0
    const promised: Promised[] = []
    const seen: Seen[] = []
    const sent: Sent[] = []
    const arrived: Arrived[] = []
    const foundOver: Run['foundOver'] = []
    const strange: string[] = []
    const trace: string[] = []
    const tell = (what: string) => trace.push(`${clock.now() - beganAt} ${what}`)

    const transport: Transport = async (url, exchange) => {
      if (exchange.signal?.aborted) return line.transport(url, exchange) // it does not go out
      tick += 1
      const { pathname: path } = new URL(url)
      const body = typeof exchange.body === 'string' ? exchange.body : ''
      const one: Sent = { at: clock.now(), tick, method: exchange.method, path, body, answer: null }
      sent.push(one)
      underWay += 1
      tell(`> ${exchange.method} ${path}`)
      try {
        const answer = await line.transport(url, exchange)
        const retryAfterMs = Number(answer.headers['retry-after'] ?? 0) * 1000
        const code = /"code":"(\w+)"/.exec(answer.text)?.[1] ?? ''
        one.answer = { at: clock.now(), status: answer.status, retryAfterMs, code }
        tell(`< ${answer.status} ${exchange.method} ${path}`)
        return answer
      } catch (error) {
        tell(`x ${exchange.method} ${path}`)
        throw error
      } finally {
        underWay -= 1
      }
    }
    /** Timers of followed calls alone: others, such as a lane of the throttle that waits, need not end with a call. */
    const timers = new Set<object>()
    let strayTimers = 0
    const callClock: Clock = {
      now: clock.now,
      after(ms, act) {
        const timer = {}
        if (ms > 0) timers.add(timer)
        const cancel = clock.after(ms, () => {
          timers.delete(timer)
          act()
        })
        return () => {
          timers.delete(timer)
          cancel()
        }
      },
    }
    const lookForStrays = () => {
      if (calling.calls.length === 0) strayTimers = Math.max(strayTimers, timers.size)
    }

    const tokens = createTokens({
      ...{ appId, credential: { secret }, loginUrl: 'http://127.0.0.1', transport, clock },
    })
    const client: Client = createClient({ tokens, transport, clock, graphUrl: 'http://127.0.0.1' })

    /** Keeps account of a promise, and gives it back as one that never rejects. */
    async function keep<T>(
      what: string,
      callId: string,
      promise: Promise<T>,
    ): Promise<{ value: T } | { error: unknown }> {
      const one: Promised = { what, callId, outcome: null, isKnown: true }
      promised.push(one)
      try {
        const value = await promise
        one.outcome = 'resolved'
        return { value }
      } catch (error) {
        one.outcome = describe(error)
        one.isKnown = isKnown(error)
        return { error }
      } finally {
        tell(`= ${what} ${callId} ${one.outcome?.split('\n')[0]}`)
      }
    }
    const wait = (ms: number) => sleep(clock, ms, never)

    // --- the bot ---

    const carefulUri = `${publicUrl}/api/careful/`
    const placer = createPlacer({ calls: client.calls, clock, callbackUriFor: (secret) => carefulUri + secret })

    /** Goes up when the bot's process ends: what the old one was about to do is not done. */
    let life = 0
    let calling: Calling = openCalling()

    function openCalling(): Calling {
      const mine = life
      const opened = createCalling({
        ...{ client, clock: callClock, callbackUri: `${publicUrl}/api/calls` },
        onError: (error) => {
          tell(`! ${describe(error).split('\n')[0]}`)
          if (!isKnown(error)) strange.push(describe(error))
        },
      })
      opened.on('incoming', (call) => {
        const plan = plans.findIndex((_, place) => call.source?.identity?.user?.id === userOf(place))
        return takeCall(watched(call), plans[plan], plan, mine)
      })
      opened.on('unknown', ({ id }) => takeOver(id, mine))
      return opened
    }

    const events = Object.keys({
      ...{ stateChanged: 0, established: 0, mediaActive: 0, mediaState: 0, tone: 0, roster: 0, operation: 0 },
      ...{ transferred: 0, transferFailed: 0, ended: 0, other: 0 },
    } satisfies Record<keyof CallEvents, 0>) as (keyof CallEvents)[] // the keys that `satisfies` has checked

    function watched(call: LiveCall): LiveCall {
      const one: Seen = { id: normalId(call.id), closed: false, ended: null, ends: 0, late: [], tones: [] }
      seen.push(one)
      for (const event of events) {
        call.on(event, (news) => {
          if (one.ended && event !== 'ended') one.late.push(event)
          if (event === 'tone') one.tones.push((news as CallEvents['tone']).sequenceId) // by the event's name
          if (event !== 'ended') return
          one.ends += 1
          tick += 1
          const how = news as Ended // as above
          one.ended ??= { ...how, at: clock.now(), tick }
          lookForStrays()
          tell(`. ${call.id} ended ${how.how} ${how.resultInfo?.code ?? ''}/${how.resultInfo?.subcode ?? ''}`)
        })
      }
      return call
    }

    async function takeCall(call: LiveCall, plan: Plan | undefined, place: number, mine: number): Promise<void> {
      if (!plan) return hangUp(call, mine)
      const { how, callee } = plan
      if (how === 'reject') await keep('reject', call.id, call.reject({ reason: 'busy' }))
      else if (how === 'redirect') {
        await setPerson(userOf(place, 'guest'), callee)
        await keep('redirect', call.id, call.redirect({ targets: [user(place, 'guest')], timeoutSeconds: 20 }))
      } else if ('error' in (await keep('answer', call.id, call.answer()))) return hangUp(call, mine)
      else return converse(call, plan, place, mine)
      // Nothing is left to do but to hear of its end.
      await keep('until ended', call.id, call.until('ended'))
    }

    async function makeCall(plan: Plan, place: number, mine: number, onPlaced: () => void): Promise<void> {
      const about =
        plan.how === 'meeting'
          ? {
              chatInfo: { threadId: `19:meeting_${place}@thread.v2`, messageId: '0' },
              meetingInfo: {
                '@odata.type': '#microsoft.graph.organizerMeetingInfo' as const,
                organizer: { user: { id: userOf(place), tenantId } },
              },
            }
          : { targets: plan.how === 'group' ? [user(place), user(place, 'second')] : [user(place)] }
      if (plan.how === 'careful') {
        const made = await keep('careful place', `plan ${place}`, placer.place({ tenantId, ...about }))
        onPlaced()
        const id = 'value' in made && made.value.outcome === 'placed' ? made.value.call.id : null
        if (id !== null && life === mine) await takeOver(id, mine, (call) => converse(call, plan, place, mine))
        return
      }
      const made = await keep('place', `plan ${place}`, calling.place({ tenantId, ...about }))
      onPlaced()
      if ('value' in made) await converse(watched(made.value), plan, place, mine)
    }

    async function converse(call: LiveCall, plan: Plan, place: number, mine: number): Promise<void> {
      await keep('until mediaActive', call.id, call.until('mediaActive', 120_000))
      if (plan.hears) await keep('subscribe', call.id, call.subscribeToTone())
      const others: Promise<unknown>[] = []
      for (const step of plan.steps) {
        if (call.ended || life !== mine) break
        const done = keep(step.do, call.id, carryOut(call, step, place))
        if (step.wait) await done
        else others.push(done)
      }
      if (plan.end === 'bot') await hangUp(call, mine)
      else await keep('until ended', call.id, call.until('ended'))
      await Promise.all(others)
    }

    async function carryOut(call: LiveCall, step: Step, place: number): Promise<unknown> {
      switch (step.do) {
        case 'play':
          return call.playPrompt({ prompts: [{ uri: `${publicUrl}/${step.ms}.wav`, resourceId: String(step.ms) }] })
        case 'record':
          return call.recordResponse({ maxRecordDurationInSeconds: step.seconds, stopTones: ['#'] })
        case 'keys':
          return call.sendDtmfTones({ tones: Array.from({ length: step.count }, () => 'tone1' as const) })
        case 'subscribe':
          return call.subscribeToTone()
        case 'cancel':
          return call.cancelMediaProcessing()
        case 'mute':
          return call.mute()
        case 'invite':
          await setPerson(userOf(place, 'guest'), step)
          return call.invite({ participants: [{ party: user(place, 'guest') }] })
        case 'transfer':
          await setPerson(userOf(place, 'guest'), step)
          return call.transfer({ target: user(place, 'guest') })
        case 'stay':
          return wait(step.ms)
      }
    }

    /** As a bot does that must not leave a call behind. */
    async function hangUp(call: LiveCall, mine: number): Promise<void> {
      for (let tries = 0; tries < 30 && !call.ended && life === mine; tries += 1) {
        const done = await keep('hangUp', call.id, call.hangUp())
        if ('error' in done) await wait(pauseAfter(done.error))
      }
    }

    const taken = new Set<string>()
    /** A call of another process, or one whose `place` was never answered. */
    async function takeOver(
      id: string,
      mine: number,
      goOn = (call: LiveCall): Promise<void> => hangUp(call, mine),
    ): Promise<void> {
      if (taken.has(`${mine} ${id}`)) return
      taken.add(`${mine} ${id}`)
      for (let tries = 0; tries < 30 && life === mine; tries += 1) {
        const resumed = await keep('resume', id, calling.resume({ id, tenantId }))
        if ('value' in resumed) return goOn(watched(resumed.value))
        if (resumed.error instanceof OperationError && resumed.error.code === 'callEnded') {
          tick += 1
          foundOver.push({ id: normalId(id), tick })
          return
        }
        await wait(pauseAfter(resumed.error))
      }
    }

    function restart(): void {
      tell('- the bot is restarted')
      const ids = calling.calls.map(({ id }) => id)
      for (const one of seen) if (!one.ended) one.closed = true
      calling.close()
      lookForStrays()
      life += 1
      calling = openCalling()
      for (const id of ids) void takeOver(id, life)
    }

    post = async (url, { headers, body }) => {
      try {
        const { tenantId: tenant } = await proof.verify(headers.authorization)
        const parsed = parseNotifications(JSON.parse(body))
        if (parsed.kind === 'legacy') return { status: 204 }
        tick += 1
        for (const news of parsed.notifications) {
          const call = news.resource === 'call' ? news.call : null
          const toneSequence = call?.toneInfo?.sequenceId ?? null
          arrived.push({ at: clock.now(), tick, callId: news.callId, toneSequence })
          const how = news.resource === 'operation' ? news.operation.status : (call?.state ?? '')
          tell(`* ${news.changeType} ${news.resource} ${news.callId} ${how} ${toneSequence ?? ''}`)
        }
        const secret = /\/api\/careful\/(.+)$/.exec(new URL(url).pathname)?.[1]
        const heard = parsed.notifications.filter(({ callId, wireCallId }) => {
          // What the placer deals with is nobody else's, until the call is taken over.
          const whose = secret === undefined ? 'stranger' : placer.heard(secret, wireCallId)
          return calling.get(callId) || !['current', 'superseded'].includes(whose) || taken.has(`${life} ${wireCallId}`)
        })
        calling.hear(heard, { tenantId: tenant })
        return { status: 202 }
      } catch (error) {
        if (error instanceof ProofError) return { status: 401 }
        if (!(error instanceof NotificationError)) strange.push(describe(error))
        return { status: 400 }
      }
    }

    // --- the people ---

    /** Which of the plans a call of the emulator belongs to. */
    function planOf({ from, to, conversation }: CallView): number {
      const meeting = Buffer.from(conversation.meetingId ?? '', 'base64').toString()
      return plans.findIndex(
        (_, place) => [from.user?.id, to.user?.id].includes(userOf(place)) || meeting.includes(userOf(place)),
      )
    }
    const emulatedCalls = async () => (await ask('GET', '/emulator/calls')).body as CallView[] // the emulator's own answer
    const setPerson = (id: string, { outcome, afterMs }: { outcome: Plan['callee']['outcome']; afterMs: number }) =>
      ask('POST', '/emulator/people', { id, onCall: outcome, onTransfer: outcome, afterMs })

    async function act(place: number, deed: Deed['do']): Promise<void> {
      for (const call of await emulatedCalls()) {
        if (planOf(call) !== place || call.state === 'terminated') continue
        const at = `/emulator/calls/${call.id}`
        // Too early or too late is refused, as a key pressed before the call is there.
        if (deed === 'press') await ask('POST', `${at}/tones`, { tones: '12#', gapMs: 150 })
        else if (deed === 'speak') await ask('POST', `${at}/speech`, { seconds: 1 })
        else if (call.conversation.meetingId) {
          await ask('POST', `/emulator/meetings/${encodeURIComponent(call.conversation.meetingId)}/end`)
        } else if (call.conversation.kind === 'peerToPeer') await ask('POST', `${at}/hangUp`)
        else await everybodyLeaves(call)
      }
    }

    async function everybodyLeaves({ conversation, participants }: CallView): Promise<void> {
      for (const { id, callId } of participants) {
        const one = `/emulator/conversations/${conversation.id}/participants/${id}`
        if (callId === null) await ask('POST', one, { action: 'leave' })
      }
    }

    const placed = new Set<number>()
    async function begin(plan: Plan, place: number): Promise<void> {
      const isIncoming = ['incoming', 'reject', 'redirect'].includes(plan.how)
      if (isIncoming) await ask('POST', '/emulator/calls', { from: user(place) })
      else await makeCall(plan, place, life, () => placed.add(place))
      placed.add(place)
    }

    /** Nobody of the people stays for ever. */
    async function leave(place: number): Promise<void> {
      await act(place, 'hangUp')
      const isThere = (await emulatedCalls()).some((call) => planOf(call) === place && call.state !== 'terminated')
      if (isThere || !placed.has(place)) clock.after(60_000, () => void leave(place))
    }

    if (schedule) await ask('POST', '/emulator/faults/schedule', schedule)
    for (const rule of rules) await ask('POST', '/emulator/faults', rule)
    for (const [place, plan] of plans.entries()) {
      for (const who of ['first', 'second'] as const) await setPerson(userOf(place, who), plan.callee)
      clock.after(plan.atMs, () => void begin(plan, place))
      for (const { atMs, do: deed } of plan.deeds) clock.after(plan.atMs + atMs + 1, () => void act(place, deed))
      if (plan.end !== 'bot') clock.after(plan.atMs + plan.end.personAtMs + 1, () => void leave(place))
    }
    if (restartAtMs !== null) clock.after(restartAtMs, restart)

    const isQuiet = await clock.runUntil(() => clock.waiting() === 0, quietWithinMs)
    const result: Run = {
      beganAt,
      endedAt: clock.now(),
      isQuiet,
      open: { timers: clock.waiting(), calls: calling.calls.map(({ id }) => id), requests: underWay },
      promised: structuredClone(promised),
      ...{ seen, sent, arrived, foundOver, strange, strayTimers },
      emulated: await emulatedCalls(),
      planOf,
      trace: withoutIds(trace),
    }
    calling.close()
    post = async () => ({ status: 503 })
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

const never = new AbortController().signal

/** Random ids give way to how-manieth they are. */
function withoutIds(trace: string[]): string[] {
  const ids = new Map<string, string>()
  return trace.map((entry) =>
    entry.replaceAll(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi, (id) => {
      const key = normalId(id)
      const known = ids.get(key) ?? `#${ids.size + 1}`
      ids.set(key, known)
      return known
    }),
  )
}
