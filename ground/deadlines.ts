import type { Cancel, Clock } from './clock.ts'

type Placed = { place: number }

/** A heap, in two lists: nobody waits shorter than who waits at half the place. So anybody is let in or go in a few steps. */
type Queue<T extends Placed> = { readonly times: number[]; readonly waiting: T[] }

const nothing = () => {}

/**
 * Many things that wait for their times on one timer of the platform: one of Node's takes half a kilobyte with what it is to do, and a
 * thousand calls have three thousand. What waits is `due` at its time and not before, the earliest first. It is an object of the
 * caller's with a `place`, which is kept here and -1 while it does not wait.
 */
export function createDeadlines<T extends Placed>(clock: Clock, due: (one: T) => void) {
  const now = clock.steady ?? clock.now
  const queue: Queue<T> = { times: [], waiting: [] }
  let wakesAt = Number.POSITIVE_INFINITY
  let cancel: Cancel = nothing

  function wakeAt(at: number): void {
    cancel()
    wakesAt = at
    cancel = at === Number.POSITIVE_INFINITY ? nothing : clock.after(Math.ceil(at - now()), wake)
  }

  function wake(): void {
    const until = now()
    wakesAt = until // nobody needs to be woken for meanwhile
    try {
      while (timeAt(queue, 0) <= until) {
        const one = whoAt(queue, 0)
        letGo(queue, one)
        due(one)
      }
    } finally {
      wakeAt(timeAt(queue, 0))
    }
  }

  return {
    /** Never due when `ms` is Infinity. */
    add(one: T, ms: number): void {
      if (ms === Number.POSITIVE_INFINITY) return
      const at = now() + Math.max(0, ms)
      settle(queue, one, at, queue.times.length)
      if (at < wakesAt) wakeAt(at)
    },
    /** Harmless for one that does not wait. Whoever would be woken for it is, and goes on waiting. */
    remove(one: T): void {
      if (one.place < 0) return
      letGo(queue, one)
      if (queue.times.length === 0) wakeAt(Number.POSITIVE_INFINITY)
    },
  }
}

const timeAt = ({ times }: Queue<Placed>, place: number): number => times[place] ?? Number.POSITIVE_INFINITY

/** `as`: asked only where there is somebody. */
const whoAt = <T extends Placed>({ waiting }: Queue<T>, place: number): T => waiting[place] as T

function put<T extends Placed>({ times, waiting }: Queue<T>, one: T, at: number, place: number): void {
  times[place] = at
  waiting[place] = one
  one.place = place
}

/** Gives one a place: the free one, or another that others leave for it. */
function settle<T extends Placed>(queue: Queue<T>, one: T, at: number, free: number): void {
  let place = free
  const swapWith = (other: number) => {
    put(queue, whoAt(queue, other), timeAt(queue, other), place)
    place = other
  }
  for (let above = (place - 1) >> 1; above >= 0 && timeAt(queue, above) > at; above = (place - 1) >> 1) swapWith(above)
  for (;;) {
    const left = 2 * place + 1
    const earlier = timeAt(queue, left + 1) < timeAt(queue, left) ? left + 1 : left
    if (timeAt(queue, earlier) >= at) break
    swapWith(earlier)
  }
  put(queue, one, at, place)
}

/** The last one takes the place that becomes free. */
function letGo<T extends Placed>(queue: Queue<T>, one: T): void {
  const [last, at] = [queue.waiting.pop(), queue.times.pop()]
  if (last !== undefined && at !== undefined && last !== one) settle(queue, last, at, one.place)
  one.place = -1
}
