import { setMaxListeners } from 'node:events'
import type { Calls } from '#communications/requests/calls.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, sleep, steadyTime } from '#ground/clock.ts'
import { pauseAfter, tellNotHungUp } from '../hangUp.ts'
import type { Log } from '../log.ts'
import type { Stray } from './stray.ts'

type Deps = {
  calls: Pick<Calls, 'hangUp'>
  clock: Clock
  log: Log
  signal: AbortSignal
  /** Graph has hung it up, or knows it no more. */
  onGone(stray: Stray): void
}

type Waiting = { stray: Stray; dueAt: number; failures: number; underWay: boolean }

/** 100 a second: callers in silence are soon off the line, and there is room for the calls of now. */
const betweenMs = 10
/** Unanswered ones must not gather. */
const mostUnderWay = 300
/** Calls that are gone and may be found a second time, within seconds. */
const mostRemembered = 10_000
/** How soon it is seen that one is due again, or that there is room. */
const lookMs = 100

/** Hangs up strays, the oldest first, each again and again until Graph says that it is gone. */
export function createHangUps({ calls, clock, log, signal, onGone }: Deps) {
  const waiting = new Map<string, Waiting>()
  const gone = new BoundedMap<string, true>(mostRemembered)
  const now = steadyTime(clock)
  let underWay = 0
  let isWorking = false
  // Each that is under way listens to it, which Node takes for a leak. The ten that it allows are for all others.
  setMaxListeners(mostUnderWay + 10, signal)

  async function hangUp(one: Waiting): Promise<void> {
    const { id, graphCallId, tenantId } = one.stray
    const ref = { id: graphCallId, tenantId }
    one.underWay = true
    underWay += 1
    try {
      await calls.hangUp(ref, { signal })
      waiting.delete(id)
      gone.set(id, true)
      onGone(one.stray)
    } catch (error) {
      if (signal.aborted) return
      tellNotHungUp(log, ref, error)
      one.failures += 1
      one.dueAt = now() + pauseAfter(one.failures)
    } finally {
      one.underWay = false
      underWay -= 1
    }
  }

  async function work(): Promise<void> {
    let turnAt = now()
    while (waiting.size > 0 && !signal.aborted) {
      const next = underWay < mostUnderWay ? oldestDue(waiting.values(), now()) : null
      if (next) void hangUp(next)
      // Late turns are made up for, but never more than a few.
      turnAt = next ? Math.max(turnAt + betweenMs, now() - lookMs) : now() + lookMs
      const ms = turnAt - now()
      if (ms > 0) await sleep(clock, ms, signal)
    }
    isWorking = false
  }

  return {
    /** What is here already, or was, is not taken twice: a call stands in a journal and in the database. */
    add(strays: readonly Stray[]): void {
      for (const stray of strays) {
        if (!waiting.has(stray.id) && !gone.has(stray.id))
          waiting.set(stray.id, { stray, dueAt: now(), failures: 0, underWay: false })
      }
      if (isWorking || waiting.size === 0) return
      isWorking = true
      void work()
    },
    /** These are known to be over: whoever finds them once more need not hang them up. */
    know(ids: readonly string[]): void {
      for (const id of ids) gone.set(id, true)
    },
    get waiting() {
      return waiting.size
    },
  }
}

export type HangUps = ReturnType<typeof createHangUps>

function oldestDue(waiting: Iterable<Waiting>, now: number): Waiting | null {
  let oldest: Waiting | null = null
  for (const one of waiting) {
    if (!one.underWay && one.dueAt <= now && (!oldest || one.stray.at < oldest.stray.at)) oldest = one
  }
  return oldest
}
