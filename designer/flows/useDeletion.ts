import { useEffect, useState } from 'react'
import { api } from '../shell/api.ts'
import { restoredWords } from './restoredWords.ts'

type Deleted = { id: string; name: string }

/** The flow that was deleted last, here or in the designer (which leaves its id in the address), and the way back. */
export function useDeletion(reload: () => Promise<void>) {
  const [deleted, setDeleted] = useState<Deleted | null>(null)
  const [restored, setRestored] = useState<string[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  useEffect(() => {
    const address = new URL(window.location.href)
    const id = address.searchParams.get('deleted')
    if (id === null) return
    address.searchParams.delete('deleted')
    window.history.replaceState(null, '', address)
    // If it is not there any more there is nothing to offer.
    void api.removedFlows().then(
      (flows) => setDeleted(flows.find((flow) => flow.id === id) ?? null),
      () => {},
    )
  }, [])

  return {
    deleted,
    restored,
    failure,
    /** @throws ApiError */
    async remove(flow: Deleted) {
      await api.removeFlow(flow.id)
      setRestored(null)
      setFailure(null)
      setDeleted(flow)
      await reload()
    },
    async restore() {
      if (!deleted) return
      setDeleted(null)
      try {
        setRestored(restoredWords(deleted.name, await api.restoreFlow(deleted.id)))
        await reload()
      } catch (error) {
        setFailure(error)
      }
    },
  }
}
