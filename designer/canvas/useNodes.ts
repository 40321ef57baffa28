import { applyNodeChanges, type NodeChange } from '@xyflow/react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SurfaceProps } from './canvasProps.ts'
import { type BlockNodeType, edgesOf, type LinkEdgeType, nodesOf } from './nodes.ts'

type Looks = {
  /** The block whose name is being typed. */
  renaming: string | null
  /** The link of words that the pointer asks for, and the one whose list is open. */
  peek: string | null
  open: string | null
}

/** The drawing in the words of React Flow: nodes, which it moves and selects by itself, and edges. */
export function useNodes(props: SurfaceProps, { renaming, peek, open }: Looks) {
  const { drawing, problems, selected, mode, trace = null, onSelect } = props
  const shown = useMemo(
    () => ({ drawing, problems, selected, trace, canEdit: mode === 'edit', renaming }),
    [drawing, problems, selected, trace, mode, renaming],
  )
  const [nodes, setNodes] = useState<BlockNodeType[]>(() => nodesOf(shown, []))
  const [edges, setEdges] = useState<LinkEdgeType[]>([])
  useLayoutEffect(() => setNodes((before) => nodesOf(shown, before)), [shown])
  const { links } = drawing
  useLayoutEffect(() => setEdges((before) => edgesOf(links, trace, { peek, open }, before)), [links, trace, peek, open])

  // React Flow may tell of several changes before anything is drawn again.
  const latest = useRef(nodes)
  latest.current = nodes
  function onNodesChange(changes: NodeChange<BlockNodeType>[]) {
    const after = applyNodeChanges(changes, latest.current)
    latest.current = after
    setNodes(after)
    if (changes.some(({ type }) => type === 'select')) {
      onSelect(after.filter((node) => node.selected).map(({ id }) => id))
    }
  }
  return { nodes, edges, onNodesChange }
}
