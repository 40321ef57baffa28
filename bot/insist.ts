export type Insisting = {
  /** How long to wait after so many failures, beginning with 1; null gives up. */
  pauseMs(failures: number): number | null
  /** Ends the waiting, and with it the tries. */
  signal: AbortSignal
  onFailure?(problem: unknown): void
}

/** Does something in the background until it succeeds. Never rejects. True if it was done. */
export async function insist(act: () => Promise<unknown>, { pauseMs, signal, onFailure }: Insisting): Promise<boolean> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      await act()
      return true
    } catch (problem) {
      if (!signal.aborted) onFailure?.(problem)
    }
    const ms = pauseMs(failures)
    if (ms === null) return false
    await pause(ms, signal)
  }
  return false
}

/** Keeps no process alive, and is over at once when `signal` says so. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms).unref()
    signal.addEventListener('abort', end)
  })
}
