import { check, type KnownNames } from '#flow/check.ts'
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
  check: (flow: Flow, known: { views?: ReadonlyMap<string, BlockView>; names?: KnownNames | undefined } = {}) =>
    check(flow, { shared, ...known }),
  surroundingsOf: (flow: Flow) => surroundingsOf(flow, shared),
  stateWords,
})
