import type { Exit } from '#flow/block.ts'
import type { Viewed } from '../views.ts'

/** Measures of a block in pixels at 100 %. They are known before anything is drawn, so React Flow never measures. */
export const measures = {
  width: 240,
  top: 84,
  row: 32,
  /** Above the first row, the divider included, and below the last one. */
  rowsBefore: 5,
  rowsAfter: 4,
  /** Links from a row come in at the left edge, this far down. */
  entry: 30,
  columnGap: 80,
  stackGap: 60,
  grid: 8,
} as const

export type Point = { x: number; y: number }
export type Box = Point & { width: number; height: number }

/** Where a port stands: on the right edge beside its row, or in the middle of the lower edge. */
export type PortSide = 'row' | 'below'

/** Exits that only go on. A block whose single exit is one of them has no rows but one port below. */
const onward = new Set(['next', 'done'])

export const sideOf = (exits: readonly Exit[]): PortSide =>
  exits.length === 1 && onward.has(exits[0]?.name ?? '') ? 'below' : 'row'

/** The exits that are drawn as rows. */
export const rowsOf = (exits: readonly Exit[]): readonly Exit[] => (sideOf(exits) === 'below' ? [] : exits)

export function heightOf(exits: readonly Exit[]): number {
  const rows = rowsOf(exits).length
  return rows === 0 ? measures.top : measures.top + measures.rowsBefore + rows * measures.row + measures.rowsAfter
}

/** How large a block with these exits is. */
export const sizeOf = (exits: readonly Exit[]) => ({ width: measures.width, height: heightOf(exits) })

/** What a block of the flow covers; undefined when there is no such block. */
export const boxOfBlock = ({ flow, views }: Viewed, id: string): Box | undefined => {
  const block = flow.blocks[id]
  return block && boxOf(block.position, views.get(id)?.exits ?? [])
}

/** What each block of the flow covers. */
export const boxesOf = ({ flow, views }: Viewed): ReadonlyMap<string, Box> =>
  new Map(Object.entries(flow.blocks).map(([id, { position }]) => [id, boxOf(position, views.get(id)?.exits ?? [])]))

export const boxOf = ({ x, y }: Point, exits: readonly Exit[]): Box => ({
  x,
  y,
  ...sizeOf(exits),
})

/** The point of an exit's port on the edge of its block, seen from the block's corner; one that is not there has the first. */
export function portOfExit(exits: readonly Exit[], exit: string): Point {
  const row = exits.findIndex(({ name }) => name === exit)
  return portAt(exits, Math.max(0, row))
}

/** The same, with the exits counted from 0. */
export const portAt = (exits: readonly Exit[], row: number): Point =>
  sideOf(exits) === 'below'
    ? { x: measures.width / 2, y: heightOf(exits) }
    : { x: measures.width, y: measures.top + measures.rowsBefore + measures.row * (row + 0.5) }

/** Where a link comes in, seen from the corner of the block it leads to. */
export const entryAt = (side: PortSide): Point =>
  side === 'below' ? { x: measures.width / 2, y: 0 } : { x: 0, y: measures.entry }

export const snapped = (value: number): number => Math.round(value / measures.grid) * measures.grid

export const bounds = (boxes: readonly Box[]): Box => {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  }
}

/** True when two boxes come nearer to each other than `margin`. */
export const overlaps = (a: Box, b: Box, margin = 0): boolean =>
  a.x < b.x + b.width + margin &&
  b.x < a.x + a.width + margin &&
  a.y < b.y + b.height + margin &&
  b.y < a.y + a.height + margin
