import { type RefObject, useCallback, useState } from 'react'
import type { KnownKind } from '#flow/kinds.ts'
import type { CanvasHandle, Edit } from '../canvas/canvasProps.ts'
import { addBehind } from '../canvas/newBlock.ts'
import type { Drawing } from '../drawing.ts'
import type { WantedField } from '../inspector/Inspector.tsx'
import type { Finding } from '../problems/finding.ts'
import { fieldOf } from '../problems/problemWords.ts'

/** The block that the address points to, as that of a call that failed there does. */
const blocksIn = (hash: string, { flow }: Drawing) =>
  Object.keys(flow.blocks).filter((id) => hash === `#${encodeURIComponent(id)}`)

/** What is selected on the canvas, and what is done with it from outside: there the keyboard's focus goes along. */
export function useSelection(drawing: Drawing, edit: Edit, canvas: RefObject<CanvasHandle | null>) {
  const { flow, order } = drawing
  const [selected, setSelected] = useState<readonly string[]>(() => blocksIn(window.location.hash, drawing))
  /** On a narrow page: the settings of the flow are looked at, which elsewhere stand there while nothing is selected. */
  const [flowOpen, setFlowOpen] = useState(false)
  const select = useCallback((blocks: readonly string[]) => {
    setSelected(blocks)
    setFlowOpen(false)
  }, [])
  const [wanted, setWanted] = useState<WantedField | null>(null)

  return {
    selected,
    select,
    /** True while there are settings to be seen in place of the canvas, if there is no room for both. */
    detail: flowOpen || selected.length > 0,
    openFlow() {
      select([])
      setFlowOpen(true)
      setWanted({ field: null })
    },
    /** The field of the settings that the focus shall go to. */
    wanted,
    open(block: string) {
      select([block])
      setWanted({ field: null })
    },
    show(block: string) {
      select([block])
      canvas.current?.show(block)
    },
    showProblem(problem: Finding) {
      select(problem.block === null ? [] : [problem.block])
      setFlowOpen(problem.block === null)
      if (problem.block !== null) canvas.current?.show(problem.block)
      setWanted({ field: problem.block === null ? (problem.field ?? 'variables') : fieldOf(problem) })
    },
    /** Behind what is selected, or behind the start. */
    add(kind: KnownKind) {
      const { id, changes } = addBehind(drawing, kind, selected[0] ?? flow.start)
      edit(changes)
      select([id])
      canvas.current?.focus(id)
    },
    remove(heal: boolean) {
      const next = order[order.indexOf(selected[0] ?? '') - 1] ?? flow.start
      edit([{ type: 'removeBlocks', ids: selected, heal }])
      select([])
      canvas.current?.focus(next)
    },
    clear() {
      const [block] = selected
      select([])
      canvas.current?.focus(block)
    },
  }
}
