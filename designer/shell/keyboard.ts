import { useEffect } from 'react'
import { useLatest } from '../useLatest.ts'

/** Hears every key that is pressed on the page, wherever the focus is. */
export function useKeyDown(onKey: (event: KeyboardEvent) => void): void {
  const latest = useLatest(onKey)
  useEffect(() => {
    const hear = (event: KeyboardEvent) => latest.current(event)
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [latest])
}

/** True when keys that come to this element are text that somebody types. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range')
