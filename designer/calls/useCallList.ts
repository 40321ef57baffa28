import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../shell/api.ts'
import { fieldsRefused } from '../shell/error.ts'
import { useSoon } from '../shell/useSoon.ts'
import { type CallGroup, type CallOverview, placeOf } from '../wire.ts'
import { type Groups, groupNames, refreshed, withPage } from './callGroups.ts'
import { beginOfToday, type Filters, queryOf } from './filters.ts'

/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 500
/** After the list could not be had. */
const retryMs = 3_000
/** Each letter of a search would ask once more. */
const typingMs = 200

type Listed = { filters: Filters; groups: Groups; overview: CallOverview }

/** The calls that are chosen, by groups, refreshed on demand; older ones page by page. What was listed stays until the next is there. */
export function useCallList(filters: Filters) {
  const [listed, setListed] = useState<Listed | null>(null)
  const [error, setError] = useState<unknown>(null)
  const asking = useRef<AbortController | undefined>(undefined)
  const refresh = useSoon(() => void load(), restMs)
  const retry = useSoon(() => void load(), retryMs)

  const load = useCallback(async () => {
    asking.current?.abort()
    const leaving = new AbortController()
    asking.current = leaving
    const now = new Date()
    const query = queryOf(filters, now)
    try {
      const [overview, notReached, running, earlier] = await Promise.all([
        api.callOverview({ ...query, today: beginOfToday(now) }, leaving.signal),
        ...groupNames.map((group) => api.calls({ ...query, group }, leaving.signal)),
      ] as const)
      if (leaving.signal.aborted || !notReached || !running || !earlier) return
      setListed((before) => {
        const known = before?.filters === filters ? before.groups : null
        return { filters, overview, groups: refreshed({ notReached, now: running, earlier }, known) }
      })
      setError(null)
    } catch (error) {
      if (leaving.signal.aborted) return
      setError(error)
      // The same would be refused again.
      if (fieldsRefused(error).length === 0) retry()
    }
  }, [filters, retry])

  const first = useRef(true)
  useEffect(() => {
    const timer = setTimeout(load, first.current ? 0 : typingMs)
    first.current = false
    return () => {
      clearTimeout(timer)
      asking.current?.abort()
    }
  }, [load])

  async function more(group: CallGroup) {
    const last = listed?.groups[group].calls.at(-1)
    if (!last) return
    try {
      const page = await api.calls({ ...queryOf(filters, new Date()), group, before: placeOf(last) })
      // Something else may have been chosen meanwhile.
      setListed((now) => (now?.filters === filters ? { ...now, groups: withPage(now.groups, group, page) } : now))
    } catch (error) {
      setError(error)
    }
  }

  return { listed, error, refresh, more }
}
