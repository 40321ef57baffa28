import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Change } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { api } from '../shell/api.ts'
import type { OpenedFlow } from '../wire.ts'
import { change, draftOf, redo, undo } from './draft.ts'
import { createSaver, type SaveState } from './saver.ts'
import { forgetUnsaved, unsavedWork } from './unsaved.ts'

/** The draft of an opened flow: its history, and that it is saved by itself. */
export function useDraft(opened: OpenedFlow) {
  const [draft, setDraft] = useState(() => draftOf(opened.flow))
  const [saveState, setSaveState] = useState<SaveState>({ type: 'saved', at: opened.updatedAt })
  const [unsavedWorks, setUnsavedWorks] = useState(() => unsavedWork(localStorage, opened.id, opened.flow))
  const unsaved = unsavedWorks.at(-1) ?? null
  const latest = useRef(draft)

  const saving = useMemo(
    () =>
      createSaver({
        flowId: opened.id,
        opened,
        save: (flow, revision) => api.saveFlow(opened.id, flow, revision),
        onState: setSaveState,
        storage: localStorage,
      }),
    [opened],
  )

  useEffect(() => {
    const online = () => void saving.saveNow().catch(() => {})
    const leaving = () => saving.close()
    window.addEventListener('online', online)
    window.addEventListener('pagehide', leaving)
    return () => {
      window.removeEventListener('online', online)
      window.removeEventListener('pagehide', leaving)
      saving.close()
    }
  }, [saving])

  const put = useCallback(
    (next: typeof draft) => {
      latest.current = next
      setDraft(next)
      saving.changed(next.flow)
    },
    [saving],
  )

  function decided() {
    if (unsaved) forgetUnsaved(localStorage, opened.id, unsaved)
    setUnsavedWorks(unsavedWorks.slice(0, -1))
  }

  return {
    flow: draft.flow,
    canUndo: draft.past.length > 0,
    canRedo: draft.future.length > 0,
    saveState,
    unsaved,
    saving,
    /** The flow as it stands at this very moment, also within one event. */
    latest: useCallback((): Flow => latest.current.flow, []),
    /** @throws FlowError as `edit` does */
    change: useCallback(
      (changes: readonly Change[], gesture?: string) => put(change(latest.current, changes, Date.now(), gesture)),
      [put],
    ),
    undo: useCallback(() => put(undo(latest.current)), [put]),
    redo: useCallback(() => put(redo(latest.current)), [put]),
    restoreUnsaved: () => {
      if (!unsaved) return
      // As one undo step over what the server has, so that it can still be taken back.
      put({ flow: unsaved.flow, past: [...latest.current.past, latest.current.flow], future: [], gesture: null })
      decided()
    },
    discardUnsaved: decided,
  }
}

export type DraftHandle = ReturnType<typeof useDraft>
