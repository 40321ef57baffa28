import { useCallback, useState } from 'react'
import type { Trace } from '../canvas/trace.ts'
import { designerMessages } from '../messages/designer.ts'

const { phone: words } = designerMessages

/**
 * Whether the test phone is open, as `?call` in the address asks, and the way of its call. `?call=now` also dials: once, so that
 * the page loaded again does not.
 */
export function useTestCall() {
  const [asked] = useState(() => new URLSearchParams(window.location.search).get('call'))
  const [calling, setCalling] = useState(asked !== null)
  const [dialsNow, setDialsNow] = useState(asked === 'now')
  const onDialled = useCallback(() => {
    setDialsNow(false)
    window.history.replaceState(null, '', '?call')
  }, [])
  const [trace, setTrace] = useState<Trace | null>(null)
  const close = useCallback(() => {
    setCalling(false)
    setTrace(null)
  }, [])
  const runs = trace?.visits.some(({ state }) => state === 'now')
  const readOnlyReason = calling ? (runs ? words.readOnly : words.readOnlyAfter) : undefined
  return {
    calling,
    dialsNow,
    onDialled,
    trace,
    setTrace,
    readOnlyReason,
    close,
    toggle: () => (calling ? close() : setCalling(true)),
  }
}
