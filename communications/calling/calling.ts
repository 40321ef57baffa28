import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CallRef, Options } from '../requests/ask.ts'
import type { NewCall } from '../requests/callBodies.ts'
import type { Client } from '../requests/client.ts'
import { GraphError } from '../road/error.ts'
import type { Call } from '../wire/types.ts'
import { type Followed, followCall, type LiveCall } from './call.ts'
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

type WithoutCallback<T> = T extends unknown ? Omit<T, 'callbackUri'> : never

/** All calls that this process follows. Another process knows nothing of them: per-call state that must be shared belongs in a store. */
export type Calling = {
  on<E extends keyof CallingEvents>(event: E, handler: (news: CallingEvents[E]) => unknown): () => void
  /**
   * Takes the notifications of one callback that was proven to be Microsoft's; `tenantId` as the proof gives it. Everything is known
   * and told when it returns, what handlers begin goes on after it: answer 202 before or after.
   */
  hear(notifications: readonly Notification[], from: { tenantId: string }): void
  /**
   * Calls somebody, or joins a meeting. Throws GraphError; never sent twice, since somebody could be called twice. After `close` nobody
   * is called (OperationError `closed`); when it is closed while the answer is on its way, that call is hung up, as nobody follows it.
   */
  place(call: WithoutCallback<NewCall>, options?: Options): Promise<LiveCall>
  /**
   * Follows a call again after a restart. Throws OperationError `callEnded` when it is over, `closed` after `close`, GraphError when
   * Graph cannot tell. Where Graph gives no state that is known, it is taken for established, since only such a call can go on.
   */
  resume(call: CallRef): Promise<LiveCall>
  get(id: string): LiveCall | undefined
  readonly calls: readonly LiveCall[]
  /** Stops following all calls; they go on, but not one whose `place` is not answered yet. */
  close(): void
}

/** Repeats of the news of this many ended calls are known for what they are. */
const mostEnded = 10_000
const mostHeld = 1_000
const mostHeldOfOne = 100

