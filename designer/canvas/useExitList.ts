import { useReactFlow } from '@xyflow/react'
import { type RefObject, useState } from 'react'
import { kindOf } from '#flow/kinds.ts'
import type { SurfaceProps } from './canvasProps.ts'
import type { Edits } from './edits.ts'
import { measures, type Point } from './geometry.ts'
import type { Spot } from './keys.ts'
import { addAfter, type ExitRef } from './newBlock.ts'
import type { OpenList } from './portChoices.ts'

/** The list of a port: it opens at a port, on a link, or where a link that was drawn by hand was let go. */
export function useExitList(
  surface: RefObject<HTMLElement | null>,
  { drawing, mode }: SurfaceProps,
  edits: Edits,
  focusOn: (spot: Spot) => void,
) {
  const { screenToFlowPosition } = useReactFlow()
  const [list, setList] = useState<OpenList | null>(null)

  const openAt = (purpose: OpenList['purpose'], from: ExitRef, screen: Point, spot?: Point) => {
    const frame = surface.current?.getBoundingClientRect()
    if (!frame) return
    const at = { x: screen.x - frame.left, y: screen.y - frame.top }
    setList({ purpose, block: from.block, exit: from.exit, at, ...(spot && { spot }) })
  }
  function openAtPort(purpose: OpenList['purpose'], { block, exit }: ExitRef) {
    const port = surface.current
      ?.querySelector(`[data-block="${block}"]`)
      ?.querySelector(`[data-exit="${CSS.escape(exit)}"]`)
      ?.getBoundingClientRect()
    if (port) openAt(purpose, { block, exit }, { x: port.right + 4, y: port.top })
  }
  function openOnLink(id: string, screen: Point) {
    const link = drawing.links.find((one) => one.id === id)
    if (mode === 'edit' && link) openAt('link', link, screen)
  }
  /** Onto a block a link is drawn; onto the empty canvas a block is offered. */
  function dropLink(from: ExitRef, pointer: Point) {
    const under = document.elementFromPoint(pointer.x, pointer.y)
    const onto = under?.closest<HTMLElement>('[data-block]')?.dataset.block
    if (onto !== undefined) return edits.connect(from, onto)
    if (!under?.closest('.react-flow__pane')) return
    const { x, y } = screenToFlowPosition(pointer, { snapToGrid: false })
    openAt('add', from, pointer, { x, y: y - measures.entry })
  }

  function pick(choice: string) {
    if (!list) return
    const { block, exit, spot } = list
    setList(null)
    const kind = kindOf(choice.startsWith('new:') ? choice.slice(4) : '')
    if (kind) return edits.add(addAfter(drawing, kind, { block, exit }, spot))
    edits.connect({ block, exit }, choice.slice(3))
    focusOn({ block, exit })
  }
  function close(returnFocus: boolean) {
    if (list && returnFocus) focusOn({ block: list.block, exit: list.exit })
    setList(null)
  }
  function unlink() {
    if (list) edits.disconnect(list)
    close(true)
  }
  return { list, openAtPort, openOnLink, dropLink, pick, close, unlink }
}
