import { useEffect, useState } from 'react'
import { api } from '../shell/api.ts'
import { useLatest } from '../useLatest.ts'
import type { Publishing } from '../wire.ts'

/** Most publishings have little to speak and are over at once; the others are looked at about once a second. */
const firstLookMs = 150
const lookMs = 800

export const isUnderWay = (
  publishing: Publishing | null,
): publishing is Publishing & { state: 'waiting' | 'running' } =>
  publishing?.state === 'waiting' || publishing?.state === 'running'

/**
 * The publishing of a flow, whoever began it and wherever: found when the page opens and when one comes back to it, and followed
 * to its end. `onDone` hears of each that ends before one's eyes.
 */
export function usePublishing(flowId: string, onDone: (publishing: Publishing) => void) {
  const [publishing, setPublishing] = useState<Publishing | null>(null)
  const done = useLatest(onDone)
  const underWay = isUnderWay(publishing)

  useEffect(() => {
    const look = () =>
      api.publishing(flowId).then(
        (latest) => setPublishing((known) => (isUnderWay(latest) || latest?.state === 'failed' ? latest : known)),
        () => {}, // the next look has it
      )
    void look()
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [flowId])

  useEffect(() => {
    if (!underWay) return
    const leaving = new AbortController()
    let timer = setTimeout(look, firstLookMs)
    async function look() {
      const latest = await api.publishing(flowId, leaving.signal).catch(() => null)
      if (leaving.signal.aborted) return
      if (latest) setPublishing(latest)
      if (latest?.state === 'done') done.current(latest)
      timer = setTimeout(look, lookMs)
    }
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [flowId, underWay, done])

  return { publishing, setPublishing }
}
