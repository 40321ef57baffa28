import { type RefObject, useEffect } from 'react'
import { useLatest } from '../useLatest.ts'

/** Hears that something else than this place is pointed at; null while nothing is open there. */
export function useLeave(place: RefObject<HTMLElement | null>, onLeave: (() => void) | null): void {
  const latest = useLatest(onLeave)
  useEffect(() => {
    const hear = ({ target }: PointerEvent) => {
      if (target instanceof Node && !place.current?.contains(target)) latest.current?.()
    }
    document.addEventListener('pointerdown', hear, true)
    return () => document.removeEventListener('pointerdown', hear, true)
  }, [place, latest])
}
