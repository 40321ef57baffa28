import type { Flow } from '#flow/flow.ts'
import type { Viewed } from '../views.ts'
import {
  type Box,
  bounds,
  boxesOf,
  boxOf,
  heightOf,
  measures,
  overlaps,
  type Point,
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
 * The place of a new block behind an exit: below a port that only goes on, else in the next column beside its row.
 * Put into a link it takes the place of the block that the link led to, which gives way downwards or to the right.
 */
export function placeAfter(viewed: Viewed, after: { block: string; exit: string }, newExits: Exits): Place {
  const { flow, views } = viewed
  const source = flow.blocks[after.block]
  const exits = views.get(after.block)?.exits ?? []
  if (!source) return { position: freeSpot(viewed, { x: 0, y: 0 }, sizeOf(newExits)), moves: {} }
  const height = heightOf(newExits)
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
  if (!target || !inLine) return { position: freeSpot(viewed, wanted, sizeOf(newExits)), moves: {} }

  const position = side === 'below' ? wanted : target
  const moves = makeRoom(flow, position, target, side === 'row' && sideOf(newExits) === 'row', height)
  const place = { position, moves }
  // Blocks that stand crosswise may be in the way all the same; then none is moved.
  return isClear(viewed, place, height) ? place : { position: freeSpot(viewed, wanted, sizeOf(newExits)), moves: {} }
}

/** Which blocks give way: all columns from the target on to the right, or its own column downwards. */
function makeRoom(flow: Flow, position: Point, target: Point, toTheRight: boolean, height: number): Positions {
  if (toTheRight) {
    return shift(flow, ({ x }) => x >= target.x, { x: measures.width + measures.columnGap, y: 0 })
  }
  const by = Math.max(0, height + measures.stackGap - (target.y - position.y))
  const inColumn = (point: Point) => Math.abs(point.x - target.x) < measures.width && point.y >= target.y
  return by === 0 ? {} : shift(flow, inColumn, { x: 0, y: Math.ceil(by / measures.grid) * measures.grid })
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
      y: Math.ceil(Math.max(...inTheWay.map((other) => other.y + other.height)) / measures.grid) * measures.grid,
    }
  }
}

const shift = (flow: Flow, which: (position: Point) => boolean, by: Point): Positions =>
  Object.fromEntries(
    Object.entries(flow.blocks)
      .filter(([, { position }]) => which(position))
      .map(([id, { position }]) => [id, { x: position.x + by.x, y: position.y + by.y }]),
  )
