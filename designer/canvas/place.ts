import { type Change, edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { type Viewed, viewedOf } from '../views.ts'
import {
  type Box,
  bounds,
  boxesOf,
  boxOf,
  boxOfBlock,
  heightOf,
  measures,
  overlaps,
  type Point,
  type PortSide,
  portOfExit,
  sideOf,
  sizeOf,
  snapped,
} from './geometry.ts'

type Positions = Readonly<Record<string, Point>>
type Exits = Parameters<typeof heightOf>[0]

/** Where a new block goes, and which blocks make room for it. */
export type Place = { position: Point; moves: Positions }

/**
 * The place of a new block behind an exit: below a port that only goes on, else in the next column beside its row, below the targets of the
 * rows before. What comes next gives way downwards. Put into a link it takes the place of the block that the link led to, which gives way
 * downwards or to the right.
 */
export function placeAfter(viewed: Viewed, after: { block: string; exit: string }, newExits: Exits): Place {
  const { flow, views } = viewed
  const source = flow.blocks[after.block]
  const exits = views.get(after.block)?.exits ?? []
  const size = sizeOf(newExits)
  if (!source) return { position: freeSpot(viewed, { x: 0, y: 0 }, size), moves: {} }
  const side = sideOf(exits)
  const port = portOfExit(exits, after.exit)
  const wanted: Point =
    side === 'below'
      ? { x: source.position.x, y: source.position.y + heightOf(exits) + measures.stackGap }
      : {
          x: source.position.x + measures.width + measures.columnGap,
          y: snapped(source.position.y + port.y - measures.entry),
        }
  const target = flow.blocks[source.exits[after.exit] ?? '']?.position
  const inLine =
    target && (side === 'below' ? Math.abs(target.x - wanted.x) < 1 && target.y >= wanted.y : target.x >= wanted.x)
  const rowsBefore = exits.slice(
    0,
    exits.findIndex(({ name }) => name === after.exit),
  )
  const place =
    target && inLine
      ? inPlaceOf(flow, target, { wanted, side, newExits })
      : between(viewed, wanted, size.height, new Set(rowsBefore.map(({ name }) => source.exits[name] ?? '')))
  // Blocks that stand crosswise may be in the way all the same; then none is moved.
  return isClear(viewed, place, size.height) ? place : { position: freeSpot(viewed, wanted, size), moves: {} }
}

function inPlaceOf(flow: Flow, target: Point, put: { wanted: Point; side: PortSide; newExits: Exits }): Place {
  const position = put.side === 'below' ? put.wanted : target
  if (put.side === 'row' && sideOf(put.newExits) === 'row') {
    const by = { x: measures.width + measures.columnGap, y: 0 }
    return { position, moves: shift(flow, ({ x }) => x >= target.x, by) }
  }
  return { position, moves: giveWay(flow, target, position.y + heightOf(put.newExits)) }
}

/** In a column, below what begins above and below `before`; what begins further down gives way. */
function between(viewed: Viewed, wanted: Point, height: number, before: ReadonlySet<string>): Place {
  const column = [...boxesOf(viewed)]
    .filter(([, { x }]) => Math.abs(x - wanted.x) < measures.width + measures.columnGap / 4)
    .sort(([, a], [, b]) => a.y - b.y)
  let y = snapped(wanted.y)
  const walked = new Set<string>()
  for (const [id, box] of column) {
    // What others lead to as well may stand anywhere.
    const isBeside = before.has(id) && (box.y < y + height + measures.stackGap || linksTo(viewed.flow, id) === 1)
    const isAbove = box.y < y || isBeside
    if (isAbove && !walked.has(id)) y = Math.max(y, onGrid(endOfRun(viewed, id, walked) + measures.stackGap))
  }
  const next = column.find(([, box]) => box.y >= y)?.[1]
  return { position: { x: snapped(wanted.x), y }, moves: next ? giveWay(viewed.flow, next, y + height) : {} }
}

const linksTo = ({ blocks }: Flow, id: string): number =>
  Object.values(blocks).reduce((sum, { exits }) => sum + Object.values(exits).filter((to) => to === id).length, 0)

/** Where a block ends, with all that only goes on below it. */
function endOfRun(viewed: Viewed, id: string, walked: Set<string>): number {
  walked.add(id)
  const exits = viewed.views.get(id)?.exits ?? []
  const box = boxOfBlock(viewed, id) ?? { x: 0, y: 0, height: 0 }
  const end = box.y + box.height
  const next = sideOf(exits) === 'below' ? viewed.flow.blocks[id]?.exits[exits[0]?.name ?? ''] : undefined
  const at = next === undefined ? undefined : viewed.flow.blocks[next]?.position
  return next !== undefined && at?.x === box.x && at.y >= end ? endOfRun(viewed, next, walked) : end
}

/** A block, and what stands below or beside it to the right, makes room for what ends at `end`: so targets stay beside their rows. */
function giveWay(flow: Flow, from: Point, end: number): Positions {
  const by = onGrid(Math.max(0, end + measures.stackGap - from.y))
  if (by === 0) return {}
  return shift(flow, ({ x, y }) => x > from.x - measures.width && y >= from.y, { x: 0, y: by })
}

/** The changes, and the room that blocks need which get more rows by them. */
export function withRoom(viewed: Viewed, changes: readonly Change[]): readonly Change[] {
  const growing = changes.flatMap((one) =>
    one.type === 'changeSettings' ? one.id : one.type === 'connect' && one.exit === 'error' ? one.block : [],
  )
  const [id] = growing
  const box = id === undefined ? undefined : boxOfBlock(viewed, id)
  if (id === undefined || !box) return changes
  const after = viewedOf(changes.reduce(edit, viewed.flow), viewed)
  const height = heightOf(after.views.get(id)?.exits ?? [])
  const below = [...boxesOf(viewed).values()]
    .filter(({ x, y }) => Math.abs(x - box.x) < measures.width && y > box.y)
    .sort((a, b) => a.y - b.y)[0]
  const positions = below && height > box.height ? giveWay(viewed.flow, below, box.y + height) : {}
  return Object.keys(positions).length === 0 ? changes : [{ type: 'moveBlocks', positions }, ...changes]
}

function isClear({ flow, views }: Viewed, { position, moves }: Place, height: number): boolean {
  const placed = Object.entries(flow.blocks).map(([id, block]) => ({
    box: boxOf(moves[id] ?? block.position, views.get(id)?.exits ?? []),
    moved: moves[id] !== undefined,
  }))
  placed.push({ box: { ...position, width: measures.width, height }, moved: true })
  return placed.every((one) => !one.moved || placed.every((other) => other === one || !overlaps(one.box, other.box)))
}

/** The place of a new block that nothing leads to: to the right of all that is there, at the top. */
export function placeAside(viewed: Viewed, newExits: Exits): Point {
  const all = bounds([...boxesOf(viewed).values()])
  return freeSpot(viewed, { x: all.x + all.width + measures.columnGap, y: all.y }, sizeOf(newExits))
}

/** The nearest spot at or below a point where what is so large stands clear of all blocks. */
export function freeSpot(viewed: Viewed, wanted: Point, { width, height }: Omit<Box, keyof Point>): Point {
  // Above and below as in a stack: the label of a link that runs back stands there.
  const room = measures.stackGap
  const others = [...boxesOf(viewed).values()].map((box) => ({
    ...box,
    y: box.y - room,
    height: box.height + 2 * room,
  }))
  const beside = measures.columnGap / 4
  let spot = { x: snapped(wanted.x), y: snapped(wanted.y) }
  for (;;) {
    const box = { ...spot, width, height }
    const inTheWay = others.filter((other) =>
      overlaps({ ...box, x: box.x - beside, width: box.width + 2 * beside }, other),
    )
    if (inTheWay.length === 0) return spot
    spot = {
      x: spot.x,
      y: onGrid(Math.max(...inTheWay.map((other) => other.y + other.height))),
    }
  }
}

const onGrid = (value: number): number => Math.ceil(value / measures.grid) * measures.grid

const shift = (flow: Flow, which: (position: Point) => boolean, by: Point): Positions =>
  Object.fromEntries(
    Object.entries(flow.blocks)
      .filter(([, { position }]) => which(position))
      .map(([id, { position }]) => [id, { x: position.x + by.x, y: position.y + by.y }]),
  )
