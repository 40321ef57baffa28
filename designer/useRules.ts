import { useEffect, useState } from 'react'
import { drawn } from './shell/drawn.ts'

export type Rules = typeof import('./rules.ts')

const [againMs, longestMs] = [2_000, 60_000]

/** The rules by which flows are checked, fetched when the page is drawn; null until they are here. */
export function useRules(): Rules | null {
  const [rules, setRules] = useState<Rules | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    async function ask(pauseMs: number) {
      try {
        const found = await import('./rules.ts')
        if (!gone) setRules(found)
      } catch {
        // The network may be away for a while, and what is drawn meanwhile is checked later.
        if (!gone) timer = setTimeout(() => void ask(Math.min(pauseMs * 2, longestMs)), pauseMs)
      }
    }
    void drawn().then(() => ask(againMs))
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [])
  return rules
}
