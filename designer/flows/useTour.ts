import { useState } from 'react'
import { browserStorage } from '../shell/storage.ts'
import type { FlowListItem } from '../wire.ts'

const skippedKey = 'tour skipped'

/** The tour shows by itself while nothing was called and nobody has skipped it, and whenever it is asked for. */
export function useTour(flows: FlowListItem[] | null) {
  const [choice, setChoice] = useState<boolean | null>(() => {
    if (new URLSearchParams(window.location.search).has('tour')) return true
    // What keeps nothing, as some frames do not, offers it again.
    return browserStorage.get(skippedKey) === null ? null : false
  })
  const fresh = flows?.every(({ lastCall }) => !lastCall) ?? false
  const shown = choice ?? fresh
  return {
    shown,
    /** The flow that it leads through: the one that has been there longest without a change, at first the sample. */
    flow: flows?.at(-1) ?? null,
    toggle() {
      if (shown) browserStorage.set(skippedKey, '1')
      else browserStorage.remove(skippedKey)
      setChoice(!shown)
    },
  }
}
