import type { CallRef } from './ask.ts'
import { BoundedMap } from './boundedMap.ts'
import { type Followed, followCall, type LiveCall } from './call.ts'
import type { NewCall } from './callBodies.ts'
import type { Client } from './client.ts'
import { type Clock, realClock } from './clock.ts'
import { createEmitter } from './emitter.ts'
import { GraphError } from './error.ts'
import { normalId } from './ids.ts'
import type { Notification } from './notifications.ts'
import { type CallView, observe, unseen } from './observe.ts'
import { isOnlyTheEnd, OperationError } from './operations.ts'
import type { Call } from './words.ts'

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
   * What a handler threw, and what went wrong in the background; not that the call was over (`callEnded`). `call` is null for the
   * handlers of `calling` itself.
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
  /** Calls somebody, or joins a meeting. Throws GraphError; never sent twice, since somebody could be called twice. */
  place(call: WithoutCallback<NewCall>): Promise<LiveCall>
  /** Follows a call again after a restart. Throws OperationError `callEnded` when it is over, GraphError when Graph cannot tell. */
  resume(call: CallRef): Promise<LiveCall>
  get(id: string): LiveCall | undefined
  readonly calls: readonly LiveCall[]
  /** Stops following all calls; they go on. */
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
  onError,
}: CallingSettings): Calling {
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

  type Held = { notification: Notification; tenantId: string }
  /** News that came before the answer that tells us whose they are. */
  const held = new BoundedMap<string, Held[]>(mostHeld)
  const resuming = new Map<string, Promise<LiveCall>>()
  let placing = 0
  let closed = false

  function follow(ref: CallRef, view: CallView, firstKeepAliveMs = keepAliveMs): Followed {
    const key = normalId(ref.id)
    const one = followCall(ref, { view, firstKeepAliveMs }, settings, () => {
      followed.delete(key)
      ended.set(key, true)
    })
    if (closed) one.close()
    else followed.set(key, one)
    return one
  }

  function hear(notification: Notification, tenantId: string): void {
    const { callId } = notification
    const waiting = held.get(callId)
    if (waiting) {
      if (waiting.length < mostHeldOfOne) waiting.push({ notification, tenantId })
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
    if (placing > 0) held.set(callId, [{ notification, tenantId }])
    else emitter.emit('unknown', { id: notification.wireCallId, tenantId, notification })
  }

  /** Tells what was held back, once the caller of `place` or `resume` has had the chance to listen. */
  function release(key: string): void {
    clock.after(0, () => {
      const waiting = held.get(key) ?? []
      held.delete(key)
      if (!closed) for (const { notification, tenantId } of waiting) hear(notification, tenantId)
    })
  }

  async function findAgain(ref: CallRef, key: string): Promise<LiveCall> {
    if (!held.has(key)) held.set(key, [])
    try {
      const said = await client.calls.get(ref)
      const { view } = observe(unseen, { changeType: 'updated', call: said }, 'answered')
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

    async place(newCall) {
      placing += 1
      try {
        const created = await client.calls.create({ ...newCall, callbackUri: newCallbackUri() })
        const key = normalId(created.id)
        // It may be over already: then the held news say so in a moment.
        ended.delete(key)
        if (!held.has(key)) held.set(key, [])
        const { callOptions } = newCall
        const asked: Call = { direction: 'outgoing', ...(callOptions && { callOptions }) }
        const outgoing: CallView = { ...unseen, state: 'establishing', details: asked }
        const { view } = observe(outgoing, { changeType: 'updated', call: created }, 'answered')
        const one = follow({ id: created.id, tenantId: newCall.tenantId }, view)
        release(key)
        return one.call
      } finally {
        placing -= 1
        if (placing === 0) for (const key of held.keys()) if (!followed.has(key) && !resuming.has(key)) release(key)
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
