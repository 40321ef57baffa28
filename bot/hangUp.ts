import type { CallRef, Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Clock } from '#ground/clock.ts'
import { insist } from './insist.ts'
import type { Log } from './log.ts'

/** Between the tries, the last one over and over. */
const pausesMs = [5_000, 15_000, 30_000, 60_000]
/** With the time that unanswered tries take, about ten minutes in all. */
const mostTries = 10

/**
 * Hangs up in the background, again and again until Graph confirms it or no longer knows the call: a caller whom nobody
 * speaks to any more must not stay on the line. Never rejects.
 */
export async function hangUpInsisting(
  call: CallRef,
  { calls, log, signal, clock }: { calls: Calls; log: Log; signal: AbortSignal; clock?: Clock },
) {
  const done = await insist(() => calls.hangUp(call, { signal }), {
    signal,
    ...(clock && { clock }),
    pauseMs: (failures) => (failures < mostTries ? (pausesMs[failures - 1] ?? 60_000) : null),
    onFailure: (error) => tellNotHungUp(log, call, error),
  })
  if (!done && !signal.aborted) log.error({ callId: call.id }, 'A call was given up that could not be hung up')
}

export function tellNotHungUp(log: Log, call: CallRef, error: unknown) {
  log.warn({ callId: call.id, code: error instanceof GraphError ? error.code : 'unknown' }, 'It could not be hung up')
}
