import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, sleep } from '#ground/clock.ts'
import { GraphError } from '../road/error.ts'
import { didNothing } from '../road/retry.ts'
import type { Call } from '../wire/types.ts'
import type { Calls, NewCall, Options } from './calls.ts'

export type PlacerSettings = {
  calls: Pick<Calls, 'create' | 'hangUp'>
  /** The callback address of one attempt: the secret must be part of it, and come back with each notification on that address. */
  callbackUriFor(secret: string): string
  /** An attempt without an answer is repeated only after so long without a callback. */
  silenceMs?: number
  mostAttempts?: number
  clock?: Clock
}

/** A call to be made, whose callback address comes from here. */
export type CallToPlace = WithoutCallback<NewCall>
type WithoutCallback<One> = One extends unknown ? Omit<One, 'callbackUri'> : never

export type Placed =
  | { outcome: 'placed'; call: Call & { id: string }; secret: string; attempts: number }
  /** Nobody can say whether somebody was called. `error` is what the last attempt met. Tell a person; do not call again. */
  | { outcome: 'unknown'; attempts: number; error: GraphError }

/**
 * What a callback belongs to: `current` is a call to be followed; `superseded` came so late that another attempt was made, and has
 * been hung up; `late` came after `unknown` was reported; `stranger` is no secret of this process (any more).
 */
export type Whose = 'current' | 'superseded' | 'late' | 'stranger'

export type Placer = ReturnType<typeof createPlacer>

type Attempt = {
  state: 'open' | 'current' | 'superseded' | 'late'
  tenantId: string
  callId: string | null
  wake(): void
}

/**
 * Makes calls without ever calling somebody twice for a lost answer. Graph has no idempotency key, so each attempt has a random
 * address of its own for its callbacks: one that arrives there proves that the attempt was carried out.
 */
export function createPlacer(settings: PlacerSettings) {
  const { calls, callbackUriFor, silenceMs = 30_000, mostAttempts = 2, clock = realClock } = settings
  const attempts = new BoundedMap<string, Attempt>(10_000)

  function begin(tenantId: string): { secret: string; attempt: Attempt; callbackUri: string; heard: AbortSignal } {
    const secret = crypto.randomUUID()
    const callbackUri = callbackUriFor(secret)
    if (!callbackUri.includes(secret)) throw new TypeError('callbackUriFor must put the secret into the address.')
    const news = new AbortController()
    const attempt: Attempt = { state: 'open', tenantId, callId: null, wake: () => news.abort() }
    attempts.set(secret, attempt)
    return { secret, attempt, callbackUri, heard: news.signal }
  }

  return {
    /** Like `calls.create`, but settles what a lost answer leaves open. Throws GraphError where it is certain that nobody was called. */
    async place(call: CallToPlace, options: Options = {}): Promise<Placed> {
      const earlier: Attempt[] = []
      for (let number = 1; ; number += 1) {
        const { secret, attempt, callbackUri, heard } = begin(call.tenantId)
        try {
          const created = await calls.create({ ...call, callbackUri }, options)
          attempt.state = 'current'
          return { outcome: 'placed', call: created, secret, attempts: number }
        } catch (error) {
          if (!(error instanceof GraphError)) {
            attempts.delete(secret)
            throw error
          }
          if (isCertain(error)) {
            attempts.delete(secret)
            if (earlier.length === 0) throw error
            // Those before it may ring all the same, and nothing took their place.
            for (const one of earlier) if (one.callId === null) one.state = 'late'
            return { outcome: 'unknown', attempts: number, error }
          }
          const { signal } = options
          if (attempt.callId === null) await sleep(clock, silenceMs, signal ? AbortSignal.any([heard, signal]) : heard)
          if (attempt.callId !== null) {
            attempt.state = 'current'
            return { outcome: 'placed', call: { id: attempt.callId }, secret, attempts: number }
          }
          if (signal?.aborted || number >= mostAttempts) {
            attempt.state = 'late'
            return { outcome: 'unknown', attempts: number, error }
          }
          attempt.state = 'superseded'
          earlier.push(attempt)
        }
      }
    },

    /** To be told of every callback that arrives on an address of a placer, wherever it arrives, with its call's id. */
    heard(secret: string, callId: string): Whose {
      const attempt = attempts.get(secret)
      if (!attempt) return 'stranger'
      const isFirst = attempt.callId === null
      attempt.callId = callId
      attempt.wake()
      if (attempt.state === 'superseded' && isFirst) {
        // That it is gone, or cannot be reached, changes nothing for the call that took its place.
        calls.hangUp({ id: callId, tenantId: attempt.tenantId }).catch(() => {})
      }
      return attempt.state === 'open' ? 'current' : attempt.state
    },
  }
}

/** Nobody was called: it never left, or Graph said no. */
function isCertain(error: GraphError): boolean {
  if (error.code === 'unreadableAnswer') return false
  if (error.status === null) return error.neverSent
  return error.code === 'noToken' || didNothing({ error, neverSent: false })
}
