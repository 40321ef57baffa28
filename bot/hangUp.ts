import type { CallRef } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { insist } from './insist.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'
import { partingOf } from './underway.ts'

/** Between the tries, the last one over and over. */
const pausesMs = [5_000, 15_000, 30_000]
const lastPauseMs = 60_000

export const pauseAfter = (failures: number): number => pausesMs[failures - 1] ?? lastPauseMs

/**
 * Hangs up a call that has no session any more, in the background, again and again until Graph confirms it or no longer knows the call,
 * which it does 45 minutes after the last keepAlive at the latest: a caller whom nobody speaks to any more must not stay on the line.
 * Never rejects.
 * @returns whether the call is over, as Graph says; else this process ended before
 */
export async function hangUpInsisting(
  { calls, log, clock, closing, partings }: Pick<Live, 'calls' | 'log' | 'clock' | 'closing' | 'partings'>,
  callId: string,
  call: CallRef,
): Promise<boolean> {
  if (closing.signal.aborted) return false
  const parting = partingOf(callId, call.tenantId)
  const stop = partings.begin(parting)
  const isDone = await insist(() => calls.hangUp(call, { until: stop }), {
    signal: stop,
    clock,
    pauseMs: pauseAfter,
    onFailure: (error) => tellNotHungUp(log, call, error),
  })
  partings.done(parting, stop)
  return isDone || !closing.signal.aborted
}

export function tellNotHungUp(log: Log, call: CallRef, error: unknown) {
  log.warn({ callId: call.id, code: error instanceof GraphError ? error.code : 'unknown' }, 'It could not be hung up')
}
