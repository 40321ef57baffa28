import type { Exit } from '#flow/block.ts'
import { type Change, edit } from '#flow/edit.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { isEntry, type KnownKind, kinds } from '#flow/kinds.ts'
import { freeName } from '#flow/namesLike.ts'
import { type Viewed, viewedOf } from '../views.ts'
import { type Point, sideOf, sizeOf } from './geometry.ts'
import { kindName } from './names.ts'
import { freeSpot, placeAfter, placeAside } from './place.ts'
import { placeTidied } from './tidy.ts'

/** An exit, named by its block. */
export type ExitRef = { block: string; exit: string }

/** How flows begin: each has one of these, and it is there already. */
const starts: ReadonlySet<string> = new Set(['incomingCall', 'subFlowStart'])

/** Kinds that can be added: what only a sub-flow can do is offered in those only. */
export const kindsToAdd = (flow: Flow): KnownKind[] => {
  const start = flow.blocks[flow.start]?.type ?? ''
  return kinds.filter(({ type }) =>
    starts.has(type) ? !starts.has(start) : type !== 'subFlowEnd' || start === 'subFlowStart',
  )
}

/** Kinds that an exit can lead to. */
export const kindsToLink = (flow: Flow): KnownKind[] => kindsToAdd(flow).filter(({ entry }) => !entry)

/** Kinds that can stand between an exit and the block that it leads to. */
export const kindsToInsert = (flow: Flow): KnownKind[] => kindsToLink(flow).filter(({ ends }) => !ends)

/** The changes that add a block of a kind, and the id that it gets. */
export type NewBlock = { id: string; changes: Change[] }

/** Adds a block behind an exit; what the exit led to comes behind the new block. `at` overrules the place. */
export function addAfter(viewed: Viewed, kind: KnownKind, after: ExitRef, at?: Point): NewBlock {
  const { exits } = kind.face(kind.defaults())
  const block = blockOf(viewed.flow, kind, at ? freeSpot(viewed, at, sizeOf(exits)) : origin)
  const place = at ? { position: block.position, moves: {} } : placeInto(viewed, block, exits, after)
  const id = crypto.randomUUID()
  const moves: Change[] = Object.keys(place.moves).length === 0 ? [] : [{ type: 'moveBlocks', positions: place.moves }]
  const placed = { ...block, position: place.position }
  return { id, changes: [...moves, { type: 'insertBlock', id, block: placed, after, through: throughOf(exits) }] }
}

const origin: Point = { x: 0, y: 0 }

/** A block that only goes on stands where the link led; one with rows has what comes next beside one of them. */
function placeInto(viewed: Viewed, block: Block, exits: readonly Exit[], after: ExitRef) {
  const through = sideOf(exits) === 'row' ? throughOf(exits) : null
  return (through !== null && placeTidied(viewed, block, after, through)) || placeAfter(viewed, after, exits)
}

/**
 * The exit by which a block that is put into a link goes on to where the link led: "Done", "Number typed", "Otherwise". None of a menu does:
 * what a key means its author has to say, else callers who press it would go where nobody chose.
 */
const throughOf = (exits: readonly Exit[]): string | null =>
  exits.some(({ key }) => key !== undefined) ? null : (exits.find(({ label }) => label === undefined)?.name ?? null)

/** True for a block that can be dropped on a link: nothing leads to it, and it goes on to nothing yet. */
export function isLoose({ flow, views }: Viewed, id: string): boolean {
  const block = flow.blocks[id]
  const view = views.get(id)
  if (!block || isEntry(flow, id) || !view?.kind || view.kind.ends) return false
  const through = throughOf(view.exits)
  const leadsOn = through !== null && block.exits[through] !== undefined
  return !leadsOn && Object.values(flow.blocks).every(({ exits }) => !Object.values(exits).includes(id))
}

/** Puts a block that is there already between an exit and where it leads. */
export function insertExisting(viewed: Viewed, id: string, after: ExitRef): Change[] {
  const { flow, views } = viewed
  const exits = views.get(id)?.exits ?? []
  const through = throughOf(exits)
  const to = flow.blocks[after.block]?.exits[after.exit]
  const others = viewedOf(edit(flow, { type: 'removeBlocks', ids: [id] }), viewed)
  const block = flow.blocks[id]
  const { position, moves } = block ? placeInto(others, block, exits, after) : placeAfter(others, after, exits)
  return [
    { type: 'moveBlocks', positions: { ...moves, [id]: position } },
    ...(through === null || to === undefined ? [] : [{ type: 'connect', block: id, exit: through, to } as const]),
    { type: 'connect', block: after.block, exit: after.exit, to: id },
  ]
}

/** Adds a block that nothing leads to yet, at a place or beside all others. */
export function addLoose(viewed: Viewed, kind: KnownKind, at?: Point): NewBlock {
  const exits = kind.face(kind.defaults()).exits
  const position = at ? freeSpot(viewed, at, sizeOf(exits)) : placeAside(viewed, exits)
  const id = crypto.randomUUID()
  return { id, changes: [{ type: 'addBlock', id, block: blockOf(viewed.flow, kind, position) }] }
}

/** Adds a block behind the first open exit of `selected`; without one, beside the others. */
export function addBehind(viewed: Viewed, kind: KnownKind, selected: string): NewBlock {
  const exit = kind.entry ? undefined : firstOpenExit(viewed, selected)
  if (exit !== undefined) return addAfter(viewed, kind, { block: selected, exit })
  const beside = viewed.flow.blocks[selected]?.position
  return addLoose(viewed, kind, beside && { x: beside.x, y: beside.y })
}

function firstOpenExit({ flow, views }: Viewed, id: string): string | undefined {
  const linked = flow.blocks[id]?.exits ?? {}
  const isOpen = ({ name }: { name: string }) => flow.blocks[linked[name] ?? ''] === undefined
  const exits = views.get(id)?.exits ?? []
  return (exits.find((exit) => isOpen(exit) && !exit.optional) ?? exits.find(isOpen))?.name
}

function blockOf(flow: Flow, kind: KnownKind, position: Point): Block {
  const names = new Set(Object.values(flow.blocks).map(({ name }) => name))
  const name = freeName(kindName(kind), (one) => names.has(one))
  return { type: kind.type, name, settings: kind.defaults(), exits: {}, position }
}
