import { type OnNodeDrag, type SelectionDragHandler, useReactFlow } from '@xyflow/react'
import { type DragEvent, type RefObject, useState } from 'react'
import { kindOf } from '#flow/kinds.ts'
import type { SurfaceProps } from './canvasProps.ts'
import { draggedKind } from './draggedKind.ts'
import type { Edits } from './edits.ts'
import { measures } from './geometry.ts'
import { type Link, linkAt } from './links.ts'
import { addAfter, addLoose, isLoose, kindsToInsert } from './newBlock.ts'
import type { BlockNodeType } from './nodes.ts'

/** Blocks that are dragged, on the grid unless Alt is held, and kinds that are dropped from the palette. `over`: the link that would take it. */
export function useDrag(surface: RefObject<HTMLElement | null>, { drawing, mode }: SurfaceProps, edits: Edits) {
  const { screenToFlowPosition } = useReactFlow()
  const [snapToGrid, setSnapping] = useState(true)
  const [over, setOver] = useState<Link | null>(null)

  const end = (dragged: readonly BlockNodeType[]) => {
    setSnapping(true)
    setOver(null)
    edits.moveTo(dragged)
  }
  const pointOf = ({ clientX: x, clientY: y }: Place) => screenToFlowPosition({ x, y }, { snapToGrid: false })
  const linkUnder = (event: Place) => linkAt(drawing, drawing.links, pointOf(event))
  const isBeside = (link: Link | null, id: string) => link?.block !== id && link?.to !== id

  const onNodeDragStart: OnNodeDrag<BlockNodeType> = () => surface.current?.classList.add('dragging')
  const onNodeDrag: OnNodeDrag<BlockNodeType> = (event, { id }, dragged) => {
    setSnapping(!event.altKey)
    const link = dragged.length === 1 && 'clientX' in event && isLoose(drawing, id) ? linkUnder(event) : null
    setOver(isBeside(link, id) ? link : null)
  }
  const onNodeDragStop: OnNodeDrag<BlockNodeType> = (_, { id }, dragged) => {
    surface.current?.classList.remove('dragging')
    // One step: it goes from where it stood to its place in the link.
    if (over) edits.insert(id, over)
    end(over ? [] : dragged)
  }
  const onSelectionDragStop: SelectionDragHandler<BlockNodeType> = (_, dragged) => end(dragged)

  function onDragOver(event: DragEvent<HTMLDivElement>) {
    if (mode !== 'edit' || !event.dataTransfer.types.includes(draggedKind)) return
    event.preventDefault()
    setOver(linkUnder(event))
  }
  function onDrop(event: DragEvent<HTMLDivElement>) {
    setOver(null)
    const kind = kindOf(event.dataTransfer.getData(draggedKind))
    if (!kind || mode !== 'edit') return
    event.preventDefault()
    const link = kindsToInsert(drawing.flow).includes(kind) ? linkUnder(event) : null
    const { x, y } = pointOf(event)
    const loose = () => addLoose(drawing, kind, { x: x - measures.entry, y: y - measures.entry })
    edits.add(link ? addAfter(drawing, kind, link) : loose())
  }
  return {
    over: over?.id ?? null,
    handlers: {
      snapToGrid,
      onNodeDragStart,
      onNodeDrag,
      onNodeDragStop,
      onSelectionDragStop,
      onDragOver,
      onDragLeave: () => setOver(null),
      onDrop,
    },
  }
}

/** Where on the screen something happened. */
type Place = { clientX: number; clientY: number }
