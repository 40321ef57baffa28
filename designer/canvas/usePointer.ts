import { useReactFlow } from '@xyflow/react'
import { type PointerEvent, type RefObject, useRef } from 'react'
import type { Point } from './geometry.ts'

/** Where the pointer is on the canvas; while it is elsewhere, the middle of what is seen. */
export function usePointer(surface: RefObject<HTMLElement | null>) {
  const { screenToFlowPosition } = useReactFlow()
  const pointer = useRef<Point | null>(null)

  function spot(): Point {
    const { left = 0, top = 0, width = 0, height = 0 } = surface.current?.getBoundingClientRect() ?? {}
    return screenToFlowPosition(pointer.current ?? { x: left + width / 2, y: top + height / 2 })
  }
  return {
    spot,
    watch: {
      onPointerMove: ({ clientX: x, clientY: y }: PointerEvent) => {
        pointer.current = { x, y }
      },
      onPointerLeave: () => {
        pointer.current = null
      },
    },
  }
}
