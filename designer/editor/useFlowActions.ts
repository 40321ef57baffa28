import { useState } from 'react'
import type { Flow } from '#flow/flow.ts'
import { flowLimits } from '#flow/flowLimits.ts'
import { cut } from '#ground/cut.ts'
import type { Edit } from '../canvas/canvasProps.ts'
import type { DraftHandle } from '../draft/useDraft.ts'
import type { Hearing } from '../header/savedWords.ts'
import { usePublishing } from '../header/usePublishing.ts'
import { designerMessages } from '../messages/designer.ts'
import { api } from '../shell/api.ts'
import { useMe } from '../shell/PageRoot.tsx'
import { errorWords, momentOf } from '../shell/words.ts'
import type { OpenedFlow } from '../wire.ts'
import type { Notice } from './useNotice.ts'

const words = designerMessages

/** What is done with the flow as a whole, and what callers hear of it. */
export function useFlowActions(
  opened: OpenedFlow,
  { flow, saving, replace: put }: DraftHandle,
  show: (notice: Notice) => void,
) {
  const [version, setVersion] = useState(opened.published?.number ?? null)
  const [answers, setAnswers] = useState(opened.answers)
  const me = useMe()
  const { updatedBy, updatedAt } = opened
  const isTheirs =
    opened.changed && opened.revision > 1 && updatedBy !== me.name && version === (opened.published?.number ?? null)
  const others = isTheirs ? words.publish.others(updatedBy, momentOf(updatedAt)) : null

  const { publishing, setPublishing } = usePublishing(opened.id, async ({ version: number }) => {
    setVersion(number)
    // The first published flow answers by default: what it answers may have changed.
    const now = await api.flow(opened.id).catch(() => null)
    if (now) setAnswers(now.answers)
    const { done, doneForNobody } = words.publish
    show({ text: ((now?.answers ?? answers).length > 0 ? done : doneForNobody)(number ?? 0), canUndo: false })
  })
  const hearing: Hearing = { version, publishing, answers, defaultIsFree: opened.defaultIsFree }

  /** Begins to publish. Rejects with what stands in the way. */
  async function publish(note: string) {
    await saving.saveNow()
    const begun = await api.publish(opened.id, saving.revision(), note)
    // It may be over by now; that is for who follows it to find.
    setPublishing({ ...begun, state: 'running' })
  }

  /** What is on the screen becomes a flow of its own, when somebody else has saved this one meanwhile. */
  async function saveCopy() {
    try {
      const name = cut(words.conflict.copyName(flow.name), flowLimits.name)
      const made = await api.createFlow(name, 'empty')
      const { id } = made
      const { revision } = await api.flow(id)
      await api.saveFlow(id, { ...flow, name: made.name }, revision)
      saving.discard()
      window.location.assign(`/flows/${id}`)
    } catch (error) {
      show({ text: words.saved.failed(errorWords(error)), canUndo: false })
    }
  }

  /** Names are given once. Without a connection it stays as it was typed. */
  async function rename(name: string, edit: Edit) {
    const free = await api.freeName(name, opened.id).catch(() => name)
    edit([{ type: 'renameFlow', name: free }])
    if (free !== name) show({ text: words.header.nameTaken(free), canUndo: true })
  }

  /** What a file holds takes the place of the draft, which is called as before: names are given once. */
  function replace(file: Flow, said: string) {
    put({ ...file, name: flow.name })
    show({ text: said, canUndo: true })
  }

  async function remove() {
    await api.removeFlow(opened.id)
    saving.discard()
    window.location.assign(`/flows?deleted=${opened.id}`)
  }

  return { hearing, others, answers, setAnswers, publish, saveCopy, rename, replace, remove }
}
