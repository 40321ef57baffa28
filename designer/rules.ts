import { check, type Known } from '#flow/check.ts'
import { surroundingsOf } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { KnownNames } from '#flow/named.ts'
import type { RouteRule } from '#flow/routing.ts'
import { exampleOf } from '#flow/saying/example.ts'
import type { Shared } from '#flow/shared.ts'
import { stateWords } from './hours/stateWords.ts'

/**
 * What a flow is checked by, and how its expressions are read, with what it shares with other flows and the names that are known: a tenth of the page's script, for
 * which no drawing has to wait.
 */
export const rulesWith = ({ shared, names }: { shared: Shared; names: KnownNames }) => ({
  shared,
  /** What is wrong with a flow that answers this. */
  check: (flow: Flow, answers: readonly Pick<RouteRule, 'called'>[], { views, id }: Pick<Known, 'views' | 'id'> = {}) =>
    check(flow, {
      shared,
      names,
      answers: answers.map(({ called }) => called),
      ...(views && { views }),
      ...(id && { id }),
    }),
  surroundingsOf: (flow: Flow) => surroundingsOf(flow, shared),
  /** A prompt as callers may hear it. */
  exampleOf: (flow: Flow, text: string, names?: readonly string[]) =>
    exampleOf(text, surroundingsOf(flow, shared), names),
  stateWords,
})
