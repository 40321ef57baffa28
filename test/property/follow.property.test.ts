import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createLiveCalls } from '#bot/liveCalls.ts'
import { createMemorySessions } from '#bot/memorySessions.ts'
import { makeProgram } from '#bot/program.ts'
import type { Session } from '#bot/session.ts'
import type { LiveCall } from '#communications/calling/call.ts'
import { createCalling } from '#communications/calling/calling.ts'
import { beginFollowing, follow } from '#communications/calling/follow.ts'
import type { Ask, CallEvent, News } from '#communications/calling/followed.ts'
import { unseen } from '#communications/calling/observe.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { CallRef, Calls, Options } from '#communications/requests/calls.ts'
import { createFakeGraph, type Fate } from '#communications/testing/fakeGraph.ts'
import { callbackUri, tenantId } from '#communications/testing/followedLine.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import type { Call, CommsOperation, Tone } from '#communications/wire/types.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { adele, draw, menu, transfer } from '#flow/testing/draw.ts'
import type { Clock } from '#ground/clock.ts'

/** What a flow was told, by the id of its caller: `step` is the product's own. */
const heardByFlow = new Map<string, FlowEvent[]>()
vi.mock('#flow/step.ts', async (original) => {
  const real = await original<typeof import('#flow/step.ts')>()
  const step: typeof real.step = (program, state, event, now) => {
    const { id } = state.variables.caller as { id: string } // every flow has it
    heardByFlow.set(id, [...(heardByFlow.get(id) ?? []), event])
    return real.step(program, state, event, now)
  }
  return { ...real, step }
})

/** A flow that waits for a key for as long as the test lasts, and gives the call away at `1`. */
const patient = { waitSeconds: 60, noMatchRetries: 2, noInputRetries: 2 }
const flow = draw({
  menu: menu('1', { '1': 'give', noMatch: 'menu', noInput: 'menu' }, patient),
  give: transfer({ failed: 'menu' }),
})
const long = { uri: 'https://bot.localhost/long.wav', resourceId: 'long', durationMs: 600_000 }
const { prompts } = makeProgram({ id: 'v', flowId: 'f', flow }, new Map())
const program = makeProgram({ id: 'v', flowId: 'f', flow }, new Map(prompts.map((text) => [text, long])))

const lastMs = 60_000
type Script = {
  /** What becomes of the first, the second, … notification of the call. */
  fates: Fate[]
  /** How long Graph thinks when it is asked how the call stands; null when it cannot tell. */
  looks: (number | null)[]
  keys: { atMs: number; tone: Tone }[]
  transfer: 'accept' | 'fail'
  endMs: number | null
}
const script: fc.Arbitrary<Script> = fc.record({
  fates: fc.array(
    fc.record({ ms: fc.nat(3_000), times: fc.constantFrom(0, 1, 1, 1, 2, 3), answered: fc.constant(true) }),
    {
      minLength: 3,
      maxLength: 30,
    },
  ),
  looks: fc.array(fc.option(fc.nat(5_000)), { minLength: 1, maxLength: 5 }),
  keys: fc.array(
    fc.record({
      atMs: fc.nat(lastMs),
      tone: fc.constantFrom<Tone>('tone1', 'tone1', 'tone2', 'pound', 'flash'),
    }),
    { maxLength: 8 },
  ),
  transfer: fc.constantFrom('accept', 'fail'),
  // Not before it has been answered: each of the two takes a 404 of the answer in its own way.
  endMs: fc.option(fc.integer({ min: 3_500, max: lastMs })),
})

/** One Graph for each of the two, to which the same happens and which is asked the same. */
function graphOf(time: Clock, { fates, looks, transfer }: Script, hear: (news: Notification) => void) {
  const at = (list: Fate[], n: number): Fate => list[n % list.length] ?? { ms: 0, times: 1, answered: true }
  let told = 0
  const graph = createFakeGraph(time, hear, (what) => (what.startsWith('call') ? at(fates, told++) : at([], 0)))
  graph.operationMs = 10 * lastMs
  graph.transfer = transfer
  let asked = 0
  const { get } = graph.client.calls
  graph.client.calls.get = async (ref: CallRef, options?: Options) => {
    const ms = looks[asked++ % looks.length] ?? null
    const answer = await get(ref, options)
    await new Promise<void>((resolve) => time.after(ms ?? 0, resolve))
    if (ms === null) throw new Error('Graph cannot tell')
    return answer
  }
  return graph
}

const wordsOf: Partial<Record<FlowEvent['type'], string>> = {
  transferAccepted: 'transferred',
  transferFailed: 'transferFailed',
  callEnded: 'ended',
}
const keysOf: Partial<Record<Tone, string>> = { tone1: '1', tone2: '2', pound: '#' }

