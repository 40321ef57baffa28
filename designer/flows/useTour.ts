import { useState } from 'react'
import type { FlowListItem } from '../wire.ts'

const skippedKey = 'tour skipped'

/** Storage may be switched off, as in some frames; then the tour is offered again. */
const remembered = (): boolean => {
  try {
    return localStorage.getItem(skippedKey) !== null
  } catch {
    return false
  }
}

function remember(skipped: boolean) {
  try {
    if (skipped) localStorage.setItem(skippedKey, '1')
    else localStorage.removeItem(skippedKey)
  } catch {
    // It is remembered until the page is left.
  }
}

/** The tour shows by itself while nothing was called and nobody has skipped it, and whenever it is asked for. */
export function useTour(flows: FlowListItem[] | null) {
  const [choice, setChoice] = useState<boolean | null>(() => {
    if (new URLSearchParams(window.location.search).has('tour')) return true
    return remembered() ? false : null
  })
  const fresh = flows?.every(({ lastCall }) => !lastCall) ?? false
  const shown = choice ?? fresh
  return {
    shown,
    /** The flow that it leads through: the one that has been there longest without a change, at first the sample. */
    flow: flows?.at(-1) ?? null,
    toggle() {
      remember(shown)
      setChoice(!shown)
    },
  }
}
