import '@xyflow/react/dist/base.css'
import '../categories.css'
import './canvas.css'
import { ReactFlow, type ReactFlowProps, ReactFlowProvider, SelectionMode } from '@xyflow/react'
import { useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { designerMessages } from '../messages/designer.ts'
import { useLatest } from '../useLatest.ts'
import { type CanvasActions, CanvasActionsContext } from './actions.ts'
import { BlockNode } from './BlockNode.tsx'
import type { CanvasProps, SurfaceProps } from './canvasProps.ts'
import { EmptyPlace } from './EmptyPlace.tsx'
import { type Edits, editsOf } from './edits.ts'
import { measures } from './geometry.ts'
import type { Spot } from './keys.ts'
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

const { canvas: words } = designerMessages
type FlowProps = Partial<ReactFlowProps<BlockNodeType, LinkEdgeType>>

/** How React Flow is used: it draws and pans, and leaves keys, links and selection to us. */
const ways = {
  nodeTypes: { block: BlockNode },
  edgeTypes: { link: LinkEdge },
  minZoom: zoomLimits.least,
  maxZoom: zoomLimits.most,
  snapGrid: [measures.grid, measures.grid],
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  nodeDragThreshold: 2,
  elevateNodesOnSelect: false,
  elevateEdgesOnSelect: false,
  selectionMode: SelectionMode.Partial,
  selectionKeyCode: 'Shift',
  multiSelectionKeyCode: ['Control', 'Meta', 'Shift'],
  panActivationKeyCode: null,
  deleteKeyCode: null,
  disableKeyboardA11y: true,
  zoomOnDoubleClick: false,
} satisfies FlowProps
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
  const { drawing, mode, onSelect, size } = props
  const canEdit = mode === 'edit'
  const surface = useRef<HTMLDivElement>(null)
  const [peek, setPeek] = useState<string | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)

  const { reveal, zoomIn, zoomOut, fit, ...view } = useView(props)
  const { focusOn, spotAt, focusAgain, attributes } = useFocus(surface, props, reveal)
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
    showAll: fit,
    openList: (from) => exitList.openAtPort('link', from),
    rename: setRenaming,
  })

  useImperativeHandle(props.ref, () => ({
    show: (id, centre = true) => reveal(id, centre),
    focus: (id) => (id === undefined ? focusAgain() : focusOn({ block: id })),
    ...{ spot: pointer.spot, zoomIn, zoomOut, fit },
  }))
  const actions = useActions({ edits, exitList, onSelect, focusOn, pull, setPeek, setRenaming })

  return (
    <CanvasActionsContext value={actions}>
      <ReactFlow<BlockNodeType, LinkEdgeType>
        ref={surface}
        aria-label={words.name(drawing.flow.name)}
        aria-description={words.keys}
        {...ways}
        {...attributes}
        {...drawn}
        {...drag.handlers}
        {...pointer.watch}
        defaultViewport={view.initial}
        {...clicksOf(props, { exitList, focusOn })}
        onViewportChange={({ zoom }) => view.tellZoom(zoom)}
        onMoveEnd={(_, viewport) => view.keep(viewport)}
        onKeyDown={press}
        onlyRenderVisibleElements={drawn.nodes.length > drawAllUpTo}
        nodesDraggable={canEdit}
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

/** What a click on a block, a link and the empty canvas does. */
const clicksOf = ({ onSelect, onOpen }: SurfaceProps, { exitList, focusOn }: Pick<Doing, 'exitList' | 'focusOn'>) =>
  ({
    onNodeClick: (event, { id }) => {
      if (!(event.target instanceof HTMLElement && event.target.closest('button, input'))) focusOn({ block: id })
    },
    onNodeDoubleClick: (_, { id }) => onOpen?.(id),
    onEdgeClick: (event, { id }) => exitList.openOnLink(id, { x: event.clientX, y: event.clientY }),
    onPaneClick: () => onSelect([]),
  }) satisfies FlowProps

type Doing = Pick<CanvasActions, 'pull'> &
  Pick<SurfaceProps, 'onSelect'> & {
    edits: Edits
    exitList: ReturnType<typeof useExitList>
    focusOn(spot: Spot): void
    setPeek(link: string | null): void
    setRenaming(block: string | null): void
  }

/** What blocks ask of the canvas. It stays the same object, so that no block is drawn again for it. */
function useActions(doing: Doing): CanvasActions {
  const latest = useLatest(doing)
  return useMemo(
    () => ({
      openList: (purpose, block, exit) => latest.current.exitList.openAtPort(purpose, { block, exit }),
      pull: (...from) => latest.current.pull(...from),
      goTo: (block) => {
        latest.current.onSelect([block])
        latest.current.focusOn({ block })
      },
      peek: (link) => latest.current.setPeek(link),
      rename: (block, name) => {
        latest.current.setRenaming(null)
        latest.current.edits.rename(block, name)
      },
    }),
    [latest],
  )
}
