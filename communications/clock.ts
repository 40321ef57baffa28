/** Takes back something that was to happen later. Harmless when it already happened. */
export type Cancel = () => void

/** The only source of time of the calling client and of the emulator, so that a virtual clock can run both faster than life. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Does `act` once, in `ms` milliseconds. */
  after(ms: number, act: () => void): Cancel
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` milliseconds, or at once when `signal` is aborted. Never rejects. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const wake = () => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    signal.addEventListener('abort', wake)
  })
}
