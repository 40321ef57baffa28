import { useReactFlow, ViewportPortal } from '@xyflow/react'
import { type PointerEvent as ReactPointerEvent, useCallback, useState } from 'react'
import type { Drawing } from '../drawing.ts'
import { useLatest } from '../useLatest.ts'
import { type Point, portOfExit } from './geometry.ts'
import type { ExitRef } from './newBlock.ts'

/** A link on its way: from a port to where the pointer is, on the canvas. */
type Pulled = ExitRef & { to: Point }

/** Below this many pixels it was a click and no pull. */
const threshold = 4

/** Draws links by hand: a port is taken hold of, pulled, and let go somewhere. Escape lets go of it. */
export function usePulledLink(onDrop: (from: ExitRef, pointer: Point) => void) {
  const { screenToFlowPosition } = useReactFlow()
  const [pulled, setPulled] = useState<Pulled | null>(null)
  const drop = useLatest(onDrop)

  const pull = useCallback(
    (down: ReactPointerEvent, block: string, exit: string) => {
      if (down.button !== 0) return
      const start = { x: down.clientX, y: down.clientY }
      const port = down.currentTarget
      const canvas = port.closest('.react-flow')
      const listening = new AbortController()
      let pulling = false

      function end() {
        listening.abort()
        setPulled(null)
        canvas?.classList.remove('linking')
      }
      const on = <K extends keyof WindowEventMap>(type: K, hear: (event: WindowEventMap[K]) => void) =>
        window.addEventListener(type, hear, { signal: listening.signal, capture: true })

      on('pointermove', (move) => {
        const far = Math.hypot(move.clientX - start.x, move.clientY - start.y) >= threshold
        if (!pulling && !far) return
        pulling = true
        canvas?.classList.add('linking')
        setPulled({
          block,
          exit,
          to: screenToFlowPosition({ x: move.clientX, y: move.clientY }, { snapToGrid: false }),
        })
      })
      on('pointerup', (up) => {
        end()
        if (!pulling) return
        // The browser still sends a click to the port if it was let go there; that was no click.
        const swallow = (click: Event) => click.stopPropagation()
        port.addEventListener('click', swallow, { capture: true })
        setTimeout(() => {
          port.removeEventListener('click', swallow, { capture: true })
          drop.current({ block, exit }, { x: up.clientX, y: up.clientY })
        })
      })
      on('pointercancel', end)
      on('keydown', ({ key }) => key === 'Escape' && end())
    },
    [screenToFlowPosition, drop],
  )
  return { pulled, pull }
}

type Props = { pulled: Pulled; drawing: Drawing }

export function PulledLink({ pulled: { block, exit, to }, drawing: { flow, views } }: Props) {
  const position = flow.blocks[block]?.position
  const exits = views.get(block)?.exits ?? []
  if (!position) return null
  const port = portOfExit(exits, exit)
  const from = { x: position.x + port.x, y: position.y + port.y }
  return (
    <ViewportPortal>
      <svg className="pulled-link" width="1" height="1" aria-hidden="true">
        <path d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
      </svg>
    </ViewportPortal>
  )
}
