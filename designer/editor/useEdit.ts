import { useCallback, useState } from 'react'
import type { Change } from '#flow/edit.ts'
import { FlowError } from '#flow/error.ts'
import type { Edit } from '../canvas/canvasProps.ts'
import { withRoom } from '../canvas/place.ts'
import type { DraftHandle } from '../draft/useDraft.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import { useLatest } from '../useLatest.ts'
import { describeChanges, surprises } from './describe.ts'
import type { Notice } from './useNotice.ts'

const { done } = designerMessages

type Deps = {
  draft: DraftHandle
  drawing: Drawing
  /** True while nothing may be changed. */
  fixed: boolean
  show(notice: Notice | null): void
  /** New blocks are there. */
  onAdded(ids: readonly string[]): void
}

function addedBy(change: Change): string[] {
  if (change.type === 'addBlocks') return Object.keys(change.blocks)
  return change.type === 'addBlock' || change.type === 'insertBlock' ? [change.id] : []
}

/** Changes of the draft, and undo and redo; each is said to screen readers, and shown where it may surprise. */
export function useEdit({ draft, drawing, fixed, show, onAdded }: Deps) {
  const [announced, setAnnounced] = useState('')
  const drawn = useLatest(drawing)
  const { change, latest } = draft

  const edit: Edit = useCallback(
    (changes, gesture) => {
      const before = { ...drawn.current, flow: latest() }
      try {
        change(withRoom(before, changes), gesture)
      } catch (error) {
        if (!(error instanceof FlowError)) throw error
        // What the change names is gone, for example by an undo a moment before: there is nothing left to change.
        return
      }
      onAdded(changes.flatMap(addedBy))
      const said = describeChanges(before, changes)
      if (said === null) return
      setAnnounced(said)
      if (changes.some((one) => surprises(before.flow, one))) show({ text: said, canUndo: true })
    },
    [change, latest, drawn, show, onAdded],
  )

  function step(direction: 'undo' | 'redo') {
    if (fixed || !(direction === 'undo' ? draft.canUndo : draft.canRedo)) return
    draft[direction]()
    show(null)
    setAnnounced(direction === 'undo' ? done.undone : done.redone)
  }
  return { edit, step, announced }
}
