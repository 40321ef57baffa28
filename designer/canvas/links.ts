import type { Viewed } from '../views.ts'
import {
  type Box,
  boxesOf,
  entryAt,
  measures,
  overlaps,
  type Point,
  type PortSide,
  portAt,
  sideOf,
} from './geometry.ts'

/** Where a line turns: so many pixels after the block that it leaves, or before the one that it comes to. */
export type Lane = { from: 'source' | 'target'; distance: number }

/** One link. `lane: null` is a link that would run back or through other blocks: words stand for it, not a line. */
export type Link = {
  id: string
  block: string
  exit: string
  to: string
  side: PortSide
  /** Where it begins, seen from the corner of its block. */
  port: Point
  lane: Lane | null
}

const firstLane = 52
const nextLane = 10
/** What an arrow head and the last bend need before the block. */
const beforeEntry = 16
/** Nearer than this no line can be drawn between two blocks. */
const leastGap = 24
const belowLane = 46
const tip = 6

export const linkId = (block: string, exit: string): string => `${block}.${exit}`

/** All links of a flow whose both ends are there, each with its lane or none. */
export function planLinks(viewed: Viewed): Link[] {
  const { flow, views } = viewed
  const boxes = boxesOf(viewed)
  const open = Object.entries(flow.blocks).flatMap(([block, { exits: linked }]) => {
    const box = boxes.get(block)
    const exits = views.get(block)?.exits ?? []
    if (!box) return []
    const side = sideOf(exits)
    return exits.flatMap(({ name: exit }, row): Unplanned[] => {
      const to = linked[exit]
      const target = to === undefined ? undefined : boxes.get(to)
      if (to === undefined || !target) return []
      const port = portAt(exits, row)
      const from = moved(box, port)
      const ends = { from, entry: levelled(side, from, moved(target, entryAt(side))) }
      return [{ id: linkId(block, exit), block, exit, to, side, port, ...ends }]
    })
  })
  const obstacles = [...boxes]
  const ways = new Map(open.map((link) => [link.id, wayOf(link, obstacles)]))
  const lanes = rowLanes(open.filter(({ id, side }) => side === 'row' && ways.get(id)?.from === 'source'))
  return open.map(({ from: _, entry: __, ...link }) => {
    const way = ways.get(link.id) ?? null
    const distance = lanes.get(link.id)
    return { ...link, lane: way && distance !== undefined ? { ...way, distance } : way }
  })
}

/** How a line can go without running back or through other blocks; null when there is no such way. */
function wayOf(link: Unplanned, obstacles: readonly (readonly [string, Box])[]): Lane | null {
  const { side, from, entry } = link
  const room = side === 'below' ? entry.y - from.y : entry.x - from.x
  if (room < leastGap || link.block === link.to) return null
  const ways: Lane[] =
    side === 'below'
      ? [{ from: 'source', distance: belowLane }]
      : [
          { from: 'source', distance: Math.min(firstLane, room / 2) },
          { from: 'target', distance: beforeEntry + 12 },
        ]
  const isFree = (way: Lane) => {
    const points = turns(side, from, entry, way)
    return obstacles.every(([id, box]) => id === link.block || id === link.to || !touches(points, box))
  }
  return ways.find(isFree) ?? null
}

type Unplanned = Omit<Link, 'lane'> & { from: Point; entry: Point }

/**
 * Lanes of the links that leave by rows. Links of one column to the same block share one and merge. Rows going up
 * take lanes from the inside out, rows going down the other way round: so none cross in the gap.
 */
function rowLanes(links: readonly Unplanned[]): Map<string, number> {
  const lanes = new Map<string, number>()
  const columns = grouped(
    links.filter(({ from, entry }) => from.y !== entry.y),
    ({ from }) => from.x,
  )
  for (const column of columns.values()) {
    const groups = [...grouped(column, ({ to }) => to).values()].map((members) => {
      const ys = members.flatMap(({ from, entry }) => [from.y, entry.y])
      const [{ from, entry } = { from: { x: 0, y: 0 }, entry: { x: 0, y: 0 } }] = members
      return {
        members,
        top: Math.min(...ys),
        bottom: Math.max(...ys),
        row: from.y,
        up: entry.y < from.y,
        gap: entry.x - from.x,
      }
    })
    const upFirst = [
      ...groups.filter(({ up }) => up).sort((a, b) => a.row - b.row),
      ...groups.filter(({ up }) => !up).sort((a, b) => b.row - a.row),
    ]
    const placed: { top: number; bottom: number; index: number }[] = []
    for (const { top, bottom } of upFirst) {
      const beside = placed.filter((other) => other.top < bottom && top < other.bottom)
      placed.push({ top, bottom, index: Math.max(-1, ...beside.map(({ index }) => index)) + 1 })
    }
    const most = Math.max(0, ...placed.map(({ index }) => index))
    upFirst.forEach(({ members, gap }, n) => {
      const room = Math.max(0, gap - beforeEntry - firstLane)
      const apart = most === 0 ? 0 : Math.min(nextLane, room / most)
      const lane = Math.min(firstLane + (placed[n]?.index ?? 0) * apart, Math.max(gap / 2, gap - beforeEntry))
      for (const { id } of members) lanes.set(id, lane)
    })
  }
  return lanes
}

