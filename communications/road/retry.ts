import type { GraphError } from './error.ts'

/** Retry-After is obeyed up to here; a longer one is taken for a mistake. */
export const mostObeyedMs = 3_600_000

export type Try = {
  /** Which try has just failed, from 1. */
  number: number
  elapsedMs: number
  error: GraphError
  /** Certain that Graph saw nothing of the request. */
  neverSent: boolean
  /** A new token was had for this request already. */
  renewed: boolean
}

type RetryRules = {
  /** Doing it twice has the same effect as doing it once. */
  repeatable: boolean
  /** No try begins later than this after the first. There are as many as that allows. */
  retryForMs: number
  hurried?: boolean
}

/** Throttled requests are told to come again in 1 to 10 s: a call survives that, with its first try and the spread. */
export const usualRetryForMs = 12_000
/** A caller rings for 15 s only: the last try has to begin in time to be taken. */
export const hurriedRetryForMs = 14_000
/** So long has a try that begins at the very end of the time: an answer mostly comes in a fifth of it. */
export const lastHurriedTryMs = 1_500

/** Where Graph does not say when to come again, waits double from this one to the longest. */
const firstWaitMs = 500
const longestWaitMs = 4_000
/** For no longer than this while a caller rings. */
const longestHurriedWaitMs = 1_000
/** Where it does: Retry-After of 0, again and again, is no leave to ask without a pause. */
const leastPauseMs = 125
const longestPauseMs = 1_000

/**
 * Milliseconds to wait before the next try, or null when there must be none. Pure.
 *
 * Graph's word is obeyed: 429, and 503 with Retry-After, say that nothing was done and when to come again. Any other failure may
 * hide a request that was carried out (timeout, reset, 5xx), so only a repeatable one is sent again.
 */
export function waitBeforeRetry(
  failed: Try,
  { repeatable, retryForMs, hurried = false }: RetryRules,
  random = Math.random,
): number | null {
  const { number, elapsedMs, error } = failed
  // A refused token can be older than the keys of the service: one new token, at once, whatever came before.
  if (error.status === 401 && error.code !== 'noToken') return failed.renewed ? null : 0

  if (!error.worthRetrying || !(repeatable || didNothing(failed))) return null

  // Never earlier than asked; the small spread keeps many waiting calls from coming back in one moment.
  const wait =
    error.retryAfterMs === null
      ? doubled(firstWaitMs, number, hurried ? longestHurriedWaitMs : longestWaitMs) * (0.75 + random() / 2)
      : Math.max(error.retryAfterMs + 5, doubled(leastPauseMs, number, longestPauseMs)) + random() * 95
  return elapsedMs + wait > retryForMs ? null : wait
}

const doubled = (firstMs: number, number: number, mostMs: number) => Math.min(firstMs * 2 ** (number - 1), mostMs)

/** Certain that Graph has not carried the request out. */
export function didNothing({ error, neverSent }: Pick<Try, 'error' | 'neverSent'>): boolean {
  const { status, retryAfterMs } = error
  if (status === null) return neverSent
  return neverSent || status < 500 || (status === 503 && retryAfterMs !== null)
}
