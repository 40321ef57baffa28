import type { Clock } from '#ground/clock.ts'
import type { CallingSettings } from '../calling/calling.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CallRef, Options } from '../requests/ask.ts'
import { GraphError } from '../road/error.ts'
import type { Call, CommsOperation, Participant, ResultInfo, Tone } from '../wire/types.ts'

type Client = CallingSettings['client']

/** What becomes of one notification, or of one request: when it arrives, how often, and whether Graph's answer comes back. */
export type Fate = { ms: number; times: number; answered: boolean }
const lucky: Fate = { ms: 0, times: 1, answered: true }

type Kept = Call & { id: string; operations: Map<string, CommsOperation> }

/** What the fake Graph knows, and how it behaves; tests change that while it runs. */
type World = {
  clock: Clock
  hear: (notification: Notification) => void
  fate: (what: string) => Fate
  calls: Map<string, Kept>
  refusals: Map<string, GraphError>
  /** The operations that were asked for, in order. */
  asked: string[]
  /** Milliseconds that prompts, recordings, tones and invitations take. */
  operationMs: number
  /** How long it takes until somebody answers. */
  establishMs: number
  /** How operations end. */
  outcome: Partial<CommsOperation>
  transfer: 'accept' | 'fail'
  roster: Participant[]
}

/**
 * A Graph in memory that carries out what it is asked, tells what happens, and loses, repeats and delays as `fate` says. Only as
 * true as the calling client needs it: the emulator is the one to believe. It ends with its last timer.
 */
export function createFakeGraph(clock: Clock, hear: World['hear'], fate: World['fate'] = () => lucky) {
  const world: World = {
    clock,
    hear,
    fate,
    calls: new Map(),
    refusals: new Map(),
    asked: [],
    operationMs: 1_000,
    establishMs: 20,
    outcome: { status: 'completed', resultInfo: { code: 200, subcode: 0 } },
    transfer: 'accept',
    roster: [],
  }
  const { calls, refusals } = world
  return Object.assign(world, {
    client: clientOf(world),
    /** From now on this operation is refused. */
    refuse: (operation: string, status: number, code = String(status)) =>
      void refusals.set(operation, new GraphError({ code, operation, status })),
    heal: () => refusals.clear(),
    /** Somebody calls the bot. */
    ring(id: string): void {
      calls.set(id, { id, state: 'incoming', direction: 'incoming', operations: new Map() })
      tell(world, id, { changeType: 'created', call: { state: 'incoming', direction: 'incoming' } })
    },
    press(id: string, sequenceId: number, tone: Tone): void {
      if (calls.get(id)?.state === 'established') {
        tell(world, id, { call: { state: 'established', toneInfo: { sequenceId, tone } } })
      }
    },
    end: (id: string, resultInfo?: ResultInfo | null) => end(world, id, resultInfo),
    /** From now on this is part of what Graph answers of the call. */
    know: (id: string, more: Call) => void Object.assign(calls.get(id) ?? {}, more),
    tell: (id: string, news: Told) => tell(world, id, news),
    post: (notification: Notification) => post(world, notification),
  })
}

type Told = { changeType?: Notification['changeType']; call: Call } | { operation: CommsOperation; hideId?: boolean }

/** Tells something of a call. */
function tell(world: World, id: string, news: Told): void {
  const about = { callId: id, wireCallId: id }
  if ('call' in news) {
    post(world, { ...about, resource: 'call', changeType: news.changeType ?? 'updated', call: news.call })
  } else {
    const operationId = news.hideId ? null : (news.operation.id ?? null)
    post(world, { ...about, resource: 'operation', changeType: 'deleted', operationId, operation: news.operation })
  }
}

function post({ clock, hear, fate }: World, notification: Notification): void {
  const { ms, times } = fate(`${notification.resource} ${notification.changeType}`)
  for (let copy = 0; copy < times; copy += 1) clock.after(ms * (copy + 1), () => hear(notification))
}

function end(world: World, id: string, resultInfo: ResultInfo | null = { code: 200, subcode: 4521 }): void {
  if (!world.calls.delete(id)) return
  tell(world, id, { changeType: 'deleted', call: { state: 'terminated', ...(resultInfo && { resultInfo }) } })
}

function move(world: World, id: string, ms: number, change: Call): void {
  world.clock.after(ms, () => {
    const call = world.calls.get(id)
    if (!call) return
    Object.assign(call, change)
    tell(world, id, { call: change })
  })
}

/** Somebody picks up in a while. */
function establish(world: World, id: string): void {
  move(world, id, 10, { state: 'establishing' })
  move(world, id, world.establishMs, { state: 'established' })
  move(world, id, world.establishMs + 10, { state: 'established', mediaState: { audio: 'active' } })
}

/** In which states a call takes a request (contract: `allowed` of state-machine.json). What is not here it takes in all. */
const takenIn: Readonly<Record<string, readonly string[]>> = {
  ...each(['answer', 'reject', 'redirect'], ['incoming']),
  ...each(
    'transfer playPrompt recordResponse subscribeToTone cancelMediaProcessing sendDtmfTones mute invite list'.split(
      ' ',
    ),
    ['established'],
  ),
  keepAlive: ['establishing', 'established', 'transferring', 'transferAccepted'],
  hangUp: ['incoming', 'establishing', 'established', 'transferring', 'transferAccepted'],
}

