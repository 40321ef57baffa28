import { useState } from 'react'
import { api } from '../shell/api.ts'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { useSoon } from '../shell/useSoon.ts'
import type { MessageItem } from '../wire.ts'

const pageOfMessages = 50
/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 500

/** The messages of the tenant as they come, whether they are kept, and what is done to them. `onNews`: what else callers may have left is to be asked for. */
export function useMailbox(onNews: () => void) {
  const [most, setMost] = useState(pageOfMessages)
  const list = useLoaded('messages', (signal) => api.messages(most, signal))
  const setting = useLoaded('kept messages', api.keptMessages)
  const reload = useSoon(() => {
    list.reload()
    onNews()
  }, restMs)
  const { connected } = useCallEvents(reload)
  const [deleted, setDeleted] = useState<MessageItem | null>(null)
  const [restored, setRestored] = useState<MessageItem | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  async function doing(act: () => Promise<void>) {
    setFailure(null)
    await act().catch(setFailure)
    list.reload()
  }

  return {
    ...{ list, setting, connected, deleted, restored, failure },
    more() {
      setMost(most + pageOfMessages)
      list.reload()
    },
    setDone: ({ id }: MessageItem, done: boolean) => doing(() => api.setMessageDone(id, done)),
    /** @throws ApiError */
    async remove(message: MessageItem) {
      await api.removeMessage(message.id)
      setDeleted(message)
      setRestored(null)
      list.reload()
    },
    restore: () =>
      doing(async () => {
        if (!deleted) return
        await api.restoreMessage(deleted.id)
        setDeleted(null)
        setRestored(deleted)
      }),
    /** @throws ApiError */
    async keep(keeps: boolean, days: number) {
      await api.keepMessages(keeps, days)
      setting.reload()
    },
  }
}
