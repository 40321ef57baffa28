import { flowMessages } from '#flow/messages/index.ts'
import { blockName, exitName, kindName } from '../canvas/names.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Viewed } from '../views.ts'
import type { Finding } from './finding.ts'

/** `exit` and `field`: what people call those that it is about. */
type ProblemText = { where: string; what: string; why: string; exit: string; field: string }

/** A problem in words: where it is, what is wrong, and why that matters. */
export function problemWords({ flow, views }: Viewed, problem: Finding): ProblemText {
  const block = problem.block === null ? undefined : flow.blocks[problem.block]
  const view = problem.block === null ? undefined : views.get(problem.block)
  const exit = view?.exits.find(({ name }) => name === problem.exit) ?? { name: problem.exit ?? '' }
  const field = problem.field?.split('.')[0] ?? ''
  const title = (block && flowMessages.blocks[block.type]?.fields[field]?.title) ?? field
  const names = { exit: exitName(exit), field: title, type: kindName(view?.kind) }
  const { what, why } = flowMessages.problem(problem, names)
  return { where: block ? blockName(block) : designerMessages.problems.flow, what, why, ...names }
}

/** The field of the settings that a problem is about, as the inspector names it; null when it is about none. */
export function fieldOf({ field, exit }: Finding): string | null {
  if (field !== undefined) return field
  return exit === undefined ? null : `exit:${exit}`
}
