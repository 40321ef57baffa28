/** Made once: an error costs a stack each time. */
const notWanted = new Error('Nobody waits for it any more.')

/**
 * Says that nobody waits any more for something that is under way. It is an AbortSignal by its members: making and aborting one of the
 * platform costs ten microseconds, which is as much as all that is decided about a call.
 */
class Stop implements AbortSignal {
  aborted = false
  reason: unknown = undefined
  onabort = null
  #listeners: Set<EventListenerOrEventListenerObject> | null = null
  readonly visit: number | null

  constructor(visit: number | null) {
    this.visit = visit
  }

  addEventListener(_type: string, listener: EventListenerOrEventListenerObject): void {
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
  }

  removeEventListener(_type: string, listener: EventListenerOrEventListenerObject): void {
    this.#listeners?.delete(listener)
  }

  dispatchEvent(event: Event): boolean {
    for (const listener of this.#listeners ?? [])
      typeof listener === 'function' ? listener(event) : listener.handleEvent(event)
    return true
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  abort(): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = notWanted
    if (this.#listeners) this.dispatchEvent(new Event('abort'))
    this.#listeners = null
  }
}

/**
 * What this process is doing because of calls, so that it stops with them, or when a flow does not wait for it any more. Nothing is kept
 * of a call for which nothing is done.
 */
export function createUnderway() {
  const open = new Map<string, Stop[]>()
  return {
    /** Something begins. With a visit only the flow waits for it, and only while it is there. It ends with `done`, stopped or not. */
    begin(callId: string, visit: number | null = null): Stop {
      const stop = new Stop(visit)
      const mine = open.get(callId)
      if (mine) mine.push(stop)
      else open.set(callId, [stop])
      return stop
    },
    done(callId: string, stop: Stop): void {
      const rest = open.get(callId)?.filter((one) => one !== stop)
      if (rest && rest.length > 0) open.set(callId, rest)
      else open.delete(callId)
    },
    /** The flow of the call is at this visit now, and still waits for the service that it asked at that of `asking`. */
    moveOn(callId: string, visit: number, asking: number | null): void {
      for (const stop of open.get(callId) ?? [])
        if (stop.visit !== null && stop.visit !== visit && stop.visit !== asking) stop.abort()
    },
    /** The call is over. */
    end(callId: string): void {
      const mine = open.get(callId)
      open.delete(callId)
      for (const stop of mine ?? []) stop.abort()
    },
    /** The process ends. */
    close(): void {
      for (const callId of [...open.keys()]) this.end(callId)
    },
  }
}

/** What goes on for a call without a session. Only its own tenant says that the call has ended. */
export const partingOf = (callId: string, tenantId: string): string => `${tenantId} ${callId}`

export type Underway = ReturnType<typeof createUnderway>
