import { type CallRef, type Transfer, tryWhileRingingMs } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { sleep } from '#ground/clock.ts'
import { type Soon, whenThere } from '#ground/soon.ts'
import type { Live } from './live.ts'
import type { Session } from './session.ts'

/** How long the requests of a call are tried, and when they need not be any more: Graph's storms pass, callers do not wait for ever. */

/**
 * How long what a caller waits for is tried: as long as the caller holds the line, and a minute at most, since Graph's storms pass and
 * silence that lasts longer is none that anybody bears.
 */
export const callerHoldsMs = 60_000
/** A prompt that was not silenced by then has mostly been spoken. */
export const silencingMs = 5_000

/** What is left of the 15 s that a caller rings is for turning away. */
export const answeringMs = 11_000

/** So long a rejection has for itself before a hang-up is tried beside it. */
const hangUpAfterMs = 500

/** By then a transfer that was taken shows in the state of the call. Not documented. */
const transferShowsMs = 1_000

type Graph = Pick<Live, 'calls' | 'clock'>

/** Whether the flow is at this visit still, or waits for the service that it asked there. Another process may have moved it on, or ended the call. */
export const isAwaited = (
  { callId }: Session,
  visit: number | null,
  { sessions }: Pick<Live, 'sessions'>,
): Soon<boolean> =>
  visit === null ||
  whenThere(
    sessions.load(callId),
    (now) => now !== undefined && now !== 'over' && (now.state.visit === visit || now.state.asking === visit),
  )

/**
 * Asks for a transfer until Graph has taken it. One that was not answered may be under way, and somebody would be called twice: Graph
 * is asked first how the call stands.
 */
export async function transferOnce(
  ref: CallRef,
  ask: Transfer,
  until: AbortSignal,
  { calls, clock }: Graph,
): Promise<void> {
  const end = clock.now() + callerHoldsMs
  for (;;) {
    const how = { until, retryForMs: Math.max(0, end - clock.now()) }
    try {
      return await calls.transfer(ref, ask, how)
    } catch (error) {
      const isUnknown = error instanceof GraphError && error.worthRetrying && !error.neverSent
      if (!isUnknown || clock.now() + transferShowsMs > end) throw error
    }
    await sleep(clock, transferShowsMs, until)
    const { state } = await calls.get(ref, how)
    if (state !== 'established') return
  }
}

/**
 * A caller who rings, and whom no answer got through to, hears that it is busy. A hang-up ends the ringing as well, and Graph asks for
 * pauses of each request by itself: the first that it takes is enough.
 */
export async function turnAway({ callId, ref }: Session, { calls, clock, underway }: Graph & Pick<Live, 'underway'>) {
  // Stopped by the call's end, and by the first that is taken.
  const until = underway.begin(callId)
  const rejected = calls.reject(ref, { reason: 'busy' }, { until }).then(() => until.abort())
  const hangUp = async () => {
    await Promise.race([rejected.catch(() => {}), sleep(clock, hangUpAfterMs, until)])
    if (!until.aborted) await calls.hangUp(ref, { until, timeoutMs: tryWhileRingingMs })
  }
  const hungUp = hangUp()
  try {
    await Promise.any([rejected, hungUp])
  } catch {
    await hungUp
  } finally {
    until.abort()
    underway.done(callId, until)
  }
}
