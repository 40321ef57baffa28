import type { Flow } from './flow.ts'
import type { BlockView } from './view.ts'

/**
 * The variables that may hold something sensitive: those of the type secret, those that digits marked as sensitive are kept in or that a sub-flow
 * gives back as such, and all
 * that is worked out of these, over any number of assignments. Without regard to the order in which a call comes to them.
 */
export function sensitiveVariables({ variables }: Flow, views: ReadonlyMap<string, BlockView>): ReadonlySet<string> {
  const sensitive = new Set(Object.keys(variables).filter((name) => variables[name]?.type === 'secret'))
  const made: { variable: string; from: readonly string[] }[] = []
  for (const { opened } of views.values()) {
    for (const { variable, expression, from = expression?.reads ?? [], sensitive: given } of opened?.sets ?? []) {
      if (opened?.sensitive || given) sensitive.add(variable)
      made.push({ variable, from })
    }
  }
  for (let before = -1; before !== sensitive.size; ) {
    before = sensitive.size
    for (const { variable, from } of made) if (from.some((name) => sensitive.has(name))) sensitive.add(variable)
  }
  return sensitive
}