/** The bot over a Graph of its own. At each request of its flow `mirror` is asked to make the same on the LiveCall. */
function openBot(time: Clock, one: Script, mirror: (ask: (call: LiveCall) => Promise<unknown>) => void) {
  let session: Session | undefined
  const graph = graphOf(time, one, (news) => void bot.take(news, tenantId))
  const { answer, transfer, hangUp } = graph.client.calls
  const calls: Calls = {
    ...graph.client.calls,
    // What plays and listens is taken at once and goes on: the LiveCall does not ask for it.
    playPrompt: async (_ref, { clientContext }) => ({ id: clientContext, status: 'running', clientContext }),
    subscribeToTone: async (_ref, { clientContext }) => ({ status: 'completed', clientContext }),
    cancelMediaProcessing: async (_ref, { clientContext }) => ({ status: 'completed', clientContext }),
    answer: (...all: Parameters<Calls['answer']>) => {
      mirror((call) => call.answer())
      return answer(...all)
    },
    transfer: (...all: Parameters<Calls['transfer']>) => {
      mirror((call) => call.transfer({ target: { user: { id: adele.id } }, guardMs: 90_000 }))
      return transfer(...all)
    },
    hangUp: (...all: Parameters<Calls['hangUp']>) => {
      mirror((call) => call.hangUp())
      return hangUp(...all)
    },
    close: async () => {},
  }
  const sessions = createMemorySessions()
  const bot = createLiveCalls({
    ...{ calls, clock: time, callbackUri },
    sessions: {
      ...sessions,
      save(next, before) {
        session = next
        return sessions.save(next, before)
      },
    },
    route: async () => ({ program, test: false }),
    record: () => {},
    log: { info: () => {}, warn: () => {}, error: () => {} },
    maxLiveCalls: 10,
    pace: { goneMs: 0 },
  })
  return { graph, known: () => session?.heard, close: () => bot.close() }
}

/** A LiveCall over a Graph of its own, and what it told. */
function openLive(time: Clock, one: Script) {
  let call: LiveCall | undefined
  const told: string[] = []
  const graph = graphOf(time, one, (news) => calling.hear([news], { tenantId }))
  const settings = { client: graph.client, callbackUri, clock: time, establishGuardMs: 10_000, onError: () => {} }
  const calling = createCalling(settings)
  calling.on('incoming', (incoming) => {
    call = incoming
    call.on('tone', ({ tone }) => told.push(keysOf[tone] ?? ''))
    for (const event of ['mediaActive', 'transferred', 'transferFailed', 'ended'] as const) {
      call.on(event, () => told.push(event))
    }
  })
  return { graph, told, call: () => call, close: () => calling.close() }
}

/** The bot and a LiveCall side by side on the same script; the LiveCall asks for what the flow asks for, at the same moment. */
async function bothOf(one: Script) {
  const time = manualClock()
  const id = crypto.randomUUID()
  const live = openLive(time, one)
  const bot = openBot(time, one, (ask) => {
    const call = live.call()
    if (call) ask(call).catch(() => {})
  })
  heardByFlow.clear()
  for (const { graph } of [live, bot]) {
    graph.ring(id)
    for (const [n, { atMs, tone }] of one.keys.toSorted((a, b) => a.atMs - b.atMs).entries()) {
      time.after(atMs, () => graph.press(id, n + 1, tone))
    }
    if (one.endMs !== null) time.after(one.endMs, () => graph.end(id))
  }
  await time.pass(lastMs + 10_000)
  const heard = [...heardByFlow.values()].flat().flatMap((event) => {
    if (event.type === 'tonePressed') return event.key
    if (event.type === 'callEstablished') return event.audio ? 'mediaActive' : []
    return wordsOf[event.type] ?? []
  })
  const [call, known] = [live.call(), bot.known()]
  live.close()
  const closed = bot.close()
  await time.pass(1_000) // its hang-up is answered
  await closed
  return {
    live: {
      told: live.told.filter((word) => word !== ''),
      state: call?.state,
      active: call?.mediaActive,
      ended: call?.ended ?? null,
    },
    bot: {
      told: heard,
      state: known?.view.state,
      active: known?.view.mediaActive,
      ended: known?.ended ?? null,
    },
  }
}

it('a LiveCall and a flow are told the same of a call, whatever is lost, doubled, late or answered late', async () => {
  const came = { calls: 0, ended: 0, keys: 0, transfers: 0, active: 0 }
  await fc.assert(
    fc.asyncProperty(script, async (one) => {
      const { live, bot } = await bothOf(one)
      expect(bot).toEqual(live)
      came.calls += bot.state === undefined ? 0 : 1
      came.ended += bot.ended ? 1 : 0
      came.active += bot.told.includes('mediaActive') ? 1 : 0
      came.keys += bot.told.filter((word) => word.length === 1).length
      came.transfers += bot.told.filter((word) => word.startsWith('transfer')).length
    }),
    { numRuns: 500 },
  )
  expect(Math.min(came.calls, came.ended, came.active, came.keys, came.transfers)).toBeGreaterThan(50)
}, 120_000)

