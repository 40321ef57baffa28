import type { Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'

/** A flow as a small picture: boxes without words, and the lines between them. In its own units, from 0 to `width` and `height`. */
export type Picture = {
  readonly width: number
  readonly height: number
  /** How large each box is. */
  readonly box: { readonly width: number; readonly height: number }
  readonly boxes: readonly { readonly x: number; readonly y: number; readonly category: string }[]
  /** As `d` of an SVG path. */
  readonly lines: readonly string[]
}

const boxSize = { width: 60, height: 20 } as const
const gap = { x: 24, y: 10 } as const
/** Room for the strokes. */
const margin = 1

/** Columns and rows as they are drawn, with nothing between them left empty. Lines that lead back are left out. */
export function pictureOf({ blocks }: Flow): Picture {
  const all = Object.entries(blocks)
  const columns = [...new Set(all.map(([, { position }]) => position.x))].sort((a, b) => a - b)
  const places = new Map(
    columns.flatMap((x, column) =>
      all
        .filter(([, { position }]) => position.x === x)
        .sort(([, a], [, b]) => a.position.y - b.position.y)
        .map(([id], row) => [id, placeAt(column, row)] as const),
    ),
  )
  const links = all.flatMap(([id, { exits }]) => [...new Set(Object.values(exits))].map((to) => [id, to] as const))
  return {
    width: margin + Math.max(...[...places.values()].map(({ x }) => x + boxSize.width)),
    height: margin + Math.max(...[...places.values()].map(({ y }) => y + boxSize.height)),
    box: boxSize,
    boxes: all.flatMap(([id, { type }]) => {
      const place = places.get(id)
      return place ? [{ x: place.x, y: place.y, category: kindOf(type)?.category ?? 'ends' }] : []
    }),
    lines: links.flatMap(([from, to]) => lineBetween(places.get(from), places.get(to))),
  }
}

type Place = { column: number; row: number; x: number; y: number }

const placeAt = (column: number, row: number): Place => ({
  column,
  row,
  x: margin + column * (boxSize.width + gap.x),
  y: margin + row * (boxSize.height + gap.y),
})

function lineBetween(from: Place | undefined, to: Place | undefined): string[] {
  if (!from || !to) return []
  const [middle, end] = [from.y + boxSize.height / 2, to.y + boxSize.height / 2]
  if (to.column > from.column) return [`M${from.x + boxSize.width} ${middle}h${gap.x / 2}V${end}H${to.x}`]
  if (to.column === from.column && to.row === from.row + 1)
    return [`M${from.x + boxSize.width / 2} ${from.y + boxSize.height}V${to.y}`]
  return []
}
