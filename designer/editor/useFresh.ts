import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { CanvasHandle } from '../canvas/canvasProps.ts'

const none: ReadonlySet<string> = new Set()

/**
 * Blocks that were just added and not left yet: what is open in them is not wrong yet. A block is left when it is no longer selected. The
 * view follows to each that is added, from wherever it was added.
 */
export function useFresh(canvas: RefObject<CanvasHandle | null>) {
  const [fresh, setFresh] = useState(none)
  const [arrived, setArrived] = useState<string | null>(null)
  const before = useRef<readonly string[]>([])

  useEffect(() => {
    if (arrived !== null) canvas.current?.show(arrived, false)
  }, [arrived, canvas])

  return {
    fresh,
    begin: useCallback((ids: readonly string[]) => {
      const [first] = ids
      if (first === undefined) return
      setFresh((now) => new Set([...now, ...ids]))
      setArrived(first)
    }, []),
    /** To be told of everything that is selected. */
    follow: useCallback((selected: readonly string[]) => {
      const left = before.current.filter((id) => !selected.includes(id))
      before.current = selected
      setFresh((now) => (left.some((id) => now.has(id)) ? new Set([...now].filter((id) => !left.includes(id))) : now))
    }, []),
    /** Who publishes means that all is done. */
    endAll: useCallback(() => setFresh(none), []),
  }
}