const contexts = ['one', 'two', 'three']
const context = fc.constantFrom(...contexts)
const operation: fc.Arbitrary<CommsOperation> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c'),
    clientContext: context,
    status: fc.constantFrom('running', 'completed', 'failed'),
    resultInfo: fc.constantFrom({ code: 200, subcode: 0 }, { code: 400, subcode: 8508 }),
  },
  { requiredKeys: [] },
)
const seenCall: fc.Arbitrary<Call> = fc.record(
  {
    state: fc.constantFrom(
      'incoming',
      'establishing',
      'established',
      'established',
      'transferring',
      'transferAccepted',
    ),
    mediaState: fc.constantFrom({ audio: 'active' as const }, { audio: 'inactive' as const }),
    resultInfo: fc.constantFrom({ code: 500, subcode: 7000 }, { code: 0, subcode: 7015 }),
    toneInfo: fc.record({ sequenceId: fc.nat(9), tone: fc.constantFrom<Tone>('tone1', 'flash') }),
    terminationReason: fc.constantFrom('AppTransferred', 'CallTerminated'),
  },
  { requiredKeys: [] },
)
const participants = fc.array(
  fc.record(
    { id: fc.constantFrom('p', 'q', 'r'), rosterSequenceNumber: fc.nat(9), isMuted: fc.boolean() },
    // What is read from JSON always has a prototype, and whether somebody has changed is told by all of an object.
    { noNullPrototype: true },
  ),
  { maxLength: 3 },
)
const about = { callId: 'c', wireCallId: 'c' }
const patience = { ms: 10_000, againMs: 10_000, most: 2 }
const end = { ...about, resource: 'call' as const, changeType: 'deleted' as const }
const updated = { ...about, changeType: 'updated' as const }
const anyNews: fc.Arbitrary<News> = fc.oneof(
  {
    weight: 6,
    arbitrary: seenCall.map((call): News => ({ type: 'heard', notification: { ...updated, resource: 'call', call } })),
  },
  fc.constant<News>({ type: 'heard', notification: { ...end, call: {} } }),
  {
    weight: 4,
    arbitrary: fc
      .tuple(operation, fc.constantFrom('a', 'b', null), fc.constantFrom('updated' as const, 'deleted' as const))
      .map(
        ([one, operationId, changeType]): News => ({
          type: 'heard',
          notification: { ...about, changeType, resource: 'operation', operationId, operation: one },
        }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(participants, fc.nat(9)).map(
      ([people, sequenceNumber]): News => ({
        type: 'heard',
        notification: { ...updated, resource: 'participants', delta: true, sequenceNumber, participants: people },
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('established', 'tones', 'transfer', 'roster', 'keepAlive', 'gone', ...contexts)
      .map((timer): News => ({ type: 'rang', timer })),
  },
  {
    weight: 3,
    arbitrary: context.map((one): News => ({ type: 'begun', request: 'operation', context: one, patience })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(context, operation)
      .map(([one, answer]): News => ({ type: 'taken', request: 'operation', context: one, operation: answer })),
  },
  context.map((one): News => ({ type: 'dropped', request: 'operation', context: one })),
  fc.constantFrom<News>(
    { type: 'begun', request: 'transfer', patience },
    { type: 'taken', request: 'transfer' },
    { type: 'dropped', request: 'transfer' },
    { type: 'taken', request: 'answer' },
    { type: 'taken', request: 'hangUp' },
    { type: 'rosterWanted' },
    { type: 'gone', of: 'part', subcode: null },
    { type: 'keptAlive', isDone: false },
  ),
  fc
    .tuple(fc.option(seenCall), fc.nat(3), fc.constantFrom(null, 'established', 'transfer', ...contexts))
    .map(([call, since, what]): News => ({ type: 'call', call, since, about: what })),
  fc
    .tuple(context, fc.option(operation))
    .map(([one, answer]): News => ({ type: 'operation', context: one, operation: answer })),
  fc.option(participants).map((people): News => ({ type: 'participants', participants: people })),
)

const pace = { establishedMs: 10_000, keepAliveMs: 900_000, toneGapMs: 400, goneMs: 500 }
const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value))

it('what is known of a call can be put away as JSON between any two pieces of news', () => {
  const seen = new Set<CallEvent['type'] | Ask['type']>()
  fc.assert(
    fc.property(fc.array(anyNews, { maxLength: 40 }), (all) => {
      let { known } = beginFollowing(unseen, pace)
      let stored = kept(known)
      for (const news of all) {
        const before = JSON.stringify(known)
        const here = follow(known, news, pace)
        const there = follow(stored, news, pace)
        expect(JSON.stringify(known)).toBe(before) // nothing is changed in place
        expect(there).toEqual(here)
        for (const { type } of [...here.told, ...here.asks]) seen.add(type)
        known = here.known
        stored = kept(there.known)
      }
    }),
    { numRuns: 1_000 },
  )
  expect(seen.size).toBeGreaterThan(14)
})
