import { check, type Known } from '#flow/check.ts'
import { surroundingsOf } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import { exampleOf } from '#flow/saying/example.ts'
import type { Shared } from '#flow/shared.ts'
import { stateWords } from './hours/stateWords.ts'

/**
 * What a flow is checked by, and how its expressions are read, with what it shares with other flows: a tenth of the page's script, for
 * which no drawing has to wait.
 */
export const rulesWith = (shared: Shared) => ({
  shared,
  check: (flow: Flow, known: Omit<Known, 'shared'> = {}) => check(flow, { shared, ...known }),
  surroundingsOf: (flow: Flow) => surroundingsOf(flow, shared),
  /** A prompt as callers may hear it. */
  exampleOf: (flow: Flow, text: string, names?: readonly string[]) =>
    exampleOf(text, surroundingsOf(flow, shared), names),
  stateWords,
})