function each(names: readonly string[], states: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, states]))
}

/** What Graph says to a request that a call does not take as it stands (the sister service's codes); null when it takes it. */
function refusalOf(operation: string, state: string): string | null {
  const states = takenIn[operation]
  if (!states || states.includes(state)) return null
  if (state === 'terminating') return '8528'
  const tooEarly = state === 'incoming' || state === 'establishing'
  return tooEarly && !states.includes('incoming') ? '8501' : '8585'
}

/** Carries out a request at once, and answers when it is time. */
function answer<T>(
  { clock, fate, asked, refusals, calls }: World,
  operation: string,
  id: string,
  act: (call: Kept) => T,
  signal?: AbortSignal,
): Promise<T> {
  asked.push(operation)
  const { ms, answered } = fate('answer')
  const outcome = ((): { value: T } | { error: GraphError } => {
    const refused = refusals.get(operation)
    if (refused) return { error: refused }
    const call = calls.get(id)
    if (!call) return { error: new GraphError({ code: 'NotFound', operation, status: 404 }) }
    const code = refusalOf(operation, call.state ?? 'incoming')
    return code === null ? { value: act(call) } : { error: new GraphError({ code, operation, status: 400 }) }
  })()
  return new Promise((resolve, reject) => {
    const cancel = clock.after(answered ? ms : 10_000, () => {
      signal?.removeEventListener('abort', abort)
      if (!answered) reject(new GraphError({ code: 'timeout', operation }))
      else if ('value' in outcome) resolve(outcome.value)
      else reject(outcome.error)
    })
    const abort = () => {
      cancel()
      reject(new GraphError({ code: 'aborted', operation }))
    }
    signal?.addEventListener('abort', abort)
  })
}

/** What a request does to its call, and what is answered. */
type Act = (world: World, call: Kept, asked: unknown) => unknown

const bare = ({ operations: _, ...call }: Kept): Call => call

/** Something that takes its time. */
const begin =
  (name: string): Act =>
  (world, { id, operations }, asked) => {
    const operation: CommsOperation = { ...operationOf(name, asked), status: 'running' }
    operations.set(operation.id ?? '', operation)
    world.clock.after(world.operationMs, () => {
      if (!world.calls.has(id)) return
      Object.assign(operation, world.outcome)
      tell(world, id, { operation: { ...operation } })
    })
    return { ...operation }
  }
const done =
  (name: string): Act =>
  (_world, _call, asked) => ({ ...operationOf(name, asked), status: 'completed' })

const operationOf = (name: string, asked: unknown): CommsOperation => ({
  '@odata.type': `#microsoft.graph.${name}Operation`,
  id: crypto.randomUUID(),
  clientContext: Object(asked).clientContext,
})

const acts: Record<keyof Client, Record<string, Act>> = {
  calls: {
    answer(world, call) {
      call.state = 'establishing'
      establish(world, call.id)
    },
    reject: (world, { id }) => end(world, id, null),
    redirect: (world, { id }) => end(world, id, null),
    get: (_world, call) => bare(call),
    getOperation(_world, { operations }, id) {
      const operation = operations.get(String(id))
      if (!operation) throw new Error('the fake Graph was asked for an operation that it never began')
      return { ...operation }
    },
    keepAlive() {},
    transfer(world, call) {
      call.state = 'transferring'
      move(world, call.id, 10, { state: 'transferring' })
      const failed = { code: 500, subcode: 7000 }
      if (world.transfer === 'fail') move(world, call.id, 500, { state: 'established', resultInfo: failed })
      else {
        move(world, call.id, 500, { state: 'transferAccepted' })
        world.clock.after(550, () => end(world, call.id, { code: 0, subcode: 7015 }))
      }
    },
    playPrompt: begin('playPrompt'),
    recordResponse: begin('record'),
    sendDtmfTones: begin('sendDtmfTones'),
    subscribeToTone: done('subscribeToTone'),
    cancelMediaProcessing: done('cancelMediaProcessing'),
    mute: done('muteParticipant'),
  },
  participants: { list: (world) => world.roster, invite: begin('inviteParticipants') },
}

function clientOf(world: World): Client {
  const methodsOf = (table: Record<string, Act>) =>
    Object.fromEntries(
      Object.entries(table).map(([name, act]) => [
        name,
        // The options come last, and nothing else that is asked has a signal.
        ({ id }: CallRef, ...asked: unknown[]) =>
          answer(world, name, id, (call) => act(world, call, asked[0]), Object(asked.at(-1)).signal),
      ]),
    )
  const calls = {
    ...methodsOf(acts.calls),
    async create(_ask: object, options?: Options) {
      const id = crypto.randomUUID()
      world.calls.set(id, { id, state: 'establishing', direction: 'outgoing', operations: new Map() })
      establish(world, id)
      return answer(world, 'create', id, bare, options?.signal)
    },
    async hangUp({ id }: CallRef, options?: Options) {
      const over = () => {
        move(world, id, 5, { state: 'terminating' })
        world.clock.after(10, () => end(world, id, { code: 200, subcode: 7000 }))
      }
      await answer(world, 'hangUp', id, over, options?.signal).catch((error) => {
        if (!(error instanceof GraphError && error.gone)) throw error
      })
    },
  }
  // The tests use no other operation; one that is not here would throw.
  return { calls, participants: methodsOf(acts.participants) } as unknown as Client
}
