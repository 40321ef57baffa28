import '@xyflow/react/dist/base.css'
import './canvas.css'
import {
  applyNodeChanges,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react'
import {
  type DragEvent,
  type FocusEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { kindOf } from '#flow/blocks/index.ts'
import { designerMessages } from '../messages/designer.en.ts'
import { type CanvasActions, CanvasActionsContext } from './actions.ts'
import { BlockNode } from './BlockNode.tsx'
import type { CanvasProps } from './canvasProps.ts'
import { draggedKind } from './draggedKind.ts'
import { EmptyPlace } from './EmptyPlace.tsx'
import { bounds, boxOf, measures, type Point } from './geometry.ts'
import { actionOf, type Spot } from './keys.ts'
import { LinkEdge } from './LinkEdge.tsx'
import { LinkList } from './LinkList.tsx'
import { linkId, planLinks } from './links.ts'
import { addAfter, addLoose, type ExitRef, type NewBlock } from './newBlock.ts'
import { type BlockNodeType, edgesOf, type LinkEdgeType, nodesOf } from './nodes.ts'
import { callOrder } from './order.ts'
import { PulledLink, usePulledLink } from './PulledLink.tsx'
import { choicesOf, type OpenList } from './portChoices.ts'
import {
  centred,
  firstViewport,
  fitted,
  keepViewport,
  recalledViewport,
  revealed,
  type Size,
  zoomLimits,
} from './viewport.ts'

export type { CanvasHandle, CanvasProps, Edit } from './canvasProps.ts'

const { canvas: words } = designerMessages
const nodeTypes = { block: BlockNode }
const edgeTypes = { link: LinkEdge }
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

function Surface(props: CanvasProps & { size: Size }) {
  const { flow, views, problems, mode, selected, onSelect, onChange, onOpen, onRefuse, onZoom, viewKey, size } = props
  const trace = props.trace ?? null
  const canEdit = mode === 'edit'
  const instance = useReactFlow()
  const surface = useRef<HTMLDivElement>(null)
  const [list, setList] = useState<OpenList | null>(null)
  const [peek, setPeek] = useState<string | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [snapping, setSnapping] = useState(true)
  const [inside, setInside] = useState(false)

  const shape = shapeOf(flow, views)
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines depend on the shape alone, not on every text typed.
  const links = useMemo(() => planLinks(flow, views), [shape])
  // biome-ignore lint/correctness/useExhaustiveDependencies: so does the order of a call.
  const order = useMemo(() => callOrder(flow, views), [shape])

  const shown = { flow, views, links, problems, selected, trace, canEdit, renaming }
  const [nodes, setNodes] = useState<BlockNodeType[]>(() => nodesOf(shown, []))
  const [edges, setEdges] = useState<LinkEdgeType[]>([])
  const latest = useRef({ ...props, nodes })
  latest.current = { ...props, nodes }
  const openLink = list ? linkId(list.block, list.exit) : null

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` is made of just these.
  useLayoutEffect(
    () => setNodes((before) => nodesOf(shown, before)),
    [flow, views, links, problems, selected, trace, canEdit, renaming],
  )
  useLayoutEffect(
    () => setEdges((before) => edgesOf(links, trace, { peek, open: openLink }, before)),
    [links, trace, peek, openLink],
  )

  const boxOfBlock = useCallback((id: string) => {
    const { flow, views } = latest.current
    const block = flow.blocks[id]
    return block && boxOf(block.position, views.get(id)?.exits ?? [])
  }, [])

  const reveal = useCallback(
    (id: string, centre = false) => {
      const box = boxOfBlock(id)
      const now = instance.getViewport()
      if (!box) return
      const next = revealed(now, latest.current.size, box)
      if (centre && (next || now.zoom < 0.5)) glide(instance, centred(now, latest.current.size, box))
      else if (next) glide(instance, next)
    },
    [instance, boxOfBlock],
  )

  // Focus may be asked for on a block that is drawn only later: it was just added, or stood outside the view.
  const wantedFocus = useRef<Spot | null>(null)
  const lastSpot = useRef<Spot>({ block: flow.start })
  const tryFocus = useCallback(() => {
    const spot = wantedFocus.current
    const block = spot && surface.current?.querySelector<HTMLElement>(`[data-block="${spot.block}"]`)
    if (!block) return false
    const port =
      spot.exit === undefined ? null : block.querySelector<HTMLElement>(`[data-exit="${CSS.escape(spot.exit)}"]`)
    wantedFocus.current = null
    ;(port ?? block).focus({ preventScroll: true })
    return true
  }, [])
  const focusOn = useCallback(
    (spot: Spot) => {
      wantedFocus.current = spot
      reveal(spot.block)
      let frames = 30
      const again = () => {
        // A block that was just added has a place only now.
        if (tryFocus()) reveal(spot.block)
        else if (frames-- > 0) requestAnimationFrame(again)
      }
      again()
    },
    [reveal, tryFocus],
  )

  const showAll = useCallback(() => {
    const { flow, views, size } = latest.current
    const boxes = Object.entries(flow.blocks).map(([id, { position }]) => boxOf(position, views.get(id)?.exits ?? []))
    glide(instance, fitted(bounds(boxes), size, undefined, zoomLimits.least))
  }, [instance])

  useImperativeHandle(props.ref, () => ({
    show: (id) => reveal(id, true),
    focus: (id) => focusOn(id === undefined ? lastSpot.current : { block: id }),
    zoomIn: () => void instance.zoomIn({ duration: glideTime() }),
    zoomOut: () => void instance.zoomOut({ duration: glideTime() }),
    fit: showAll,
  }))

  // Panels push, the canvas gives way: what is selected stays in the free area (C04).
  const first = useRef(true)
  useEffect(() => {
    const [only] = latest.current.selected
    if (first.current || size.width === 0) first.current = false
    else if (only !== undefined) reveal(only)
  }, [size, reveal])

  const running = trace?.visits.find(({ state }) => state === 'now')?.block
  useEffect(() => {
    if (running !== undefined) reveal(running)
  }, [running, reveal])

  const [initialView] = useState(() => {
    const recalled = viewKey === undefined ? null : recalledViewport(viewKey)
    const boxes = Object.entries(flow.blocks).map(([id, { position }]) => boxOf(position, views.get(id)?.exits ?? []))
    return recalled ?? firstViewport(bounds(boxes), size, boxOfBlock(selected[0] ?? flow.start))
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

  function dropLink({ block, exit }: ExitRef, pointer: Point) {
    const under = document.elementFromPoint(pointer.x, pointer.y)
    const onto = under?.closest<HTMLElement>('[data-block]')?.dataset.block
    if (onto !== undefined) return connect(block, exit, onto)
    const frame = surface.current?.getBoundingClientRect()
    if (!frame || !under?.closest('.react-flow__pane')) return
    const spot = instance.screenToFlowPosition(pointer, { snapToGrid: false })
    const at = { x: pointer.x - frame.left, y: pointer.y - frame.top }
    setList({ purpose: 'add', block, exit, at, spot: { x: spot.x, y: spot.y - measures.entry } })
  }
  const { pulled, pull } = usePulledLink(dropLink)

  const actions = useMemo<CanvasActions>(
    () => ({
      openList: (purpose, block, exit) => {
        const port = surface.current
          ?.querySelector(`[data-block="${block}"]`)
          ?.querySelector(`[data-exit="${CSS.escape(exit)}"]`)
          ?.getBoundingClientRect()
        const frame = surface.current?.getBoundingClientRect()
        if (!port || !frame) return
        setList({ purpose, block, exit, at: { x: port.right - frame.left + 4, y: port.top - frame.top } })
      },
      pull,
      goTo: (block) => {
        latest.current.onSelect([block])
        focusOn({ block })
      },
      peek: setPeek,
      rename: (block, name) => {
        const before = latest.current.flow.blocks[block]?.name
        setRenaming(null)
        const text = name?.trim()
        if (text && text !== before) latest.current.onChange?.([{ type: 'renameBlock', id: block, name: text }])
        focusOn({ block })
      },
    }),
    [focusOn, pull],
  )

  function hearNodes(changes: NodeChange<BlockNodeType>[]) {
    const before = latest.current.nodes
    const after = applyNodeChanges(changes, before)
    latest.current.nodes = after
    setNodes(after)
    if (changes.some(({ type }) => type === 'select')) {
      onSelect(after.filter((node) => node.selected).map(({ id }) => id))
    }
  }

  function endDrag(_: unknown, __: unknown, dragged: BlockNodeType[]) {
    setSnapping(true)
    const positions = Object.fromEntries(
      dragged.flatMap(({ id, position }) => {
        const before = flow.blocks[id]?.position
        const now = { x: Math.round(position.x), y: Math.round(position.y) }
        return before && (before.x !== now.x || before.y !== now.y) ? [[id, now]] : []
      }),
    )
    if (Object.keys(positions).length > 0) onChange?.([{ type: 'moveBlocks', positions }])
  }

  function connect(block: string, exit: string, to: string) {
    if (to === flow.start) onRefuse?.(words.callOnce)
    else if (flow.blocks[block]?.exits[exit] !== to) onChange?.([{ type: 'connect', block, exit, to }])
  }

  function add({ id, changes }: NewBlock) {
    onChange?.(changes)
    onSelect([id])
    focusOn({ block: id })
  }

  function pick(choice: string) {
    if (!list) return
    const { block, exit, spot } = list
    setList(null)
    const kind = kindOf(choice.startsWith('new:') ? choice.slice(4) : '')
    if (kind) return add(addAfter({ flow, views }, kind, { block, exit }, spot))
    connect(block, exit, choice.slice(3))
    focusOn({ block, exit })
  }

  function closeList(returnFocus: boolean) {
    if (list && returnFocus) focusOn({ block: list.block, exit: list.exit })
    setList(null)
  }

  function remove(focused: string, heal: boolean) {
    const chosen = selected.length > 0 ? selected : [focused]
    const ids = chosen.filter((id) => id !== flow.start && flow.blocks[id])
    if (ids.length === 0) return
    const next = order[order.indexOf(ids[0] ?? '') - 1] ?? flow.start
    onChange?.([{ type: 'removeBlocks', ids, heal }])
    onSelect([])
    focusOn({ block: ids.includes(next) ? flow.start : next })
  }

  function press(event: KeyboardEvent<HTMLDivElement>) {
    const spot = spotOf(event.target) ?? lastSpot.current
    const key = { key: event.key, code: event.code, shift: event.shiftKey, alt: event.altKey }
    const action = actionOf({ ...key, command: event.ctrlKey || event.metaKey }, spot, { flow, views, order })
    if (!action) return
    event.preventDefault()
    switch (action.type) {
      case 'goTo':
        onSelect([action.spot.block])
        return focusOn(action.spot)
      case 'openSettings':
        onSelect([action.block])
        return onOpen?.(action.block)
      case 'toggle':
        return onSelect(
          selected.includes(action.block) ? selected.filter((id) => id !== action.block) : [...selected, action.block],
        )
      case 'selectAll':
        return onSelect(Object.keys(flow.blocks))
      case 'clear':
        return onSelect([])
      case 'fit':
        return showAll()
    }
    if (!canEdit) return
    switch (action.type) {
      case 'openList':
        return actions.openList('link', action.block, action.exit)
      case 'disconnect':
        if (flow.blocks[action.block]?.exits[action.exit] !== undefined) onChange?.([action])
        return
      case 'rename':
        return setRenaming(action.block)
      case 'remove':
        return remove(spot.block, action.heal)
      case 'move': {
        const ids = selected.length > 0 ? selected : [spot.block]
        const positions = Object.fromEntries(
          ids.flatMap((id) => {
            const at = flow.blocks[id]?.position
            return at ? [[id, { x: at.x + action.by.x, y: at.y + action.by.y }]] : []
          }),
        )
        return onChange?.([{ type: 'moveBlocks', positions }], `move ${ids.join(' ')}`)
      }
    }
  }

  function focusCame(event: FocusEvent<HTMLDivElement>) {
    const spot = spotOf(event.target)
    setInside(event.target !== event.currentTarget)
    if (spot) lastSpot.current = spot
    else if (event.target === event.currentTarget && event.currentTarget.matches(':focus-visible')) {
      const [only] = selected
      focusOn(only !== undefined && lastSpot.current.block !== only ? { block: only } : knownSpot(lastSpot.current))
    }
  }
  const knownSpot = (spot: Spot): Spot => (flow.blocks[spot.block] ? spot : { block: flow.start })

  function drop(event: DragEvent<HTMLDivElement>) {
    const kind = kindOf(event.dataTransfer.getData(draggedKind))
    if (!kind || !canEdit) return
    event.preventDefault()
    const { x, y } = instance.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
    add(addLoose({ flow, views }, kind, { x: x - measures.entry, y: y - measures.entry }))
  }

  return (
    <CanvasActionsContext value={actions}>
      <ReactFlow<BlockNodeType, LinkEdgeType>
        ref={surface}
        aria-label={words.name(flow.name)}
        aria-description={words.keys}
        tabIndex={inside ? -1 : 0}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={initialView}
        minZoom={zoomLimits.least}
        maxZoom={zoomLimits.most}
        onNodesChange={hearNodes}
        onNodeDragStart={() => surface.current?.classList.add('dragging')}
        onNodeDrag={(event) => setSnapping(!event.altKey)}
        onNodeDragStop={(event, node, dragged) => {
          surface.current?.classList.remove('dragging')
          endDrag(event, node, dragged)
        }}
        onSelectionDragStop={(event, dragged) => endDrag(event, null, dragged)}
        onNodeClick={(event, { id }) => {
          if (!(event.target instanceof HTMLElement && event.target.closest('button, input'))) focusOn({ block: id })
        }}
        onNodeDoubleClick={(_, { id }) => onOpen?.(id)}
        onEdgeClick={(event, { id }) => {
          const frame = surface.current?.getBoundingClientRect()
          const link = links.find((one) => one.id === id)
          if (!canEdit || !frame || !link) return
          const at = { x: event.clientX - frame.left, y: event.clientY - frame.top }
          setList({ purpose: 'link', block: link.block, exit: link.exit, at })
        }}
        onPaneClick={() => onSelect([])}
        onViewportChange={({ zoom }) => tellZoom(zoom)}
        onMoveEnd={(_, viewport) => viewKey !== undefined && keepViewport(viewKey, viewport)}
        onKeyDown={press}
        onFocus={focusCame}
        onBlur={() => setInside(false)}
        onDragOver={(event) => {
          if (canEdit && event.dataTransfer.types.includes(draggedKind)) event.preventDefault()
        }}
        onDrop={drop}
        onlyRenderVisibleElements={nodes.length > drawAllUpTo}
        snapToGrid={snapping}
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
        {canEdit && <EmptyPlace flow={flow} views={views} onAdd={add} />}
        {pulled && <PulledLink pulled={pulled} flow={flow} views={views} />}
      </ReactFlow>
      {props.readOnlyReason && <p className="canvas-reason">{props.readOnlyReason}</p>}
      {list && canEdit && (
        <LinkList
          key={`${list.purpose} ${openLink}`}
          {...choicesOf(list, flow, views)}
          at={list.at}
          room={size}
          onPick={pick}
          onClose={closeList}
          onRemove={
            list.purpose === 'link' && flow.blocks[list.block]?.exits[list.exit] !== undefined
              ? () => {
                  onChange?.([{ type: 'disconnect', block: list.block, exit: list.exit }])
                  closeList(true)
                }
              : undefined
          }
        />
      )}
    </CanvasActionsContext>
  )
}

const multiSelectionKeys = ['Control', 'Meta', 'Shift']

/** All that lines and order depend on, as one text. */
const shapeOf = (flow: CanvasProps['flow'], views: CanvasProps['views']): string =>
  JSON.stringify([
    flow.start,
    flow.onError,
    flow.onHangUp,
    Object.entries(flow.blocks).map(([id, { position, exits }]) => [
      id,
      position.x,
      position.y,
      exits,
      views.get(id)?.exits.map(({ name }) => name),
    ]),
  ])

function spotOf(target: EventTarget): Spot | null {
  if (!(target instanceof Element)) return null
  const block = target.closest<HTMLElement>('[data-block]')?.dataset.block
  const exit = target.closest<HTMLElement>('[data-exit]')?.dataset.exit
  return block === undefined ? null : { block, ...(exit === undefined ? {} : { exit }) }
}

const glideTime = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200)

const glide = (instance: ReturnType<typeof useReactFlow>, viewport: { x: number; y: number; zoom: number }) =>
  void instance.setViewport(viewport, { duration: glideTime() })
