import { BlockIssue } from './block.ts'
import { canAssign, type Expression } from './expressionFacts.ts'
import { type FlowChoice, type FlowFace, type FlowFaces, linkOf } from './subFlows.ts'
import type { ValueType } from './values.ts'

/** What is wrong with how a block enters another flow, as far as is known what that one is. */

/**
 * The face of the flow that a block means; null where nobody knows any.
 * @throws BlockIssue `unknownFlow`, `unknownVersion`; `notASubFlow` for one that cannot come back, `isASubFlow` for one that must
 */
export function faceFor(flow: FlowChoice, faces: FlowFaces | undefined, how: 'calls' | 'goes'): FlowFace | null {
  if (faces === undefined) return null
  const at = (version: number | null) => {
    const link = linkOf({ id: flow.id, version })
    return Object.hasOwn(faces, link) ? faces[link] : undefined
  }
  const face = at(flow.version)
  if (!face)
    throw new BlockIssue('flow', at(null) ? 'unknownVersion' : 'unknownFlow', at(null) ? `${flow.version}` : flow.name)
  if (how === 'calls' && face.parameters === null) throw new BlockIssue('flow', 'notASubFlow', flow.name)
  if (how === 'goes' && face.parameters !== null) throw new BlockIssue('flow', 'isASubFlow', flow.name)
  return face
}

type Given = readonly { name: string; expression: Expression }[]
type Kept = readonly { name: string; type: ValueType }[]

/** @throws BlockIssue for an exit, a parameter or a value that the two do not have in common */
export function checkCall(
  { parameters, exits, gives }: FlowFace,
  known: readonly string[],
  given: Given,
  kept: Kept,
): void {
  const gone = known.find((exit) => !exits.includes(exit))
  if (gone !== undefined) throw new BlockIssue('flow', 'exitGone', gone)
  const added = exits.find((exit) => !known.includes(exit))
  if (added !== undefined) throw new BlockIssue('flow', 'exitAdded', added)
  given.forEach(({ name, expression }, n) => {
    const taken = parameters?.find((one) => one.name === name)
    if (!taken) throw new BlockIssue(`parameters.${n}`, 'parameterUnknown', name)
    if (given.findIndex((one) => one.name === name) !== n)
      throw new BlockIssue(`parameters.${n}`, 'parameterTwice', name)
    if (!canAssign(taken.type, expression)) throw new BlockIssue(`parameters.${n}`, 'parameterType', name)
  })
  const missing = parameters?.find(({ name, required }) => required && !given.some((one) => one.name === name))
  if (missing) throw new BlockIssue('parameters', 'parameterMissing', missing.name)
  kept.forEach(({ name, type }, n) => {
    const given = gives.find((one) => one.name === name)
    if (!given) throw new BlockIssue(`results.${n}`, 'resultUnknown', name)
    if (given.type !== type) throw new BlockIssue(`results.${n}`, 'wrongType', name)
  })
}
