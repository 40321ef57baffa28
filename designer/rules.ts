import { check } from '#flow/check.ts'
import { surroundingsOf } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { Shared } from '#flow/shared.ts'
import type { BlockView } from '#flow/view.ts'
import { stateWords } from './hours/stateWords.ts'

/**
 * What a flow is checked by, and how its expressions are read, with what it shares with other flows: a tenth of the page's script, for
 * which no drawing has to wait.
 */
export const rulesWith = (shared: Shared) => ({
  shared,
  /** `answers`: the addresses that lead to the flow. */
  check: (flow: Flow, answers: readonly (string | null)[], views?: ReadonlyMap<string, BlockView>) =>
    check(flow, { shared, answers, ...(views && { views }) }),
  surroundingsOf: (flow: Flow) => surroundingsOf(flow, shared),
  stateWords,
})
