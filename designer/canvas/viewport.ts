import * as z from 'zod'
import { browserStorage } from '../shell/storage.ts'
import type { Box } from './geometry.ts'

/** What part of the canvas is seen: how far it is moved, in pixels of the screen, and how large it is drawn. */
export type Viewport = { x: number; y: number; zoom: number }
export type Size = { width: number; height: number }

const Stored = z.object({ x: z.number(), y: z.number(), zoom: z.number().min(0.05).max(4) })

export const zoomLimits = { least: 0.1, most: 2 } as const
const margin = 24
const leastAtFirst = 0.75

/** Everything in view, as far as the zoom stays within bounds; what does not fit keeps `keep` in view. */
export function fitted(all: Box, size: Size, keep: Box | undefined, leastZoom: number): Viewport {
  const room = { width: size.width - 2 * margin, height: size.height - 2 * margin }
  const whole = Math.min(1, room.width / Math.max(1, all.width), room.height / Math.max(1, all.height))
  const zoom = Math.max(leastZoom, whole)
  const along = (
    length: number,
    start: number,
    extent: number,
    kept: { start: number; extent: number } | undefined,
  ) => {
    if (extent * zoom <= length) return margin + (length - extent * zoom) / 2 - start * zoom
    if (!kept) return margin - start * zoom
    // As much as possible from the beginning on, but never so that what must be seen is cut off.
    const fromBeginning = margin - start * zoom
    const latest = margin + length - (kept.start + kept.extent) * zoom
    return Math.min(fromBeginning, latest)
  }
  return {
    zoom,
    x: along(room.width, all.x, all.width, keep && { start: keep.x, extent: keep.width }),
    y: along(room.height, all.y, all.height, keep && { start: keep.y, extent: keep.height }),
  }
}

/** How a flow is seen when it is opened for the first time: whole, but never smaller than its ports can be hit. */
export const firstViewport = (all: Box, size: Size, start: Box | undefined): Viewport =>
  fitted(all, size, start, leastAtFirst)

/** The least move that brings a box into view; null when it is in view already. */
export function revealed({ x, y, zoom }: Viewport, size: Size, box: Box): Viewport | null {
  const along = (moved: number, length: number, start: number, extent: number) => {
    const from = start * zoom + moved
    const to = from + extent * zoom
    if (from < margin || extent * zoom > length - 2 * margin) return moved + margin - from
    return to > length - margin ? moved + length - margin - to : moved
  }
  const next = { zoom, x: along(x, size.width, box.x, box.width), y: along(y, size.height, box.y, box.height) }
  return Math.abs(next.x - x) < 1 && Math.abs(next.y - y) < 1 ? null : next
}

/** The box in the middle, large enough to be worked on. */
export function centred({ zoom: before }: Viewport, size: Size, box: Box): Viewport {
  const zoom = Math.max(leastAtFirst, before)
  return {
    zoom,
    x: size.width / 2 - (box.x + box.width / 2) * zoom,
    y: size.height / 2 - (box.y + box.height / 2) * zoom,
  }
}

/** The view of this flow as it was left on this machine, or null. */
export function recalledViewport(key: string): Viewport | null {
  try {
    return Stored.safeParse(JSON.parse(browserStorage.get(storageKey(key)) ?? 'null')).data ?? null
  } catch {
    return null // something else wrote there
  }
}

/** What cannot be kept is not remembered, and nothing else is lost. */
export const keepViewport = (key: string, viewport: Viewport) =>
  void browserStorage.set(storageKey(key), JSON.stringify(viewport))

const storageKey = (key: string) => `canvas:${key}`
