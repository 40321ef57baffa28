import type { CallRef, Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Clock } from '#ground/clock.ts'
import { insist } from './insist.ts'
import type { Log } from './log.ts'

/** Between the tries, the last one over and over. */
const pausesMs = [5_000, 15_000, 30_000]
const lastPauseMs = 60_000

export const pauseAfter = (failures: number): number => pausesMs[failures - 1] ?? lastPauseMs

/**
 * Hangs up in the background, again and again until Graph confirms it or no longer knows the call, which it does 45 minutes after the
 * last keepAlive at the latest: a caller whom nobody speaks to any more must not stay on the line. Never rejects.
 * @returns false when `signal` ended it before
 */
export const hangUpInsisting = (
  call: CallRef,
  { calls, log, signal, clock }: { calls: Pick<Calls, 'hangUp'>; log: Log; signal: AbortSignal; clock?: Clock },
): Promise<boolean> =>
  insist(() => calls.hangUp(call, { signal }), {
    signal,
    ...(clock && { clock }),
    pauseMs: pauseAfter,
    onFailure: (error) => tellNotHungUp(log, call, error),
  })

export function tellNotHungUp(log: Log, call: CallRef, error: unknown) {
  log.warn({ callId: call.id, code: error instanceof GraphError ? error.code : 'unknown' }, 'It could not be hung up')
}
