import { answerId, apologyId, hangUpId } from './addedBlocks.ts'

/**
 * Why a step of a call failed its caller, as one word: the telephone's code ("403/7504") or one of ours; `notTaken`: it was not told why
 * nobody took the caller; `noAnswer`: nobody did in time. Null for a step that went as drawn, and for what a flow does by itself when
 * something has failed already.
 */
export function failureOf(step: { block: string; event: string; exit: string | null; detail: unknown }): string | null {
  const { block, event, exit, detail } = step
  if ([answerId, apologyId, hangUpId].includes(block)) return null
  if (event !== 'failed' && exit !== 'failed' && exit !== 'error') return null
  const { problem, waited } = detailOf(detail)
  if (typeof problem === 'string') return problem
  if (waited === true) return 'noAnswer'
  return exit === 'failed' ? 'notTaken' : 'failed'
}

/** What a step says about itself, by name. */
export const detailOf = (detail: unknown): Readonly<Record<string, unknown>> =>
  typeof detail === 'object' && detail !== null ? { ...detail } : {}
