import type { Clock } from '#ground/clock.ts'
import type { Log } from './log.ts'
import { backgroundClock } from './timers.ts'

/** So often at most a line is written, in milliseconds. */
const everyMs = 1_000

/**
 * Tells the log of what strangers can bring about as often as they like: the first at once, further ones together, so many of each
 * code. A line for each would let them turn over all logs in a minute. Codes are ours, and few.
 */
export function tallied(log: Pick<Log, 'warn'>, message: string, clock: Pick<Clock, 'after'> = backgroundClock) {
  const counts = new Map<string, number>()
  let isWaiting = false
  function tell() {
    isWaiting = counts.size > 0
    if (!isWaiting) return
    log.warn({ counts: Object.fromEntries(counts) }, message)
    counts.clear()
    clock.after(everyMs, tell)
  }
  return (code: string): void => {
    counts.set(code, (counts.get(code) ?? 0) + 1)
    if (!isWaiting) tell()
  }
}
