import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from './shell/api.ts'
import { drawn } from './shell/drawn.ts'

export type Rules = ReturnType<typeof import('./rules.ts').rulesWith>

const [againMs, longestMs] = [2_000, 60_000]

/**
 * The rules by which flows are checked and what is known here, fetched when the page is drawn; null until they are here. What is shared and
 * what has a name is edited on other pages: who comes back from one has it as it is now, and who changed it from here looks again.
 */
export function useRules(): { rules: Rules | null; lookAgain(): void } {
  const [found, setFound] = useState<{ rules: Rules; mark: string } | null>(null)
  const asking = useRef(() => {})
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    async function ask(pauseMs: number) {
      clearTimeout(timer)
      try {
        const [{ rulesWith }, { mark, ...known }] = await Promise.all([import('./rules.ts'), api.shared()])
        if (gone) return
        setFound((before) => (before?.mark === mark ? before : { rules: rulesWith(known), mark }))
      } catch {
        // The network may be away for a while, and what is drawn meanwhile is checked later.
        if (!gone) timer = setTimeout(() => void ask(Math.min(pauseMs * 2, longestMs)), pauseMs)
      }
    }
    asking.current = () => void ask(againMs)
    const lookAgain = () => document.hidden || void ask(againMs)
    void drawn().then(() => {
      if (gone) return
      void ask(againMs)
      document.addEventListener('visibilitychange', lookAgain)
    })
    return () => {
      gone = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', lookAgain)
    }
  }, [])
  return { rules: found?.rules ?? null, lookAgain: useCallback(() => asking.current(), []) }
}
