import TinyQueue from 'tinyqueue'
import type { Cancel, Clock } from '#ground/clock.ts'
import type { Activity } from './wire/activity.ts'

/** So many turns of the event loop without a sign are taken for rest: a promise chain may hop over one or two. */
const quietTurns = 3

/**
 * A clock that stands still unless it is moved. Timers fire in order of their time, then of their creation, also those made while
 * it moves; between two of them everything that follows from the first is let happen. Movements asked for at once go one by one.
 */
export type VirtualClock = ReturnType<typeof createVirtualClock>

/**
 * Makes one that begins at `startAt` (milliseconds since 1970, now when not given). `patienceMs` is real time after which it no
 * longer waits for what is under way, for example a webhook that itself waits for this clock. Making a signing key takes a second
 * on a busy machine, so it is long.
 */
export function createVirtualClock({ startAt = Date.now(), patienceMs = 10_000 } = {}) {
  const timers = createTimers()
  const { watch, settle } = createRest(patienceMs)
  let now = startAt
  let moving: Promise<unknown> = Promise.resolve()

  /** Fires timer after timer until `isEnough`, none is due before `end` any more. */
  async function run(end: number, isEnough: () => boolean): Promise<boolean> {
    await settle()
    for (;;) {
      if (isEnough()) return true
      const timer = timers.takeDue(end)
      if (!timer) break
      now = Math.max(now, timer.at)
      timer.act()
      await settle()
    }
    now = Math.max(now, end)
    return isEnough()
  }

  /** Behind the movements that were asked for before. */
  function move(endOf: () => number, isEnough = () => false): Promise<boolean> {
    const moved = moving.then(() => run(endOf(), isEnough))
    moving = moved.catch(() => {})
    return moved
  }

  return {
    /** Milliseconds since 1970. */
    now: () => now,
    /** Does `act` once, in `ms` milliseconds; never when they are Infinity. */
    after: (ms: number, act: () => void): Cancel => timers.add(now + Math.max(0, ms), act),
    /** Moves by so many milliseconds. */
    async advance(ms: number): Promise<void> {
      await move(() => now + ms)
    },
    /** Moves to this time, in milliseconds since 1970. A time that has passed moves nothing. */
    async advanceTo(at: number): Promise<void> {
      await move(() => at)
    },
    /** Moves from timer to timer until the condition holds, at most by `limitMs`. Tells whether it came to hold. */
    runUntil: (condition: () => boolean, limitMs: number) => move(() => now + limitMs, condition),
    /** How many timers wait. */
    waiting: timers.count,
    /**
     * From now on the clock waits for this activity too. `quietMs` of real time must have passed since its last sign: what another
     * process does with an answer cannot be seen from here.
     */
    watch,
  }
}

export const isVirtual = (clock: Clock): clock is VirtualClock => 'advanceTo' in clock

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Knows when everything has happened that needs no more time. */
function createRest(patienceMs: number) {
  const watched: { activity: Activity; quietMs: number }[] = []
  /** So many that are under way were waited for in vain. */
  let givenUp = 0
  const sumOf = (of: (activity: Activity) => number) => watched.reduce((sum, { activity }) => sum + of(activity), 0)
  const signs = () => sumOf((one) => one.count())
  const underWay = () => sumOf((one) => one.underWay())
  const isBusy = () => {
    givenUp = Math.min(givenUp, underWay())
    return underWay() > givenUp
  }
  const restMs = () =>
    Math.max(0, ...watched.map(({ activity, quietMs }) => quietMs && activity.lastAt() + quietMs - performance.now()))

  return {
    watch: (activity: Activity, quietMs: number) => void watched.push({ activity, quietMs }),
    /** Lets everything happen that needs no more time. */
    async settle(): Promise<void> {
      const since = performance.now()
      let seen = signs()
      for (let quiet = 0; quiet < quietTurns; ) {
        await turn()
        const isQuiet = !isBusy() && signs() === seen
        seen = signs()
        quiet = isQuiet ? quiet + 1 : 0
        if (isQuiet) {
          const rest = restMs()
          if (rest > 0) {
            await pause(rest)
            quiet = 0
          }
        } else if (performance.now() - since > patienceMs) {
          givenUp = underWay()
          return
        }
      }
    },
  }
}

type Timer = { at: number; order: number; act: (() => void) | null }

const inOrder = (one: Timer, other: Timer) => one.at - other.at || one.order - other.order

/** Timers, the next one first. Cancelled ones stay until they come up, or until they are the most: long timers of short calls pile up. */
function createTimers() {
  let queue = new TinyQueue<Timer>([], inOrder)
  let [made, cancelled] = [0, 0]

  function cancel(timer: Timer): void {
    if (!timer.act) return
    timer.act = null
    cancelled += 1
    if (cancelled <= 64 || cancelled * 2 < queue.length) return
    queue = new TinyQueue(
      queue.data.filter(({ act }) => act),
      inOrder,
    )
    cancelled = 0
  }

  return {
    add(at: number, act: () => void): Cancel {
      made += 1
      const timer: Timer = { at, order: made, act }
      queue.push(timer)
      return () => cancel(timer)
    },
    count: () => queue.length - cancelled,
    /** The next timer, if it is due by `end`. It can no longer be cancelled. */
    takeDue(end: number): { at: number; act: () => void } | null {
      for (let first = queue.peek(); first && first.at <= end; first = queue.peek()) {
        queue.pop()
        const { at, act } = first
        first.act = null
        if (act) return { at, act }
        cancelled -= 1
      }
      return null
    },
  }
}
