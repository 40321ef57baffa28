import type { Clock } from '#ground/clock.ts'
import type { Activity } from './wire/activity.ts'

/**
 * A clock that stands still unless it is moved. Timers fire in order of their time, then of their creation, also those made while
 * it moves; between two of them everything that follows from the first is let happen. Movements asked for at once go one by one.
 */
export type VirtualClock = Clock & {
  /** Moves by so many milliseconds. */
  advance(ms: number): Promise<void>
  /** Moves to this time, in milliseconds since 1970. A time that has passed moves nothing. */
  advanceTo(at: number): Promise<void>
  /** Moves from timer to timer until the condition holds, at most by `limitMs`. Tells whether it came to hold. */
  runUntil(condition: () => boolean, limitMs: number): Promise<boolean>
  /** How many timers wait. */
  waiting(): number
  /**
   * From now on the clock waits for this activity too. `quietMs` of real time must have passed since its last sign: what another
   * process does with an answer cannot be seen from here.
   */
  watch(activity: Activity, quietMs: number): void
}

type Timer = { at: number; order: number; act: (() => void) | null }

/** So many turns of the event loop without a sign are taken for rest: a promise chain may hop over one or two. */
const quietTurns = 3

/**
 * Makes one that begins at `startAt` (milliseconds since 1970, now when not given). `patienceMs` is real time after which it no
 * longer waits for what is under way, for example a webhook that itself waits for this clock. Making a signing key takes a second
 * on a busy machine, so it is long.
 */
export function createVirtualClock({
  startAt = Date.now(),
  patienceMs = 10_000,
}: {
  startAt?: number
  patienceMs?: number
} = {}): VirtualClock {
  const timers = createHeap()
  const watched: { activity: Activity; quietMs: number }[] = []
  let now = startAt
  let order = 0
  let moving: Promise<unknown> = Promise.resolve()

  const signs = () => watched.reduce((sum, { activity }) => sum + activity.count(), 0)
  const underWay = () => watched.reduce((sum, { activity }) => sum + activity.underWay(), 0)
  /** So many that are under way were waited for in vain. */
  let givenUp = 0
  const isBusy = () => {
    givenUp = Math.min(givenUp, underWay())
    return underWay() > givenUp
  }
  const restMs = () =>
    watched.reduce(
      (most, { activity, quietMs }) => Math.max(most, quietMs && activity.lastAt() + quietMs - performance.now()),
      0,
    )

  /** Lets everything happen that needs no more time. */
  async function settle(): Promise<void> {
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
  }

  /** Fires timer after timer until `isEnough`, none is due before `end` any more. */
  async function run(end: number, isEnough: () => boolean): Promise<boolean> {
    await settle()
    for (;;) {
      if (isEnough()) return true
      const timer = timers.takeDue(end)
      if (!timer) break
      now = Math.max(now, timer.at)
      timer.act?.()
      await settle()
    }
    now = Math.max(now, end)
    return isEnough()
  }

  /** Behind the movements that were asked for before. */
  function move(endOf: () => number, isEnough: () => boolean): Promise<boolean> {
    const moved = moving.then(() => run(endOf(), isEnough))
    moving = moved.catch(() => {})
    return moved
  }
  const never = () => false

  return {
    now: () => now,
    after(ms, act) {
      order += 1
      const timer: Timer = { at: now + Math.max(0, ms), order, act }
      timers.add(timer)
      return () => timers.cancel(timer)
    },
    async advance(ms) {
      await move(() => now + ms, never)
    },
    async advanceTo(at) {
      await move(() => at, never)
    },
    runUntil: (condition, limitMs) => move(() => now + limitMs, condition),
    waiting: () => timers.waiting(),
    watch: (activity, quietMs) => void watched.push({ activity, quietMs }),
  }
}

export const isVirtual = (clock: Clock): clock is VirtualClock => 'advanceTo' in clock

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A binary heap. Cancelled timers stay until they come up, or until they are the most: long timers of short calls pile up. */
function createHeap() {
  let heap: Timer[] = []
  let cancelled = 0
  const isBefore = (one: Timer, other: Timer) => one.at < other.at || (one.at === other.at && one.order < other.order)

  function add(timer: Timer): void {
    let place = heap.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (!parent || !isBefore(timer, parent)) break
      heap[place] = parent
      place = above
    }
    heap[place] = timer
  }

  function take(): void {
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      let child = heap[below]
      const right = heap[below + 1]
      if (child && right && isBefore(right, child)) {
        below += 1
        child = right
      }
      if (!child || !isBefore(child, last)) break
      heap[place] = child
      place = below
    }
    heap[place] = last
  }

  return {
    add,
    waiting: () => heap.length - cancelled,
    cancel(timer: Timer): void {
      if (!timer.act) return
      timer.act = null
      cancelled += 1
      if (cancelled <= 64 || cancelled * 2 < heap.length) return
      const live = heap.filter(({ act }) => act)
      heap = []
      cancelled = 0
      for (const one of live) add(one)
    },
    /** The first timer, if it is due by `end`. It can no longer be cancelled. */
    takeDue(end: number): { at: number; act: () => void } | null {
      for (let first = heap[0]; first && first.at <= end; first = heap[0]) {
        take()
        const { at, act } = first
        if (act) {
          first.act = null
          return { at, act }
        }
        cancelled -= 1
      }
      return null
    },
  }
}
