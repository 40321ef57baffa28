import * as z from 'zod'
import { FlowError } from './error.ts'
import type { Block, Flow, Variable } from './flow.ts'
import { namesBlocks } from './kinds.ts'
import type { Value } from './values.ts'

/** Every change that a hand can make to a flow, in our words and not the canvas's. */
export type Change =
  | { type: 'addBlock'; id: string; block: Block }
  /** Several at once, as they were copied, and the variables that they use; a variable of the flow stays as it is. */
  | { type: 'addBlocks'; blocks: Readonly<Record<string, Block>>; variables: Readonly<Record<string, Variable>> }
  /** `heal` leads what led to the block to where its only exit leads. */
  | { type: 'removeBlocks'; ids: readonly string[]; heal?: boolean }
  | { type: 'moveBlocks'; positions: Readonly<Record<string, { x: number; y: number }>> }
  | { type: 'connect'; block: string; exit: string; to: string }
  | { type: 'disconnect'; block: string; exit: string }
  /** Puts a new block between an exit and where it led; the new block goes on by `through`. */
  | { type: 'insertBlock'; id: string; block: Block; after: { block: string; exit: string }; through: string | null }
  | { type: 'renameBlock'; id: string; name: string }
  | { type: 'noteBlock'; id: string; note: string }
  /** `renamedExits` keeps links when a key or a condition changes its name. */
  | {
      type: 'changeSettings'
      id: string
      settings: Readonly<Record<string, Value>>
      renamedExits?: Readonly<Record<string, string>>
    }
  /** The block becomes one of another kind, and leads where it led. */
  | { type: 'changeKind'; id: string; block: Pick<Block, 'type' | 'name' | 'settings'> }
  | { type: 'renameFlow'; name: string }
  | { type: 'changeFlow'; apology?: string; onError?: string | null; onHangUp?: string | null }
  | { type: 'setVariable'; name: string; variable: Variable }
  | { type: 'removeVariable'; name: string }

/**
 * One change to a flow: gives back a new flow and leaves the old one as it is, sharing all that did not change.
 * @throws FlowError `unknownBlock` when the change names a block that is not there, `nameTaken` for an id in use.
 */
export function edit(flow: Flow, change: Change): Flow {
  switch (change.type) {
    case 'addBlock':
      return addBlock(flow, change.id, change.block)
    case 'addBlocks': {
      const added = Object.entries(change.blocks).reduce((before, [id, block]) => addBlock(before, id, block), flow)
      return { ...added, variables: { ...change.variables, ...flow.variables } }
    }
    case 'removeBlocks':
      return removeBlocks(flow, change.ids, change.heal ?? false)
    case 'moveBlocks': {
      const moved = Object.entries(change.positions).map(([id, position]) => [id, { ...blockOf(flow, id), position }])
      return { ...flow, blocks: { ...flow.blocks, ...Object.fromEntries(moved) } }
    }
    case 'connect': {
      blockOf(flow, change.to)
      return change1(flow, change.block, (block) => ({ ...block, exits: { ...block.exits, [change.exit]: change.to } }))
    }
    case 'disconnect':
      return change1(flow, change.block, (block) => ({ ...block, exits: without(block.exits, [change.exit]) }))
    case 'insertBlock': {
      const { block: before, exit } = change.after
      const to = blockOf(flow, before).exits[exit]
      const exits = change.through !== null && to !== undefined ? { [change.through]: to } : {}
      const added = addBlock(flow, change.id, { ...change.block, exits: { ...change.block.exits, ...exits } })
      return edit(added, { type: 'connect', block: before, exit, to: change.id })
    }
    case 'renameBlock':
      return change1(flow, change.id, (block) => ({ ...block, name: change.name }))
    case 'noteBlock':
      return change1(flow, change.id, ({ note: _, ...block }) =>
        change.note === '' ? block : { ...block, note: change.note },
      )
    case 'changeSettings':
      return change1(flow, change.id, (block) => ({
        ...block,
        settings: { ...change.settings },
        exits: Object.fromEntries(
          Object.entries(block.exits).map(([exit, to]) => [change.renamedExits?.[exit] ?? exit, to]),
        ),
      }))
    case 'changeKind':
      return change1(flow, change.id, (block) => ({ ...block, ...change.block }))
    case 'renameFlow':
      return { ...flow, name: change.name }
    case 'changeFlow': {
      const { type: _, ...fields } = change
      return { ...flow, ...fields }
    }
    case 'setVariable':
      return { ...flow, variables: { ...flow.variables, [change.name]: change.variable } }
    case 'removeVariable':
      return { ...flow, variables: without(flow.variables, [change.name]) }
  }
}

function addBlock(flow: Flow, id: string, block: Block): Flow {
  if (Object.hasOwn(flow.blocks, id)) throw new FlowError('nameTaken', id)
  return { ...flow, blocks: { ...flow.blocks, [id]: block } }
}

/** Removes blocks and every link to them. The block that a call begins with stays. */
function removeBlocks(flow: Flow, ids: readonly string[], heal: boolean): Flow {
  const gone = new Set(ids.filter((id) => id !== flow.start && blockOf(flow, id)))
  const healedTo = (to: string): string | null => {
    const seen = new Set<string>()
    let next = to
    while (gone.has(next)) {
      const [only, ...others] = new Set(Object.values(blockOf(flow, next).exits))
      if (!heal || only === undefined || others.length > 0 || seen.has(next)) return null
      seen.add(next)
      next = only
    }
    return next
  }
  const kept = Object.entries(flow.blocks).flatMap(([id, block]): [string, Block][] => {
    if (gone.has(id)) return []
    const speaksOf = [...Object.values(block.exits), ...namedBy(block).flatMap(([, ids]) => ids)]
    if (!speaksOf.some((to) => gone.has(to))) return [[id, block]]
    return [[id, relinked(block, healedTo, (to) => (gone.has(to) ? null : to))]]
  })
  return {
    ...flow,
    onHangUp: flow.onHangUp !== null && gone.has(flow.onHangUp) ? null : flow.onHangUp,
    onError: flow.onError !== null && gone.has(flow.onError) ? null : flow.onError,
    blocks: Object.fromEntries(kept),
  }
}

/**
 * The block with its links as `leadsTo` has them, and the blocks that its settings name as `isNow` has them: each without those for
 * which there is none.
 */
export function relinked(
  block: Block,
  leadsTo: (id: string) => string | null,
  isNow: (id: string) => string | null = leadsTo,
): Block {
  const exits = Object.entries(block.exits).flatMap(([exit, to]): [string, string][] => {
    const next = leadsTo(to)
    return next === null ? [] : [[exit, next]]
  })
  const named = namedBy(block).map(([name, ids]) => [name, ids.flatMap((id) => isNow(id) ?? [])])
  return { ...block, settings: { ...block.settings, ...Object.fromEntries(named) }, exits: Object.fromEntries(exits) }
}

/** The settings that name blocks, with their ids. */
const namedBy = ({ type, settings }: Block): [string, string[]][] =>
  namesBlocks(type).flatMap((name): [string, string[]][] => {
    const ids = z.array(z.string()).safeParse(settings[name]).data
    return ids ? [[name, ids]] : []
  })

function blockOf(flow: Flow, id: string): Block {
  const block = Object.hasOwn(flow.blocks, id) ? flow.blocks[id] : undefined
  if (block === undefined) throw new FlowError('unknownBlock', id)
  return block
}

const change1 = (flow: Flow, id: string, change: (block: Block) => Block): Flow => ({
  ...flow,
  blocks: { ...flow.blocks, [id]: change(blockOf(flow, id)) },
})

const without = <T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
