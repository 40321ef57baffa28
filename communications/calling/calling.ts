import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CallRef, Options } from '../requests/ask.ts'
import type { Client } from '../requests/client.ts'
import type { CallToPlace } from '../requests/placeCall.ts'
import { GraphError } from '../road/error.ts'
import type { Call } from '../wire/types.ts'
import { type CallSettings, type FollowedCall, followCall, type LiveCall } from './call.ts'
import { createEmitter, quietly } from './emitter.ts'
import { type CallView, isKnown, observe, unseen } from './observe.ts'
import { isOnlyTheEnd, OperationError } from './operations.ts'

export type CallingSettings = {
  client: Pick<Client, 'calls' | 'participants'>
  /** Where Graph shall send the notifications of a call, https. As a function it can give each call a path of its own. */
  callbackUri: string | (() => string)
  clock?: Clock
  /** Documented: 15 minutes advised, 45 at most. */
  keepAliveMs?: number
  /** How long to wait for `established` before Graph is asked; longer each time after that. */
  establishGuardMs?: number
  /** How long to wait for the end of a prompt, or of tones, before Graph is asked. */
  operationGuardMs?: number
  /** How long a tone waits for one before it that has not come. */
  toneGapMs?: number
  /**
   * What a handler threw, what went wrong in the background, and what Graph refused to whoever does not await it; not that the call was
   * over (`callEnded`). `call` is null for the handlers of `calling` itself.
   */
  onError: (error: unknown, call: LiveCall | null) => void
}

export type CallingEvents = {
  /** Somebody calls: answer, reject or redirect within 15 s. */
  incoming: LiveCall
  /**
   * News of a call that is not followed here, such as one from before a restart, or one whose `place` was never answered: resume it,
   * or hang it up.
   */
  unknown: { id: string; tenantId: string; notification: Notification }
}

/** All calls that this process follows. Another process knows nothing of them: per-call state that must be shared belongs in a store. */
export type Calling = ReturnType<typeof createCalling>

/** Repeats of the news of this many ended calls are known for what they are. */
const mostEnded = 10_000
const mostHeld = 1_000
const mostHeldOfOne = 100

/** News that came before the answer that tells us whose they are. `awaits`: the creates that were under way when they were first heard. */
type Held = { news: Heard[]; awaits: Set<symbol> }
type Heard = { notification: Notification; tenantId: string }

/** Calls as objects that know how they stand, on top of the requests and notifications, which know nothing of each other. */
export function createCalling(settings: CallingSettings) {
  const state = begin(settings)
  const { emitter, followed, resuming } = state
  return {
    on: emitter.on,
    /**
     * Takes the notifications of one callback that was proven to be Microsoft's; `tenantId` as the proof gives it. Everything is known
     * and told when it returns, what handlers begin goes on after it: answer 202 before or after.
     */
    hear(notifications: readonly Notification[], { tenantId }: { tenantId: string }): void {
      if (state.closed) return
      for (const notification of notifications) hear(state, { notification, tenantId })
    },
    /**
     * Calls somebody, or joins a meeting. Throws GraphError; never sent twice, since somebody could be called twice. After `close` nobody
     * is called (OperationError `closed`); when it is closed while the answer is on its way, that call is hung up, as nobody follows it.
     */
    place: (call: CallToPlace, options?: Options) => place(state, call, options),
    /**
     * Follows a call again after a restart. Throws OperationError `callEnded` when it is over, `closed` after `close`, GraphError when
     * Graph cannot tell. Where Graph gives no state that is known, it is taken for established, since only such a call can go on.
     */
    resume(call: CallRef): Promise<LiveCall> {
      const key = normalId(call.id)
      const known = followed.get(key)
      if (known) return Promise.resolve(known.call)
      const begun = resuming.get(key) ?? findAgain(state, call, key).finally(() => resuming.delete(key))
      resuming.set(key, begun)
      return begun
    },
    get: (id: string): LiveCall | undefined => followed.get(normalId(id))?.call,
    get calls(): readonly LiveCall[] {
      return [...followed.values()].map(({ call }) => call)
    },
    /** Stops following all calls; they go on, but not one whose `place` is not answered yet. */
    close(): void {
      state.closed = true
      for (const one of [...followed.values()]) one.close()
    },
  }
}

/** All that one `Calling` knows. */
type State = ReturnType<typeof begin>

function begin({
  client,
  callbackUri,
  clock = realClock,
  keepAliveMs = 15 * 60_000,
  establishGuardMs = 30_000,
  operationGuardMs = 5 * 60_000,
  toneGapMs = 400,
  onError: tellError,
}: CallingSettings) {
  const onError = (error: unknown, call: LiveCall | null) => quietly(() => tellError(error, call))(error)
  const emitter = createEmitter<CallingEvents>((error) => {
    if (!isOnlyTheEnd(error)) onError(error, null)
  })
  const settings: CallSettings = {
    client,
    clock,
    keepAliveMs,
    establishGuardMs,
    operationGuardMs,
    toneGapMs,
    onError,
    callbackUri: typeof callbackUri === 'function' ? callbackUri : () => callbackUri,
  }
  return {
    settings,
    onError,
    emitter,
    followed: new Map<string, FollowedCall>(),
    ended: new BoundedMap<string, true>(mostEnded),
    held: new Map<string, Held>(),
    resuming: new Map<string, Promise<LiveCall>>(),
    placing: new Set<symbol>(),
    closed: false,
  }
}

