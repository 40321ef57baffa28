import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import type { Flow } from '#flow/flow.ts'
import { useLatest } from '../useLatest.ts'
import { hear, noCall, type PhoneCall } from './call.ts'
import type { Line, News } from './line.ts'

/** A phone on a line: the call so far, and what a hand can do. `onNews` hears everything as it comes. */
export function usePhone(makeLine: () => Line, onNews: (news: News, line: Line) => void) {
  const [call, tell] = useReducer(hear, noCall)
  const line = useRef<Line | null>(null)
  const listener = useLatest(onNews)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a phone keeps its line for as long as it is there
  useEffect(() => {
    const connected = makeLine()
    line.current = connected
    const stop = connected.subscribe((news) => {
      tell(news)
      listener.current(news, connected)
    })
    // Nobody may hear the rest of it: the call ends with its page.
    const leave = () => void connected.hangUp().catch(() => {})
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      stop()
      connected.close()
    }
  }, [])

  const dial = useCallback(async (flow: Flow, caller: { name: string }, first: () => Promise<void>) => {
    tell({ type: 'dialled', flow })
    try {
      await first()
      await line.current?.call(flow, caller)
    } catch (error) {
      tell({ type: 'refused', error })
    }
  }, [])

  const actions = useMemo(() => {
    // What is refused here is a call that has just ended; the end itself comes as news.
    const quietly = (acting: Promise<void> | undefined) => void acting?.catch(() => {})
    return {
      press: (key: string) => quietly(line.current?.press(key)),
      hangUp: () => quietly(line.current?.hangUp()),
      transfer: (outcome: Parameters<Line['transfer']>[0]) => quietly(line.current?.transfer(outcome)),
    }
  }, [])

  return { call: call satisfies PhoneCall, dial, ...actions }
}
