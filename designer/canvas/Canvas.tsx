import '@xyflow/react/dist/base.css'
import './canvas.css'
import { ReactFlow, ReactFlowProvider, SelectionMode } from '@xyflow/react'
import { useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { designerMessages } from '../messages/designer.ts'
import { useLatest } from '../useLatest.ts'
import { type CanvasActions, CanvasActionsContext } from './actions.ts'
import { BlockNode } from './BlockNode.tsx'
import type { CanvasProps, SurfaceProps } from './canvasProps.ts'
import { EmptyPlace } from './EmptyPlace.tsx'
import { editsOf } from './edits.ts'
import { measures } from './geometry.ts'
import { LinkEdge } from './LinkEdge.tsx'
import { LinkList } from './LinkList.tsx'
import { linkId } from './links.ts'
import type { BlockNodeType, LinkEdgeType } from './nodes.ts'
import { PulledLink, usePulledLink } from './PulledLink.tsx'
import { choicesOf } from './portChoices.ts'
import { useDrag } from './useDrag.ts'
import { useExitList } from './useExitList.ts'
import { useFocus } from './useFocus.ts'
import { useKeys } from './useKeys.ts'
import { useNodes } from './useNodes.ts'
import { usePointer } from './usePointer.ts'
import { useView } from './useView.ts'
import { type Size, zoomLimits } from './viewport.ts'

export type { CanvasHandle, CanvasProps, Edit } from './canvasProps.ts'

const { canvas: words } = designerMessages
const nodeTypes = { block: BlockNode }
const edgeTypes = { link: LinkEdge }
const multiSelectionKeys = ['Control', 'Meta', 'Shift']
const snapGrid: [number, number] = [measures.grid, measures.grid]
/** Above this many blocks only those in view are drawn. */
const drawAllUpTo = 300

/** The canvas: a flow as blocks and links. It shows what it is given and says every change in the words of `flow/edit.ts`. */
export function Canvas(props: CanvasProps) {
  const place = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<Size | null>(null)

  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  return (
    <div ref={place} className="canvas">
      {size && size.width > 0 && (
        <ReactFlowProvider>
          <Surface {...props} size={size} />
        </ReactFlowProvider>
      )}
    </div>
  )
}

/** What is seen and done on the canvas, each concern by its own hook. */
function Surface(props: SurfaceProps) {
  const { drawing, mode, onSelect, onOpen, size } = props
  const { flow } = drawing
  const canEdit = mode === 'edit'
  const surface = useRef<HTMLDivElement>(null)
  const [peek, setPeek] = useState<string | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)

  const view = useView(props)
  const { focusOn, spotAt, focusAgain, attributes } = useFocus(surface, props, view.reveal)
  const edits = editsOf(props, focusOn)
  const exitList = useExitList(surface, props, edits, focusOn)
  const { list } = exitList
  const { pulled, pull } = usePulledLink(exitList.dropLink)
  const openLink = list ? linkId(list.block, list.exit) : null
  const drag = useDrag(surface, props, edits)
  const drawn = useNodes(props, { renaming, peek, open: openLink ?? drag.over })
  const pointer = usePointer(surface)
  const press = useKeys(props, {
    edits,
    spotAt,
    focusOn,
    showAll: view.showAll,
    openList: (from) => exitList.openAtPort('link', from),
    rename: setRenaming,
  })

  useImperativeHandle(props.ref, () => ({
    show: (id, centre = true) => view.reveal(id, centre),
    focus: (id) => (id === undefined ? focusAgain() : focusOn({ block: id })),
    spot: pointer.spot,
    zoomIn: view.zoomIn,
    zoomOut: view.zoomOut,
    fit: view.showAll,
  }))

  const latest = useLatest({ edits, exitList, onSelect })
  const actions = useMemo<CanvasActions>(
    () => ({
      openList: (purpose, block, exit) => latest.current.exitList.openAtPort(purpose, { block, exit }),
      pull,
      goTo: (block) => {
        latest.current.onSelect([block])
        focusOn({ block })
      },
      peek: setPeek,
      rename: (block, name) => {
        setRenaming(null)
        latest.current.edits.rename(block, name)
      },
    }),
    [focusOn, latest, pull],
  )

  return (
    <CanvasActionsContext value={actions}>
      <ReactFlow<BlockNodeType, LinkEdgeType>
        ref={surface}
        aria-label={words.name(flow.name)}
        aria-description={words.keys}
        {...attributes}
        {...drawn}
        {...drag.handlers}
        {...pointer.watch}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={view.initial}
        minZoom={zoomLimits.least}
        maxZoom={zoomLimits.most}
        onNodeClick={(event, { id }) => {
          if (!(event.target instanceof HTMLElement && event.target.closest('button, input'))) focusOn({ block: id })
        }}
        onNodeDoubleClick={(_, { id }) => onOpen?.(id)}
        onEdgeClick={(event, { id }) => exitList.openOnLink(id, { x: event.clientX, y: event.clientY })}
        onPaneClick={() => onSelect([])}
        onViewportChange={({ zoom }) => view.tellZoom(zoom)}
        onMoveEnd={(_, viewport) => view.keep(viewport)}
        onKeyDown={press}
        onlyRenderVisibleElements={drawn.nodes.length > drawAllUpTo}
        snapGrid={snapGrid}
        nodesDraggable={canEdit}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        nodeDragThreshold={2}
        elevateNodesOnSelect={false}
        elevateEdgesOnSelect={false}
        selectionMode={SelectionMode.Partial}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={multiSelectionKeys}
        panActivationKeyCode={null}
        deleteKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
      >
        {canEdit && <EmptyPlace drawing={drawing} onAdd={edits.add} />}
        {pulled && <PulledLink pulled={pulled} drawing={drawing} />}
      </ReactFlow>
      {props.readOnlyReason && <p className="canvas-reason small quiet">{props.readOnlyReason}</p>}
      {list && canEdit && (
        <LinkList
          key={`${list.purpose} ${openLink}`}
          {...choicesOf(list, drawing)}
          at={list.at}
          room={size}
          onPick={exitList.pick}
          onClose={exitList.close}
          onRemove={list.purpose === 'link' && edits.linkOf(list) !== undefined ? exitList.unlink : undefined}
        />
      )}
    </CanvasActionsContext>
  )
}
