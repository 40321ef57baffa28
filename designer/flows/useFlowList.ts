import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../shell/api.ts'
import { useSoon } from '../shell/useSoon.ts'
import type { FlowList, FlowListQuery } from '../wire.ts'

type Sort = NonNullable<FlowListQuery['sort']>
type State = { list: FlowList | null; error: unknown }

/** Calls may change many times a second; the list is asked for once in this time. */
const restMs = 1_000

/**
 * The flows that are searched for, page by page: `more` shows the next one, `reload` asks again for all that are shown. What is there
 * stays while it is asked for, so that nothing blinks.
 */
export function useFlowList(search: string, sort: Sort) {
  const [{ list, error }, setState] = useState<State>({ list: null, error: null })
  const shown = useRef({ pages: 1, asked: new AbortController() })

  const reload = useCallback(async () => {
    shown.current.asked.abort()
    const asked = new AbortController()
    shown.current.asked = asked
    const { signal } = asked
    try {
      const list = await pagesOf(shown.current.pages, { sort, ...(search !== '' && { search }) }, signal)
      if (!signal.aborted) setState({ list, error: null })
    } catch (error) {
      if (!signal.aborted) setState((before) => ({ ...before, error }))
    }
  }, [search, sort])

  useEffect(() => {
    const { current } = shown
    current.pages = 1
    void reload()
    return () => current.asked.abort()
  }, [reload])
  const reloadSoon = useSoon(reload, restMs)

  function more() {
    shown.current.pages += 1
    return reload()
  }
  return { list, error, reload, reloadSoon, more }
}

/** So many pages as one; fewer, if there are no more. */
async function pagesOf(pages: number, query: FlowListQuery, signal: AbortSignal): Promise<FlowList> {
  let list = await api.flows(query, signal)
  for (let page = 1; page < pages && list.next !== null; page += 1) {
    const next = await api.flows({ ...query, after: list.next }, signal)
    // One that was changed meanwhile may have moved from one page to another.
    const known = new Set(list.flows.map(({ id }) => id))
    list = { ...next, flows: [...list.flows, ...next.flows.filter(({ id }) => !known.has(id))] }
  }
  return list
}