/** Calls as objects that know how they stand, on top of the requests and notifications, which know nothing of each other. */
export function createCalling({
  client,
  callbackUri,
  clock = realClock,
  keepAliveMs = 15 * 60_000,
  establishGuardMs = 30_000,
  operationGuardMs = 5 * 60_000,
  toneGapMs = 400,
  onError: tellError,
}: CallingSettings): Calling {
  const onError = (error: unknown, call: LiveCall | null) => quietly(() => tellError(error, call))(error)
  const newCallbackUri = typeof callbackUri === 'function' ? callbackUri : () => callbackUri
  const settings = {
    ...{ client, clock, keepAliveMs, establishGuardMs, operationGuardMs, toneGapMs, onError },
    callbackUri: newCallbackUri,
  }
  const emitter = createEmitter<CallingEvents>((error) => {
    if (!isOnlyTheEnd(error)) onError(error, null)
  })
  const followed = new Map<string, Followed>()
  const ended = new BoundedMap<string, true>(mostEnded)

  /** `awaits`: the creates that were under way when it was first heard of; a later one cannot be whose it is. */
  type Held = { news: { notification: Notification; tenantId: string }[]; awaits: Set<symbol> }
  /** News that came before the answer that tells us whose they are. */
  const held = new Map<string, Held>()
  const resuming = new Map<string, Promise<LiveCall>>()
  const placing = new Set<symbol>()
  let closed = false

  function follow(ref: CallRef, view: CallView, firstKeepAliveMs = keepAliveMs): Followed {
    const key = normalId(ref.id)
    const one = followCall(ref, { view, firstKeepAliveMs }, settings, () => {
      followed.delete(key)
      ended.set(key, true)
    })
    followed.set(key, one)
    return one
  }

  function hear(notification: Notification, tenantId: string, mayHold = true): void {
    const { callId } = notification
    const waiting = held.get(callId)
    if (waiting) {
      if (waiting.news.length < mostHeldOfOne) waiting.news.push({ notification, tenantId })
      return
    }
    const one = followed.get(callId)
    if (one) {
      one.hear(notification)
      return
    }
    if (ended.has(callId)) return

    const call = notification.resource === 'call' ? notification.call : null
    if (call && (notification.changeType === 'deleted' || call.state === 'terminated')) ended.set(callId, true)
    if (call?.state === 'incoming' && !ended.has(callId)) {
      const { view } = observe(unseen, { changeType: 'created', call })
      emitter.emit('incoming', follow({ id: notification.wireCallId, tenantId }, view).call)
      return
    }
    if (placing.size > 0 && mayHold) {
      if (held.size >= mostHeld) tellOldest()
      held.set(callId, { news: [{ notification, tenantId }], awaits: new Set(placing) })
    } else emitter.emit('unknown', { id: notification.wireCallId, tenantId, notification })
  }

  /** Tells what was held back, once the caller of `place` or `resume` has had the chance to listen. */
  function release(key: string): void {
    clock.after(0, () => {
      const waiting = held.get(key)?.news ?? []
      held.delete(key)
      if (!closed) for (const { notification, tenantId } of waiting) hear(notification, tenantId, false)
    })
  }

  /** There is room for so many only: the one that waits for the longest time is told as it is. */
  function tellOldest(): void {
    for (const [key, { news, awaits }] of held) {
      // One that is placed or resumed is released in a moment.
      if (awaits.size === 0) continue
      held.delete(key)
      for (const { notification, tenantId } of news) {
        emitter.emit('unknown', { id: notification.wireCallId, tenantId, notification })
      }
      return
    }
  }

  /** A create is answered: what waited for it alone is nobody's. */
  function placed(one: symbol): void {
    placing.delete(one)
    for (const [key, { awaits }] of held) {
      if (awaits.delete(one) && awaits.size === 0 && !followed.has(key) && !resuming.has(key)) release(key)
    }
  }

  const refuseWhenClosed = (operation: string) => {
    if (closed) throw new OperationError('closed', operation)
  }

  /** From now on news of it wait for `release`. */
  function hold(key: string): void {
    const waiting = held.get(key)
    if (waiting) waiting.awaits.clear()
    else held.set(key, { news: [], awaits: new Set() })
  }

  async function findAgain(ref: CallRef, key: string): Promise<LiveCall> {
    refuseWhenClosed('resume')
    hold(key)
    try {
      const said = await client.calls.get(ref)
      refuseWhenClosed('resume')
      const before: CallView = isKnown(said.state) ? unseen : { ...unseen, state: 'established', established: true }
      const { view } = observe(before, { changeType: 'updated', call: said }, 'answered')
      if (view.state === 'terminated') throw new OperationError('callEnded', 'resume', said.resultInfo)
      // When the last keepAlive was is not known: one goes out at once.
      const one = follow(ref, view, 0)
      if (isGroup(view)) await one.fetchRoster()
      // Found to be over meanwhile, before anybody could listen for its end.
      if (one.call.ended) throw new OperationError('callEnded', 'resume', one.call.ended.resultInfo)
      return one.call
    } catch (error) {
      if (error instanceof GraphError && error.gone) {
        ended.set(key, true)
        throw new OperationError('callEnded', 'resume', null, error)
      }
      throw error
    } finally {
      release(key)
    }
  }

  return {
    on: emitter.on,

    hear(notifications, { tenantId }) {
      if (closed) return
      for (const notification of notifications) hear(notification, tenantId)
    },

    async place(newCall, options) {
      refuseWhenClosed('place')
      const one = Symbol('place')
      placing.add(one)
      try {
        const created = await client.calls.create({ ...newCall, callbackUri: newCallbackUri() }, options)
        const ref = { id: created.id, tenantId: newCall.tenantId }
        if (closed) {
          await client.calls.hangUp(ref).catch((error) => onError(error, null))
          throw new OperationError('closed', 'place')
        }
        const key = normalId(created.id)
        hold(key)
        const { callOptions } = newCall
        const asked: Call = { direction: 'outgoing', ...(callOptions && { callOptions }) }
        const outgoing: CallView = { ...unseen, state: 'establishing', details: asked }
        const { view } = observe(outgoing, { changeType: 'updated', call: created }, 'answered')
        const { call } = follow(ref, view)
        release(key)
        return call
      } finally {
        placed(one)
      }
    },

    resume(ref) {
      const key = normalId(ref.id)
      const known = followed.get(key)
      if (known) return Promise.resolve(known.call)
      const begun = resuming.get(key) ?? findAgain(ref, key).finally(() => resuming.delete(key))
      resuming.set(key, begun)
      return begun
    },

    get: (id) => followed.get(normalId(id))?.call,
    get calls() {
      return [...followed.values()].map(({ call }) => call)
    },
    close() {
      closed = true
      for (const one of [...followed.values()]) one.close()
    },
  }
}

/** Only a group call has a roster worth asking for. */
function isGroup({ details }: CallView): boolean {
  return Boolean(details.meetingInfo ?? details.chatInfo?.threadId) || (details.targets?.length ?? 0) > 1
}
