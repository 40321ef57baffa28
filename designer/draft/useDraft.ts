import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Change } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { api } from '../shell/api.ts'
import { browserStorage } from '../shell/storage.ts'
import type { OpenedFlow } from '../wire.ts'
import { change, draftOf, redo, replaced, undo } from './draft.ts'
import { openPages, standOpen } from './openPages.ts'
import { createSaver, type SaveState } from './saver.ts'
import { forget, type Unsaved, unsavedWork } from './unsaved.ts'

/** The draft of an opened flow: its history, and that it is saved by itself. */
export function useDraft(opened: OpenedFlow) {
  const [draft, setDraft] = useState(() => draftOf(opened.flow))
  const [saveState, setSaveState] = useState<SaveState>({ type: 'saved', at: opened.updatedAt })
  const [page] = useState(() => crypto.randomUUID())
  const { unsaved, decided } = useUnsaved(opened, page)
  const latest = useRef(draft)

  const saving = useMemo(
    () =>
      createSaver({
        flowId: opened.id,
        page,
        opened,
        save: (flow, revision) => api.saveFlow(opened.id, flow, revision),
        onState: setSaveState,
        storage: browserStorage,
      }),
    [opened, page],
  )
  useSavesOnLeaving(saving)

  const put = useCallback(
    (next: typeof draft) => {
      latest.current = next
      setDraft(next)
      saving.changed(next.flow)
    },
    [saving],
  )

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
    replace: useCallback((flow: Flow) => put(replaced(latest.current, flow)), [put]),
    restoreUnsaved: () => {
      if (!unsaved) return
      put(replaced(latest.current, unsaved.flow))
      decided()
    },
    discardUnsaved: decided,
  }
}

/** What other pages left unsaved of this flow, the latest of it, and that it was decided about. */
function useUnsaved(opened: OpenedFlow, page: string) {
  const [works, setWorks] = useState<readonly Unsaved[]>([])
  const unsaved = works.at(-1) ?? null

  useEffect(() => standOpen(page), [page])
  useEffect(() => {
    let here = true
    void openPages().then((open) => {
      const pages = new Set([...open, page])
      if (here) setWorks(unsavedWork(browserStorage, { flowId: opened.id, opened: opened.flow, openPages: pages }))
    })
    return () => {
      here = false
    }
  }, [opened, page])

  function decided() {
    if (unsaved) forget(browserStorage, opened.id, unsaved.page)
    setWorks(works.slice(0, -1))
  }
  return { unsaved, decided }
}

/** What is not saved yet is sent when the page is put away or left; and it is not left unasked where that would lose work. */
function useSavesOnLeaving(saving: ReturnType<typeof createSaver>) {
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const now = () => void saving.saveNow().catch(() => {})
    window.addEventListener('online', now, { signal })
    document.addEventListener('visibilitychange', () => document.hidden && now(), { signal })
    window.addEventListener('pagehide', () => saving.close(), { signal })
    window.addEventListener('beforeunload', (event) => !saving.isSafe() && event.preventDefault(), { signal })
    return () => {
      listening.abort()
      saving.close()
    }
  }, [saving])
}

export type DraftHandle = ReturnType<typeof useDraft>
