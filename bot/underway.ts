/** Made once: an error costs a stack each time. */
const callOver = new Error('The call is over.')

/**
 * The end of a call, for what is under way because of it. It is an AbortSignal by its members: making and aborting one of the platform
 * costs ten microseconds, which is as much as all that is decided about a call.
 */
class CallEnd implements AbortSignal {
  aborted = false
  reason: unknown = undefined
  onabort = null
  /** How many are under way. */
  users = 0
  readonly #listeners = new Set<EventListenerOrEventListenerObject>()

  addEventListener(_type: string, listener: EventListenerOrEventListenerObject): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: string, listener: EventListenerOrEventListenerObject): void {
    this.#listeners.delete(listener)
  }

  dispatchEvent(event: Event): boolean {
    for (const listener of this.#listeners)
      typeof listener === 'function' ? listener(event) : listener.handleEvent(event)
    return true
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  abort(): void {
    this.aborted = true
    this.reason = callOver
    if (this.#listeners.size > 0) this.dispatchEvent(new Event('abort'))
    this.#listeners.clear()
  }
}

/** What this process is doing because of calls, so that it can be ended with them. Nothing is kept of a call for which nothing is done. */
export function createUnderway() {
  const ends = new Map<string, CallEnd>()
  return {
    /** Something begins. It ends with `done`, also after the call's end. */
    begin(callId: string): CallEnd {
      let end = ends.get(callId)
      if (!end) {
        end = new CallEnd()
        ends.set(callId, end)
      }
      end.users += 1
      return end
    },
    done(callId: string, end: CallEnd): void {
      end.users -= 1
      if (end.users === 0 && !end.aborted) ends.delete(callId)
    },
    /** The call is over. */
    end(callId: string): void {
      ends.get(callId)?.abort()
      ends.delete(callId)
    },
  }
}

export type Underway = ReturnType<typeof createUnderway>
