import { backgroundClock } from './timers.ts'

/** How often the bot's lateness is looked at, in milliseconds. */
const tickMs = 100
/** Later than this and callers begin to notice: a key, a prompt, an answer. */
const lateMs = 50
/** A pause of the garbage collector or of a neighbour is no overload; a queue that does not get shorter soon is. */
const patienceMs = { loop: 1_000, queue: 300 }
/** So late at a look, in milliseconds, and every new call is turned away; less late, a part of them more. */
const muchTooLateMs = 250
/** The part grows quickly and falls slowly: else it would swing. */
const lessEachTick = 0.02

/** How late the bot has been. Plain data. `lateSince` null: it was in time when last looked at. `shed`: part of new calls, 0 to 1. */
export type Lateness = { readonly lateSince: number | null; readonly shed: number }

export const inTime: Lateness = { lateSince: null, shed: 0 }

/** A look at `now`, when something was `lateness` milliseconds late. Pure. */
export function afterTick(
  { lateSince, shed }: Lateness,
  now: number,
  lateness: number,
  patience = patienceMs.loop,
): Lateness {
  if (lateness <= lateMs) return { lateSince: null, shed: Math.max(0, shed - lessEachTick) }
  const since = lateSince ?? now - lateness
  // Once calls are turned away, the next late look counts at once.
  const isOverload = shed > 0 || now - since >= patience
  return { lateSince: since, shed: isOverload ? Math.min(1, shed + lateness / muchTooLateMs) : 0 }
}

/**
 * Whether a new call is to be turned away, so that those under way keep their pace: a count of calls alone does not know how fast the
 * machine is, nor who else is on it. Late is the event loop, or what waits to be sent (`longestWaitMs`): a loop that is never late
 * for long may still be given more than it gets rid of.
 */
export function watchLateness(longestWaitMs: () => number, clock = backgroundClock) {
  let lateness = inTime
  let owed = 0
  let stop = () => {}
  const look = (due: number) => {
    const now = clock.now()
    const [loop, queue] = [now - due, longestWaitMs()]
    lateness = afterTick(lateness, now, Math.max(loop, queue), queue > lateMs ? patienceMs.queue : patienceMs.loop)
    stop = clock.after(tickMs, () => look(now + tickMs))
  }
  look(clock.now())
  return {
    /** Asked once for each new call: of ten calls it sends away as many as are too many. */
    turnsAway(): boolean {
      owed += lateness.shed
      if (owed < 1) return false
      owed -= 1
      return true
    },
    close: () => stop(),
  }
}
