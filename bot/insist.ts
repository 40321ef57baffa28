import { type Clock, sleep } from '#ground/clock.ts'
import { backgroundClock } from './timers.ts'

export type Insisting = {
  /** How long to wait after so many failures, beginning with 1; null gives up. */
  pauseMs(failures: number): number | null
  /** Ends the waiting, and with it the tries. */
  signal: AbortSignal
  onFailure?(problem: unknown): void
  clock?: Clock
}

/** Does something in the background until it succeeds. Never rejects. True if it was done. */
export async function insist(
  act: () => Promise<unknown>,
  { pauseMs, signal, onFailure, clock = backgroundClock }: Insisting,
): Promise<boolean> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      await act()
      return true
    } catch (problem) {
      if (!signal.aborted) onFailure?.(problem)
    }
    const ms = pauseMs(failures)
    if (ms === null) return false
    await sleep(clock, ms, signal)
  }
  return false
}
