import { useCallback, useState } from 'react'
import type { Trace } from '../canvas/trace.ts'
import { designerMessages } from '../messages/designer.ts'

const { phone: words } = designerMessages

/** Whether the test phone is open, as `?call` in the address asks, and the way of its call. */
export function useTestCall() {
  const [calling, setCalling] = useState(() => new URLSearchParams(window.location.search).has('call'))
  const [trace, setTrace] = useState<Trace | null>(null)
  const close = useCallback(() => {
    setCalling(false)
    setTrace(null)
  }, [])
  const runs = trace?.visits.some(({ state }) => state === 'now')
  const readOnlyReason = calling ? (runs ? words.readOnly : words.readOnlyAfter) : undefined
  return { calling, trace, setTrace, readOnlyReason, close, toggle: () => (calling ? close() : setCalling(true)) }
}
