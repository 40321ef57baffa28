import { useCallback, useEffect, useState } from 'react'
import { type Filters, readFilters, writeFilters } from './filters.ts'

/** What stands in the address of the page: which call is looked at, and what is chosen above the list. */
type Address = { callId: string | null; filters: Filters }

const read = (): Address => ({
  callId: /^\/calls\/([^/]+)/.exec(window.location.pathname)?.[1] ?? null,
  filters: readFilters(window.location.search),
})

/** The address, and what changes it without leaving the page, so that nothing moves. Letters of a search are no steps of the history. */
export function useAddress() {
  const [address, setAddress] = useState(read)

  useEffect(() => {
    // The same filters stay the same object, so that going back to another call lists nothing anew.
    const follow = () =>
      setAddress((before) => {
        const now = read()
        const same = writeFilters(now.filters) === writeFilters(before.filters)
        return same ? { ...now, filters: before.filters } : now
      })
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [])

  const go = useCallback((to: Address, typing?: 'typing') => {
    const path = `/calls${to.callId === null ? '' : `/${to.callId}`}${writeFilters(to.filters, window.location.search)}`
    if (typing) window.history.replaceState(null, '', path)
    else window.history.pushState(null, '', path)
    setAddress(to)
  }, [])

  return {
    ...address,
    choose: (callId: string | null) => go({ ...address, callId }),
    setFilters: (filters: Filters, typing?: 'typing') => go({ ...address, filters }, typing),
  }
}
