import { type OnNodeDrag, type SelectionDragHandler, useReactFlow } from '@xyflow/react'
import { type DragEvent, type RefObject, useState } from 'react'
import { kindOf } from '#flow/kinds.ts'
import type { SurfaceProps } from './canvasProps.ts'
import { draggedKind } from './draggedKind.ts'
import type { Edits } from './edits.ts'
import { measures } from './geometry.ts'
import { addLoose } from './newBlock.ts'
import type { BlockNodeType } from './nodes.ts'

/** Blocks that are dragged, on the grid unless Alt is held, and kinds that are dropped from the palette. */
export function useDrag(surface: RefObject<HTMLElement | null>, { drawing, mode }: SurfaceProps, edits: Edits) {
  const { screenToFlowPosition } = useReactFlow()
  const [snapToGrid, setSnapping] = useState(true)

  const end = (dragged: readonly BlockNodeType[]) => {
    setSnapping(true)
    edits.moveTo(dragged)
  }
  const onNodeDragStart: OnNodeDrag<BlockNodeType> = () => surface.current?.classList.add('dragging')
  const onNodeDrag: OnNodeDrag<BlockNodeType> = (event) => setSnapping(!event.altKey)
  const onNodeDragStop: OnNodeDrag<BlockNodeType> = (_, __, dragged) => {
    surface.current?.classList.remove('dragging')
    end(dragged)
  }
  const onSelectionDragStop: SelectionDragHandler<BlockNodeType> = (_, dragged) => end(dragged)

  function onDragOver(event: DragEvent<HTMLDivElement>) {
    if (mode === 'edit' && event.dataTransfer.types.includes(draggedKind)) event.preventDefault()
  }
  function onDrop(event: DragEvent<HTMLDivElement>) {
    const kind = kindOf(event.dataTransfer.getData(draggedKind))
    if (!kind || mode !== 'edit') return
    event.preventDefault()
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
    edits.add(addLoose(drawing, kind, { x: x - measures.entry, y: y - measures.entry }))
  }
  return { snapToGrid, onNodeDragStart, onNodeDrag, onNodeDragStop, onSelectionDragStop, onDragOver, onDrop }
}
