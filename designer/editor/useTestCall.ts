import { useCallback, useEffect, useState } from 'react'
import type { Trace } from '../canvas/trace.ts'
import { designerMessages } from '../messages/designer.ts'

const { phone: words } = designerMessages

/** Whether the test phone is open, and the way of its call. `?call` in the address asks for both: a phone, and that it calls at once. */
export function useTestCall() {
  const [atOnce, setAtOnce] = useState(() => new URLSearchParams(window.location.search).has('call'))
  const [calling, setCalling] = useState(atOnce)
  const [trace, setTrace] = useState<Trace | null>(null)
  // Asked for once: who loads the page again, or opens the phone later, calls by hand.
  useEffect(() => {
    const address = new URL(window.location.href)
    address.searchParams.delete('call')
    window.history.replaceState(window.history.state, '', address)
  }, [])
  const close = useCallback(() => {
    setAtOnce(false)
    setCalling(false)
    setTrace(null)
  }, [])
  const runs = trace?.visits.some(({ state }) => state === 'now')
  const readOnlyReason = calling ? (runs ? words.readOnly : words.readOnlyAfter) : undefined
  const phone = { atOnce, onTrace: setTrace, onClose: close }
  return { calling, trace, phone, readOnlyReason, toggle: () => (calling ? close() : setCalling(true)) }
}