// Map.groupBy is not in Node 20, where the tests run.
function grouped<T, Key>(items: readonly T[], keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** The link whose line runs nearest to a point of the canvas, if it comes near enough to be meant. */
export function linkAt({ flow }: Viewed, links: readonly Link[], { x, y }: Point): Link | null {
  const ways = links.flatMap((link) => {
    const { block, to, side, port, lane } = link
    const [source, target] = [flow.blocks[block]?.position, flow.blocks[to]?.position]
    if (!lane || !source || !target) return []
    const from = moved(source, port)
    const points = turns(side, from, levelled(side, from, moved(target, entryAt(side))), lane)
    const near = Math.min(...points.slice(1).map((end, n) => distanceTo({ x, y }, points[n] ?? end, end)))
    return near <= reach ? [{ link, near }] : []
  })
  return ways.sort((a, b) => a.near - b.near)[0]?.link ?? null
}

/** What is dropped so near to a line, in pixels of the canvas, is dropped on it. */
const reach = 20

/** Lines run level or upright, so the nearest point of one has the nearest of each coordinate. */
function distanceTo({ x, y }: Point, a: Point, b: Point): number {
  const within = (value: number, one: number, other: number) =>
    Math.max(Math.min(one, other), Math.min(value, Math.max(one, other)))
  return Math.hypot(x - within(x, a.x, b.x), y - within(y, a.y, b.y))
}

/** Nearly level ends are drawn as one straight line: the link comes in a little above or below its usual place. */
export const levelled = (side: PortSide, from: Point, entry: Point): Point => {
  if (side === 'below') return Math.abs(from.x - entry.x) <= measures.grid ? { x: from.x, y: entry.y } : entry
  return Math.abs(from.y - entry.y) <= measures.grid ? { x: entry.x, y: from.y } : entry
}

/** The corners of a line from a port to the edge of a block, the arrow head left out. */
export function turns(side: PortSide, from: Point, entry: Point, lane: Lane): Point[] {
  if (side === 'below') {
    const end = { x: entry.x, y: entry.y - tip }
    if (from.x === entry.x) return [from, end]
    const y = Math.min(from.y + lane.distance, (from.y + entry.y) / 2 + beforeEntry)
    return [from, { x: from.x, y }, { x: entry.x, y }, end]
  }
  const end = { x: entry.x - tip, y: entry.y }
  if (from.y === entry.y) return [from, end]
  const x = lane.from === 'source' ? from.x + lane.distance : entry.x - lane.distance
  return [from, { x, y: from.y }, { x, y: entry.y }, end]
}

/** The line through these corners as an SVG path, each corner rounded. */
export function roundedPath(points: readonly Point[], radius = 8): string {
  return points
    .map((point, n) => {
      const before = points[n - 1]
      const after = points[n + 1]
      if (!before) return `M${point.x} ${point.y}`
      if (!after) return `L${point.x} ${point.y}`
      const bend = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2)
      const start = towards(point, before, bend)
      const end = towards(point, after, bend)
      return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`
    })
    .join('')
}

/** The arrow head that ends at an entry: 8 long and 10 wide. */
export const arrowHead = (side: PortSide, { x, y }: Point): string =>
  side === 'below' ? `M${x - 5} ${y - 8}h10l-5 8z` : `M${x - 8} ${y - 5}v10l8-5z`

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to)
  if (whole === 0) return from
  return { x: from.x + ((to.x - from.x) / whole) * length, y: from.y + ((to.y - from.y) / whole) * length }
}

const moved = (by: Point, { x, y }: Point): Point => ({ x: by.x + x, y: by.y + y })

const touches = (points: readonly Point[], box: Box): boolean =>
  points.some((point, n) => {
    const next = points[n + 1]
    if (!next) return false
    const segment = {
      x: Math.min(point.x, next.x),
      y: Math.min(point.y, next.y),
      width: Math.abs(point.x - next.x),
      height: Math.abs(point.y - next.y),
    }
    return overlaps(segment, box, measures.grid / 2)
  })
