import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../shell/api.ts'
import type { FlowVersions } from '../wire.ts'

/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 3_000

type State = { list: FlowVersions | null; error: unknown }

/** The versions of a flow, the latest first, and earlier ones page by page. Those never change, so only the first page is loaded again. */
export function useVersionList(flowId: string) {
  const [{ list, error }, setState] = useState<State>({ list: null, error: null })
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const load = useCallback(async () => {
    try {
      const first = await api.versions(flowId)
      setState((before) => ({ list: before.list ? withEarlier(first, before.list) : first, error: null }))
    } catch (error) {
      setState((before) => ({ ...before, error }))
    }
  }, [flowId])

  useEffect(() => {
    void load()
    return () => clearTimeout(resting.current)
  }, [load])

  const loadSoon = useCallback(() => {
    resting.current ??= setTimeout(() => {
      resting.current = undefined
      void load()
    }, restMs)
  }, [load])

  async function loadEarlier() {
    const last = list?.versions.at(-1)
    if (!list || !last) return
    const { versions, more } = await api.versions(flowId, { before: String(last.number) })
    setState({ list: { ...list, versions: [...list.versions, ...versions], more }, error: null })
  }

  return { list, error, load, loadSoon, loadEarlier }
}

/** The first page anew, and behind it the earlier versions that were loaded before. */
function withEarlier(first: FlowVersions, before: FlowVersions): FlowVersions {
  const last = first.versions.at(-1)?.number ?? 0
  const earlier = before.versions.filter(({ number }) => number < last)
  return { ...first, versions: [...first.versions, ...earlier], more: earlier.length > 0 ? before.more : first.more }
}
