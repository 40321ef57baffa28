import { type Clock, realClock } from '#ground/clock.ts'
import { createDeadlines } from '#ground/deadlines.ts'

/** Real time, whose timers keep no process alive: what is to happen on a call ends with the bot. */
export const backgroundClock: Clock = {
  ...realClock,
  after(ms, act) {
    const timer = setTimeout(act, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** One timer of a call, and the next of the same. Data and no function: a call has two or three of them as long as it lives. */
type Timer = {
  readonly callId: string
  readonly name: string
  readonly visit: number | null
  next: Timer | null
  place: number
}

/**
 * The timers of live calls. One of each name a call: starting it again replaces it. `ring` is told which one it was, and the visit
 * that it was started with.
 */
export function createTimers(
  ring: (callId: string, name: string, visit: number | null) => void,
  clock = backgroundClock,
) {
  const running = new Map<string, Timer>()
  const deadlines = createDeadlines<Timer>(clock, (timer) => {
    stop(timer.callId, timer.name)
    ring(timer.callId, timer.name, timer.visit)
  })

  function stop(callId: string, name: string): void {
    let before: Timer | null = null
    for (let timer = running.get(callId) ?? null; timer; before = timer, timer = timer.next) {
      if (timer.name !== name) continue
      if (before) before.next = timer.next
      else if (timer.next) running.set(callId, timer.next)
      else running.delete(callId)
      deadlines.remove(timer)
      return
    }
  }

  function stopAll(callId: string): void {
    for (let timer = running.get(callId) ?? null; timer; timer = timer.next) deadlines.remove(timer)
    running.delete(callId)
  }

  return {
    start(callId: string, name: string, ms: number, visit: number | null = null): void {
      stop(callId, name)
      const timer: Timer = { callId, name, visit, next: running.get(callId) ?? null, place: -1 }
      running.set(callId, timer)
      deadlines.add(timer, ms)
    },
    stop,
    stopAll,
    close() {
      for (const callId of [...running.keys()]) stopAll(callId)
    },
  }
}

export type Timers = ReturnType<typeof createTimers>
