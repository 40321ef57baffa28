import { type Cancel, type Clock, realClock } from '#ground/clock.ts'

/** Real time, whose timers keep no process alive: what is to happen on a call ends with the bot. */
export const backgroundClock: Clock = {
  now: realClock.now,
  after(ms, act) {
    const timer = setTimeout(act, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** The timers of live calls. One of each name a call: starting it again replaces it. */
export function createTimers(clock: Clock = backgroundClock) {
  const running = new Map<string, Map<string, Cancel>>()
  return {
    start(callId: string, timer: string, ms: number, ring: () => void) {
      const mine = running.get(callId) ?? new Map<string, Cancel>()
      running.set(callId, mine)
      mine.get(timer)?.()
      mine.set(
        timer,
        clock.after(ms, () => {
          mine.delete(timer)
          ring()
        }),
      )
    },
    stop(callId: string, timer: string) {
      const mine = running.get(callId)
      mine?.get(timer)?.()
      mine?.delete(timer)
    },
    stopAll(callId: string) {
      for (const cancel of running.get(callId)?.values() ?? []) cancel()
      running.delete(callId)
    },
    close() {
      for (const callId of [...running.keys()]) this.stopAll(callId)
    },
  }
}

export type Timers = ReturnType<typeof createTimers>
