import { type Clock, sleep } from '#ground/clock.ts'
import { backgroundClock } from './timers.ts'

type Deps = {
  /** How long to wait after so many failures, beginning with 1. */
  pauseMs(failures: number): number
  /** Ends the waiting, and with it the tries. */
  signal: AbortSignal
  onFailure?(error: unknown): void
  clock?: Clock
}

/** Does something in the background until it succeeds. Never rejects. False if `signal` ended it before. */
export async function insist(
  act: () => Promise<unknown>,
  { pauseMs, signal, onFailure, clock = backgroundClock }: Deps,
): Promise<boolean> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      await act()
      return true
    } catch (error) {
      if (!signal.aborted) onFailure?.(error)
    }
    await sleep(clock, pauseMs(failures), signal)
  }
  return false
}