function follow(state: State, ref: CallRef, view: CallView, firstKeepAliveMs?: number): FollowedCall {
  const { settings, followed, ended } = state
  const key = normalId(ref.id)
  const begun = { view, firstKeepAliveMs: firstKeepAliveMs ?? settings.keepAliveMs }
  const one = followCall(ref, begun, settings, () => {
    followed.delete(key)
    ended.set(key, true)
  })
  followed.set(key, one)
  return one
}

function hear(state: State, heard: Heard, mayHold = true): void {
  const { notification, tenantId } = heard
  const { callId } = notification
  const { ended, emitter, held, placing } = state
  const waiting = held.get(callId)
  if (waiting) {
    if (waiting.news.length < mostHeldOfOne) waiting.news.push(heard)
    return
  }
  const one = state.followed.get(callId)
  if (one) {
    one.hear(notification)
    return
  }
  if (ended.has(callId)) return

  const call = notification.resource === 'call' ? notification.call : null
  if (call && (notification.changeType === 'deleted' || call.state === 'terminated')) ended.set(callId, true)
  if (call?.state === 'incoming' && !ended.has(callId)) {
    const { view } = observe(unseen, { changeType: 'created', call })
    emitter.emit('incoming', follow(state, { id: notification.wireCallId, tenantId }, view).call)
    return
  }
  if (placing.size > 0 && mayHold) {
    if (held.size >= mostHeld) tellOldest(state)
    held.set(callId, { news: [heard], awaits: new Set(placing) })
  } else tellUnknown(state, heard)
}

function tellUnknown({ emitter }: State, { notification, tenantId }: Heard): void {
  emitter.emit('unknown', { id: notification.wireCallId, tenantId, notification })
}

/** Tells what was held back, once the caller of `place` or `resume` has had the chance to listen. */
function release(state: State, key: string): void {
  const { held, settings } = state
  settings.clock.after(0, () => {
    const waiting = held.get(key)?.news ?? []
    held.delete(key)
    if (!state.closed) for (const heard of waiting) hear(state, heard, false)
  })
}

/** There is room for so many only: the one that waits for the longest time is told as it is. */
function tellOldest(state: State): void {
  for (const [key, { news, awaits }] of state.held) {
    // One that is placed or resumed is released in a moment.
    if (awaits.size === 0) continue
    state.held.delete(key)
    for (const heard of news) tellUnknown(state, heard)
    return
  }
}

/** A create is answered: what waited for it alone is nobody's. */
function placed(state: State, one: symbol): void {
  state.placing.delete(one)
  for (const [key, { awaits }] of state.held) {
    const isLast = awaits.delete(one) && awaits.size === 0
    if (isLast && !state.followed.has(key) && !state.resuming.has(key)) release(state, key)
  }
}

function refuseWhenClosed({ closed }: State, operation: string): void {
  if (closed) throw new OperationError('closed', operation)
}

/** From now on news of it wait for `release`. */
function hold({ held }: State, key: string): void {
  const waiting = held.get(key)
  if (waiting) waiting.awaits.clear()
  else held.set(key, { news: [], awaits: new Set() })
}

async function place(state: State, newCall: CallToPlace, options: Options | undefined): Promise<LiveCall> {
  const { settings, placing } = state
  const { calls } = settings.client
  refuseWhenClosed(state, 'place')
  const one = Symbol('place')
  placing.add(one)
  try {
    const created = await calls.create({ ...newCall, callbackUri: settings.callbackUri() }, options)
    const ref = { id: created.id, tenantId: newCall.tenantId }
    if (state.closed) {
      await calls.hangUp(ref).catch((error) => state.onError(error, null))
      throw new OperationError('closed', 'place')
    }
    const key = normalId(created.id)
    hold(state, key)
    const { callOptions } = newCall
    const asked: Call = { direction: 'outgoing', ...(callOptions && { callOptions }) }
    const outgoing: CallView = { ...unseen, state: 'establishing', details: asked }
    const { view } = observe(outgoing, { changeType: 'updated', call: created }, 'answered')
    const { call } = follow(state, ref, view)
    release(state, key)
    return call
  } finally {
    placed(state, one)
  }
}

async function findAgain(state: State, ref: CallRef, key: string): Promise<LiveCall> {
  refuseWhenClosed(state, 'resume')
  hold(state, key)
  try {
    const said = await state.settings.client.calls.get(ref)
    refuseWhenClosed(state, 'resume')
    const before: CallView = isKnown(said.state) ? unseen : { ...unseen, state: 'established', established: true }
    const { view } = observe(before, { changeType: 'updated', call: said }, 'answered')
    if (view.state === 'terminated') throw new OperationError('callEnded', 'resume', said.resultInfo)
    // When the last keepAlive was is not known: one goes out at once.
    const one = follow(state, ref, view, 0)
    if (isGroup(view)) await one.fetchRoster()
    // Found to be over meanwhile, before anybody could listen for its end.
    if (one.call.ended) throw new OperationError('callEnded', 'resume', one.call.ended.resultInfo)
    return one.call
  } catch (error) {
    if (error instanceof GraphError && error.gone) {
      state.ended.set(key, true)
      throw new OperationError('callEnded', 'resume', null, error)
    }
    throw error
  } finally {
    release(state, key)
  }
}

/** Only a group call has a roster worth asking for. */
function isGroup({ details }: CallView): boolean {
  return Boolean(details?.meetingInfo ?? details?.chatInfo?.threadId) || (details?.targets?.length ?? 0) > 1
}
