import type { Facts } from './block.ts'
import type { Flow } from './flow.ts'

type Blocks = Iterable<{ readonly opened: Facts | null }>

/**
 * The variables that may hold something sensitive: those of the type secret, those that digits marked as sensitive are kept in or that a sub-flow
 * gives back as such, and all
 * that is worked out of these, over any number of assignments. Without regard to the order in which a call comes to them.
 */
export function sensitiveVariables({ variables }: Pick<Flow, 'variables'>, blocks: Blocks): ReadonlySet<string> {
  const sensitive = new Set(Object.keys(variables).filter((name) => variables[name]?.type === 'secret'))
  const made: { variable: string; from: readonly string[] }[] = []
  for (const { opened } of blocks) {
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

/**
 * The variables that are told where they are written down or seen by others, or said aloud though a secret may not be; and all that these
 * are worked out of. What goes into another flow is for that one to tell.
 */
export function toldVariables(blocks: Blocks): ReadonlySet<string> {
  const told = new Set<string>()
  const made: { variable: string; from: readonly string[] }[] = []
  for (const { opened } of blocks) {
    const tells = opened?.enters === undefined ? (opened?.tells ?? []) : []
    for (const name of [...(opened?.saysOpenly ?? []), ...tells.flatMap(({ reads }) => reads)]) told.add(name)
    for (const { variable, expression, from = expression?.reads ?? [] } of opened?.sets ?? [])
      made.push({ variable, from })
  }
  for (let before = -1; before !== told.size; ) {
    before = told.size
    for (const { variable, from } of made) if (told.has(variable)) for (const name of from) told.add(name)
  }
  return told
}
