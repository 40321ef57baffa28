/** Takes back something that was to happen later. Harmless when it already happened. */
export type Cancel = () => void

/** The only source of time of the calling client and of the emulator, so that a virtual clock can run both faster than life. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since some beginning, which nobody sets forward or back. Left out where nobody sets `now` either. */
  steady?(): number
  /** Does `act` once, in `ms` milliseconds; never when they are Infinity. */
  after(ms: number, act: () => void): Cancel
}

/** Node's timers know no longer wait, and take one for none. */
const longestTimerMs = 2 ** 31 - 1

export const realClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, act) {
    if (ms === Number.POSITIVE_INFINITY) return () => {}
    let timer: NodeJS.Timeout
    const wait = (left: number) => {
      const more = left - longestTimerMs
      timer = more > 0 ? setTimeout(wait, longestTimerMs, more) : setTimeout(act, left)
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
}

/**
 * That clock's time for what lasts: never earlier than it was, so that a clock that is set back lengthens no wait. Only for time
 * that is compared with other time of the same function; what others date (`exp` of a token) needs the clock itself.
 */
export function steadyTime(clock: Pick<Clock, 'now'>): () => number {
  let setBack = 0
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock.now()
    if (now < last) setBack += last - now
    last = now
    return now + setBack
  }
}

/** Resolves after `ms` milliseconds, or at once when one of these signals is aborted. Never rejects. */
export function sleep(clock: Clock, ms: number, ...signals: AbortSignal[]): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return Promise.resolve()
  return new Promise((resolve) => {
    const wake = () => {
      cancel()
      for (const signal of signals) signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    for (const signal of signals) signal.addEventListener('abort', wake)
  })
}
