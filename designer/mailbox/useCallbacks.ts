import { useState } from 'react'
import { api } from '../shell/api.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import type { CallbackItem } from '../wire.ts'

const page = 50

/** Who is to be called back, and what is done about it. */
export function useCallbacks() {
  const [most, setMost] = useState(page)
  const list = useLoaded('callbacks', (signal) => api.callbacks(most, signal))
  const [failure, setFailure] = useState<unknown>(null)

  async function change({ id, owner: seen }: CallbackItem, to: { done: boolean } | { owner: string | null }) {
    setFailure(null)
    await api.changeCallback(id, 'owner' in to ? { ...to, seen } : to).catch(setFailure)
    list.reload()
  }

  return {
    ...{ list, failure, change },
    more() {
      setMost(most + page)
      list.reload()
    },
  }
}
