/**
 * How often a caller is asked again. Silence and wrong input are counted apart, and together.
 * A kind that has used up its own tries leaves by its own exit; only then does the total count.
 */
export type RetryKind = 'noInput' | 'wrongInput'

export type Tries = { readonly noInput: number; readonly wrongInput: number }

export const noTries: Tries = { noInput: 0, wrongInput: 0 }

export type RetryLimits = {
  readonly noInput: number
  readonly wrongInput: number
  /** Of both kinds together; null: only each kind's own limit counts. */
  readonly total: number | null
}

export type Verdict = { again: Tries } | { exit: 'own' | 'maxRetries' }

/** Counts one more failed try and says whether the caller is asked again. */
export function failedTry(tries: Tries, kind: RetryKind, limits: RetryLimits): Verdict {
  const counted = { ...tries, [kind]: tries[kind] + 1 }
  if (counted[kind] > limits[kind]) return { exit: 'own' }
  if (limits.total !== null && counted.noInput + counted.wrongInput > limits.total) return { exit: 'maxRetries' }
  return { again: counted }
}
