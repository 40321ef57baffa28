import { useEffect, useState } from 'react'
import { api } from '../shell/api.ts'
import { useLatest } from '../useLatest.ts'
import type { Publishing } from '../wire.ts'

const lookMs = 1_500

/** What is being published at this moment, by its flow; looked at while there is any. `onDone` hears when one has ended. */
export function usePublishings(onDone: () => void): ReadonlyMap<string, Publishing> {
  const [publishings, setPublishings] = useState<ReadonlyMap<string, Publishing>>(new Map())
  const done = useLatest(onDone)
  const count = useLatest(publishings.size)
  useEffect(() => {
    const leaving = new AbortController()
    let timer = setTimeout(look, 0)
    async function look() {
      clearTimeout(timer)
      const all = await api.allPublishing(leaving.signal).catch(() => null)
      if (leaving.signal.aborted) return
      if (all) {
        if (all.length < count.current) done.current()
        if (all.length + count.current > 0) setPublishings(new Map(all.map((one) => [one.flowId, one])))
      }
      if (all === null || all.length > 0) timer = setTimeout(look, lookMs)
    }
    window.addEventListener('focus', look)
    return () => {
      leaving.abort()
      clearTimeout(timer)
      window.removeEventListener('focus', look)
    }
  }, [count, done])
  return publishings
}
