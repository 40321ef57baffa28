import type { Change } from '#flow/edit.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { type KnownKind, kinds } from '#flow/kinds.ts'
import type { Viewed } from '../views.ts'
import { heightOf, type Point } from './geometry.ts'
import { kindName } from './names.ts'
import { freeSpot, placeAfter, placeAside } from './place.ts'

/** An exit, named by its block. */
export type ExitRef = { block: string; exit: string }

/** Kinds that can be added: a call is answered only once, so there is one incoming call. */
export const kindsToAdd = (flow: Flow): KnownKind[] => {
  const start = flow.blocks[flow.start]?.type
  return kinds.filter(({ type }) => type !== start)
}

/** Kinds that can stand between an exit and the block that it leads to. */
export const kindsToInsert = (flow: Flow): KnownKind[] => kindsToAdd(flow).filter(({ ends }) => !ends)

/** The changes that add a block of a kind, and the id that it gets. */
export type NewBlock = { id: string; changes: Change[] }

/** Adds a block behind an exit; what the exit led to comes behind the new block. `at` overrules the place. */
export function addAfter(viewed: Viewed, kind: KnownKind, after: ExitRef, at?: Point): NewBlock {
  const exits = kind.face(kind.defaults()).exits
  const place = at ? { position: freeSpot(viewed, at, heightOf(exits)), moves: {} } : placeAfter(viewed, after, exits)
  const id = crypto.randomUUID()
  const block = blockOf(viewed.flow, kind, place.position)
  const through = exits[0]?.name ?? null
  const moves: Change[] = Object.keys(place.moves).length === 0 ? [] : [{ type: 'moveBlocks', positions: place.moves }]
  return { id, changes: [...moves, { type: 'insertBlock', id, block, after, through }] }
}

/** Adds a block that nothing leads to yet, at a place or beside all others. */
export function addLoose(viewed: Viewed, kind: KnownKind, at?: Point): NewBlock {
  const exits = kind.face(kind.defaults()).exits
  const position = at ? freeSpot(viewed, at, heightOf(exits)) : placeAside(viewed, exits)
  const id = crypto.randomUUID()
  return { id, changes: [{ type: 'addBlock', id, block: blockOf(viewed.flow, kind, position) }] }
}

/** Adds a block behind the first open exit of `selected`; without one, beside the others. */
export function addBehind(viewed: Viewed, kind: KnownKind, selected: string): NewBlock {
  const exit = firstOpenExit(viewed, selected)
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
  const label = kindName(kind)
  const taken = new Set(Object.values(flow.blocks).map(({ name }) => name))
  let name = label
  for (let n = 2; taken.has(name); n++) name = `${label} ${n}`
  return { type: kind.type, name, settings: kind.defaults(), exits: {}, position }
}
