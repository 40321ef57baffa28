import { useCallback, useEffect, useRef } from 'react'
import { useLatest } from '../useLatest.ts'

/** Does something once, so many milliseconds after it was first asked for, however often that was; not any more when the page is left. */
export function useSoon(act: () => void, ms: number): () => void {
  const latest = useLatest(act)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const stop = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
  }, [])
  useEffect(() => stop, [stop])
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      stop()
      latest.current()
    }, ms)
  }, [latest, ms, stop])
}
