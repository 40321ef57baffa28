import type { Timer } from '#flow/talk.ts'

/** The timers of live calls. One of each name a call: starting it again replaces it. */
export function createTimers() {
  const running = new Map<string, Map<Timer, NodeJS.Timeout>>()
  return {
    start(callId: string, timer: Timer, ms: number, ring: () => void) {
      const mine = running.get(callId) ?? new Map<Timer, NodeJS.Timeout>()
      running.set(callId, mine)
      clearTimeout(mine.get(timer))
      mine.set(
        timer,
        setTimeout(() => {
          mine.delete(timer)
          ring()
        }, ms).unref(),
      )
    },
    stopAll(callId: string) {
      for (const timer of running.get(callId)?.values() ?? []) clearTimeout(timer)
      running.delete(callId)
    },
    close() {
      for (const callId of [...running.keys()]) this.stopAll(callId)
    },
  }
}

export type Timers = ReturnType<typeof createTimers>
