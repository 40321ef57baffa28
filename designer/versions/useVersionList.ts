import { useCallback, useEffect, useState } from 'react'
import { api } from '../shell/api.ts'
import { useSoon } from '../shell/useSoon.ts'
import type { FlowVersions } from '../wire.ts'

/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 3_000

type State = { list: FlowVersions | null; error: unknown }

/** The versions of a flow, the latest first, and earlier ones page by page. Those never change, so only the first page is loaded again. */
export function useVersionList(flowId: string) {
  const [{ list, error }, setState] = useState<State>({ list: null, error: null })

  const load = useCallback(async () => {
    try {
      const first = await api.versions(flowId)
      setState((before) => ({ list: before.list ? withEarlier(first, before.list) : first, error: null }))
    } catch (error) {
      setState((before) => ({ ...before, error }))
    }
  }, [flowId])

  useEffect(() => void load(), [load])
  const loadSoon = useSoon(load, restMs)

  async function loadEarlier() {
    const last = list?.versions.at(-1)
    if (!list || !last) return
    try {
      const page = await api.versions(flowId, { before: String(last.number) })
      // In front of it stands what was loaded meanwhile.
      setState((now) => ({ list: withEarlier(now.list ?? list, page), error: null }))
    } catch (error) {
      setState((before) => ({ ...before, error }))
    }
  }

  return { list, error, load, loadSoon, loadEarlier }
}

/** The latest versions, and behind them those of a list that reaches further back. */
function withEarlier(latest: FlowVersions, further: FlowVersions): FlowVersions {
  const last = latest.versions.at(-1)?.number ?? 0
  const earlier = further.versions.filter(({ number }) => number < last)
  const { more } = earlier.length > 0 ? further : latest
  return { ...latest, versions: [...latest.versions, ...earlier], more }
}
