import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../shell/api.ts'
import type { CallItem } from '../wire.ts'

/** As the route answers at most; fewer are the end. */
const pageSize = 50
/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 300

/** The latest calls, refreshed on demand, and older ones page by page. */
export function useCallList() {
  const [calls, setCalls] = useState<CallItem[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [more, setMore] = useState(false)
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const load = useCallback(async () => {
    try {
      const latest = await api.calls()
      setCalls((before) => merged(latest, before ?? []))
      setMore((before) => before || latest.length === pageSize)
      setError(null)
    } catch (error) {
      setError(error)
    }
  }, [])

  const refresh = useCallback(() => {
    resting.current ??= setTimeout(() => {
      resting.current = undefined
      void load()
    }, restMs)
  }, [load])

  useEffect(() => {
    void load()
    return () => clearTimeout(resting.current)
  }, [load])

  const loadMore = useCallback(async () => {
    const last = calls?.at(-1)
    if (!last) return
    try {
      const older = await api.calls({ before: last.id })
      setCalls((before) => merged(before ?? [], older))
      setMore(older.length === pageSize)
    } catch (error) {
      setError(error)
    }
  }, [calls])

  return { calls, error, more, refresh, loadMore }
}

/** Both lists as one, the latest first; where they have the same call, the first list's counts. */
export function merged(newer: readonly CallItem[], older: readonly CallItem[]): CallItem[] {
  const known = new Set(newer.map(({ id }) => id))
  return [...newer, ...older.filter(({ id }) => !known.has(id))].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
}
