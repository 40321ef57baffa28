import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { CanvasHandle } from '../canvas/canvasProps.ts'
import { useDraft } from '../draft/useDraft.ts'
import type { Drawing } from '../drawing.ts'
import type { FindHandle } from '../header/FindBlock.tsx'
import { type Finding, findingsOf } from '../problems/finding.ts'
import { useDrawing } from '../useDrawing.ts'
import { useRules } from '../useRules.ts'
import type { OpenedFlow } from '../wire.ts'
import { useClipboard } from './useClipboard.ts'
import { useEdit } from './useEdit.ts'
import { useFlowActions } from './useFlowActions.ts'
import { useFresh } from './useFresh.ts'
import { useNotice } from './useNotice.ts'
import { useSelection } from './useSelection.ts'
import { useShortcuts } from './useShortcuts.ts'
import { useTestCall } from './useTestCall.ts'

/** The work on one flow, each concern by its own hook: the parts of the page show it. */
export function useWork(opened: OpenedFlow) {
  const draft = useDraft(opened)
  const { rules, lookAgain: reloadNames } = useRules()
  const drawing = useDrawing(draft.flow, rules)
  const [notice, say] = useNotice()
  const call = useTestCall()
  const canvas = useRef<CanvasHandle>(null)
  const find = useRef<FindHandle>(null)
  const { fresh, begin, follow, endAll } = useFresh(canvas)
  const { edit, step, announced } = useEdit({ draft, drawing, fixed: call.calling, show: say, onAdded: begin })
  const selection = useSelection(drawing, edit, canvas)
  const { selected, select, remove } = selection
  useEffect(() => follow(selected), [follow, selected])
  const actions = useFlowActions(opened, draft, say)
  const found = useFindings(opened.id, drawing, fresh, actions.answers)
  const problems = found ?? none
  const { dialog, openDialog, closeDialog } = useDialog()
  const inDialog = dialog?.open === true
  const fixed = call.readOnlyReason
  const clipboard = useClipboard({ drawing, selected, edit, select, remove, canvas, fixed, inDialog, say })
  const lookFor = () => find.current?.open()
  useShortcuts({ find: call.calling ? null : lookFor, step, duplicate: clipboard.duplicate, inDialog })
  useFirstFocus(opened, canvas)

  return {
    ...{
      opened,
      draft,
      drawing,
      problems,
      isChecked: found !== null,
      selection,
      clipboard,
      actions,
      call,
      canvas,
      find,
    },
    ...{ reloadNames, notice, say, announced, edit, step, lookFor, dialog, openDialog, closeDialog },
    /** Who publishes means that all is done. */
    openGate() {
      endAll()
      openDialog('publish')
    },
    show(problem: Finding) {
      closeDialog()
      selection.showProblem(problem)
    },
  }
}

export type Work = ReturnType<typeof useWork>

type Dialog = { kind: 'publish' | 'remove' | 'replace' | 'export'; open: boolean }

/** The dialog that is open. One that was closed stays for a while: Fluent needs it to give the page back. */
function useDialog() {
  const [dialog, setDialog] = useState<Dialog | null>(null)
  return {
    dialog,
    openDialog: (kind: Dialog['kind']) => setDialog({ kind, open: true }),
    closeDialog: () => setDialog((last) => last && { ...last, open: false }),
  }
}

/** What is wrong with the flow, found when the hand has a moment's rest, so that typing never waits for it; null while nobody can tell. */
function useFindings(
  id: string,
  drawing: Drawing,
  fresh: ReadonlySet<string>,
  answers: OpenedFlow['answers'],
): readonly Finding[] | null {
  const { flow, views, rules } = useDeferredValue(drawing)
  const problems = useMemo(() => rules?.check(flow, answers, { views, id }) ?? null, [flow, views, rules, answers, id])
  return useMemo(() => problems && findingsOf(problems, fresh), [problems, fresh])
}

const none: readonly Finding[] = []

/** Whoever has just made this flow goes on drawing it, and must not look for the way in. */
function useFirstFocus({ revision }: OpenedFlow, canvas: RefObject<CanvasHandle | null>) {
  useEffect(() => {
    if (revision !== 1) return
    // The canvas is drawn when it knows its size.
    let frame = requestAnimationFrame(function again() {
      if (!canvas.current) frame = requestAnimationFrame(again)
      else if (document.activeElement === document.body) canvas.current.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [revision, canvas])
}
