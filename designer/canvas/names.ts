import type { Exit } from '#flow/block.ts'
import type { Block, Flow } from '#flow/flow.ts'
import type { KnownKind } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Counts } from '../problems/finding.ts'

const { canvas } = designerMessages

/** What a kind of block is called. */
export const kindName = (kind: KnownKind | undefined): string =>
  (kind && flowMessages.blocks[kind.type]?.label) ?? flowMessages.unknownBlock.label

/** What a block is called: the author's name for it, else its kind's. */
export const blockName = (block: Block | undefined): string =>
  block?.name || ((block && flowMessages.blocks[block.type]?.label) ?? flowMessages.unknownBlock.label)

/** What an exit is called in its row. */
export const exitName = ({ name, called = name, key, label }: Exit): string =>
  label || flowMessages.exits[called] || (key === undefined ? unnamed(name, label) : canvas.key(key))

// An exit that has a label by its nature is named by the author alone: its `name` is an id that means nothing to people.
const unnamed = (name: string, label: string | undefined): string => (label === undefined ? name : canvas.unnamed)

/** What an exit is called together with its block: "Main menu, key 1". */
export function portName(block: string, exit: Exit, onlyOne: boolean): string {
  if (onlyOne) return `${block}, ${canvas.next}`
  return `${block}, ${exit.key === undefined ? exitName(exit) : canvas.spokenKey(exit.key)}`
}

/** Where an exit leads that is not linked and need not be: to the failure path of the flow, if something is said there. */
export function unlinkedName({ optional, fallback }: Exit, { blocks, onError, apology }: Flow): string | undefined {
  if (!optional || fallback !== undefined) return undefined
  if (onError !== null) return blockName(blocks[onError])
  return apology.trim() === '' ? undefined : canvas.apology
}

/** How a link is spoken: "Main menu, key 1, to Sales". */
export const linkName = (port: string, to: string | undefined): string =>
  `${port}, ${to === undefined ? canvas.leadsNowhere : canvas.leadsTo(to)}`

/** How a block is spoken: "Menu, Main menu, 5 outcomes, 1 problem". */
export function spokenBlock(parts: {
  kind: string
  name: string
  exits: number
  counts: Counts
  visit?: number | undefined
}): string {
  const { errors, warnings, todo } = parts.counts
  return [
    parts.kind,
    parts.name,
    canvas.outcomes(parts.exits),
    ...(todo === 0 ? [] : [canvas.thingsToDo(todo)]),
    ...(errors + warnings === 0 ? [] : [canvas.problems(errors + warnings)]),
    ...(parts.visit === undefined ? [] : [canvas.step(parts.visit)]),
  ].join(', ')
}
