import { useEffect, useReducer, useRef } from 'react'
import { useLatest } from '../useLatest.ts'
import type { Wanted } from './beforeCall.ts'
import { hear, noCall } from './call.ts'
import { type Line, type News, openLine, type TransferOutcome } from './line.ts'

/** A phone on a line: the call so far, and what a hand can do. `onNews` hears everything as it comes. */
export function usePhone(flowId: string, onNews: (news: News, line: Line) => void) {
  const [call, tell] = useReducer(hear, noCall)
  const line = useRef<Line | null>(null)
  const listener = useLatest(onNews)

  useEffect(() => {
    const connected = openLine(flowId, (news) => {
      tell(news)
      listener.current(news, connected)
    })
    line.current = connected
    // Nobody may hear the rest of it: the call ends with its page.
    const leave = () => void connected.hangUp().catch(() => {})
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      connected.close()
    }
  }, [flowId, listener])

  // What is refused here is a call that has just ended; the end itself comes as news.
  const quietly = (acting: Promise<void> | undefined) => void acting?.catch(() => {})
  return {
    call,
    async dial(wanted: Wanted, first: () => Promise<void>) {
      tell({ type: 'dialled', flow: wanted.flow })
      try {
        await first()
        await line.current?.call(wanted)
      } catch (error) {
        tell({ type: 'refused', error })
      }
    },
    clear: () => tell({ type: 'cleared' }),
    press: (key: string) => quietly(line.current?.press(key)),
    speak: (seconds: number) => quietly(line.current?.speak(seconds)),
    hangUp: () => quietly(line.current?.hangUp()),
    transfer: (outcome: TransferOutcome) => quietly(line.current?.transfer(outcome)),
  }
}
