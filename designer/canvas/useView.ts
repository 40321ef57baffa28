import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLatest } from '../useLatest.ts'
import type { SurfaceProps } from './canvasProps.ts'
import { bounds, boxesOf, boxOfBlock } from './geometry.ts'
import {
  centred,
  firstViewport,
  fitted,
  keepViewport,
  recalledViewport,
  revealed,
  type Viewport,
  zoomLimits,
} from './viewport.ts'

/** The part of the canvas that is seen: it begins as it was left, and follows the call and what is selected. */
export function useView(props: SurfaceProps) {
  const { drawing, size, trace, viewKey, onZoom } = props
  const instance = useReactFlow()
  const latest = useLatest(props)

  const glide = useCallback(
    (viewport: Viewport) => void instance.setViewport(viewport, { duration: glideTime() }),
    [instance],
  )
  /** Brings a block into view; with `centre` into the middle, unless it is in view and large enough. */
  const reveal = useCallback(
    (id: string, centre = false) => {
      const { drawing, size } = latest.current
      const box = boxOfBlock(drawing, id)
      const now = instance.getViewport()
      if (!box) return
      const next = revealed(now, size, box)
      if (centre && (next || now.zoom < 0.5)) glide(centred(now, size, box))
      else if (next) glide(next)
    },
    [instance, latest, glide],
  )

  // Panels push, the canvas gives way: what is selected stays in the free area (C04).
  const first = useRef(true)
  useEffect(() => {
    const [only] = latest.current.selected
    if (first.current || size.width === 0) first.current = false
    else if (only !== undefined) reveal(only)
  }, [size, reveal, latest])

  const running = trace?.visits.find(({ state }) => state === 'now')?.block
  useEffect(() => {
    if (running !== undefined) reveal(running)
  }, [running, reveal])

  const [initial] = useState(() => {
    const recalled = viewKey === undefined ? null : recalledViewport(viewKey)
    const kept = boxOfBlock(drawing, props.selected[0] ?? drawing.flow.start)
    return recalled ?? firstViewport(bounds([...boxesOf(drawing).values()]), size, kept)
  })
  const percent = useRef(0)
  const tellZoom = useCallback(
    (zoom: number) => {
      const now = Math.round(zoom * 100)
      if (now !== percent.current) onZoom?.(now)
      percent.current = now
    },
    [onZoom],
  )
  useEffect(() => tellZoom(instance.getZoom()), [instance, tellZoom])

  return {
    initial,
    reveal,
    tellZoom,
    zoomIn: () => void instance.zoomIn({ duration: glideTime() }),
    zoomOut: () => void instance.zoomOut({ duration: glideTime() }),
    fit: () => glide(fitted(bounds([...boxesOf(drawing).values()]), size, undefined, zoomLimits.least)),
    keep: (viewport: Viewport) => viewKey !== undefined && keepViewport(viewKey, viewport),
  }
}

const glideTime = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200)
