import { useState } from 'react'
import { flowLimits } from '#flow/flow.ts'
import { cut } from '#ground/cut.ts'
import type { Edit } from '../canvas/canvasProps.ts'
import type { DraftHandle } from '../draft/useDraft.ts'
import { designerMessages } from '../messages/designer.ts'
import { api } from '../shell/api.ts'
import { useMe } from '../shell/PageRoot.tsx'
import { errorWords, momentOf } from '../shell/words.ts'
import type { OpenedFlow } from '../wire.ts'
import type { Notice } from './useNotice.ts'

const words = designerMessages

/** What is done with the flow as a whole, and what callers hear of it. */
export function useFlowActions(opened: OpenedFlow, { flow, saving }: DraftHandle, show: (notice: Notice) => void) {
  const [version, setVersion] = useState(opened.published?.number ?? null)
  const [answers, setAnswers] = useState(opened.answers)
  const me = useMe()
  const { updatedBy, updatedAt } = opened
  const isTheirs =
    opened.changed && opened.revision > 1 && updatedBy !== me.name && version === (opened.published?.number ?? null)
  const others = isTheirs ? words.publish.others(updatedBy, momentOf(updatedAt)) : null

  /** Rejects with what stands in the way. */
  async function publish(note: string) {
    await saving.saveNow()
    const { number } = await api.publish(opened.id, saving.revision(), note)
    setVersion(number)
    const { done, answersNobody } = words.publish
    show({ text: `${done(number)} ${answers.length === 0 ? answersNobody : ''}`, canUndo: false })
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

  async function remove() {
    await api.removeFlow(opened.id)
    saving.discard()
    window.location.assign(`/flows?deleted=${opened.id}`)
  }

  return { version, others, answers, setAnswers, publish, saveCopy, rename, remove }
}
