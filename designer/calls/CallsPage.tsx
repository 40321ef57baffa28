'use client'
import { Button } from '@fluentui/react-components'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { callsMessages as words } from '../messages/calls.ts'
import { shellMessages } from '../messages/shell.ts'
import { AppBar } from '../shell/AppBar.tsx'
import { api } from '../shell/api.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { CallList } from './CallList.tsx'
import { useCallList } from './useCallList.ts'
import './calls.css'

// The canvas is the larger part of this page: the list does not wait for it.
const OneCall = lazy(async () => ({ default: (await import('./OneCall.tsx')).OneCall }))

/** All calls, the running ones first, and the way that one of them took. */
export function CallsPage({ callId }: { callId: string | null }) {
  return (
    <PageRoot>
      <Calls first={callId} />
    </PageRoot>
  )
}

function Calls({ first }: { first: string | null }) {
  const [chosen, choose] = useChosenCall(first)
  const list = useCallList()
  const one = useLoaded(`call ${chosen}`, async (signal) => (chosen === null ? null : api.call(chosen, signal)))
  const { connected } = useCallEvents((ids) => {
    list.refresh()
    if (chosen !== null && (ids.length === 0 || ids.includes(chosen) || ids.includes(one.value?.call.id ?? '')))
      one.reload()
  })
  const running = list.calls?.filter(({ state }) => state === 'live').length ?? 0

  return (
    <>
      <AppBar current="calls" />
      <main className="calls" data-chosen={chosen !== null}>
        <h1 className="unseen">{shellMessages.sections.calls}</h1>
        <nav className="calls-list" aria-label={words.list}>
          {!connected && (
            <p className="calls-offline small" role="status">
              {words.disconnected}
            </p>
          )}
          {list.calls ? (
            <CallList calls={list.calls} chosen={chosen} onChoose={choose} />
          ) : list.error ? (
            <Failed error={list.error} onAgain={list.refresh} />
          ) : (
            <Loading />
          )}
          {list.calls?.length === 0 && (
            <div className="notice">
              <p className="strong">{words.empty.title}</p>
              <p className="quiet">{words.empty.text}</p>
              <Button as="a" href="/flows">
                {words.empty.button}
              </Button>
            </div>
          )}
          {list.more && (
            <div className="calls-more">
              <Button onClick={list.loadMore}>{words.more}</Button>
            </div>
          )}
          <Summary running={running} />
        </nav>
        <div className="calls-one">
          {one.value ? (
            <Suspense fallback={<Loading />}>
              <OneCall key={one.value.call.id} opened={one.value} onBack={() => choose(null)} />
            </Suspense>
          ) : one.error ? (
            <Failed error={one.error} onAgain={one.reload} />
          ) : chosen !== null ? (
            <Loading />
          ) : (
            <p className="notice quiet">{list.calls && list.calls.length > 0 ? words.choose : ''}</p>
          )}
        </div>
      </main>
    </>
  )
}

/** The call in the address. Choosing one changes the address without leaving the page, so that nothing moves. */
function useChosenCall(first: string | null): [string | null, (id: string | null) => void] {
  const [chosen, setChosen] = useState(first)
  useEffect(() => {
    const read = () => setChosen(/^\/calls\/([^/]+)/.exec(window.location.pathname)?.[1] ?? null)
    window.addEventListener('popstate', read)
    return () => window.removeEventListener('popstate', read)
  }, [])
  const choose = useCallback((id: string | null) => {
    window.history.pushState(null, '', `/calls${id === null ? '' : `/${id}`}${window.location.search}`)
    setChosen(id)
  }, [])
  return [chosen, choose]
}

const summaryEveryMs = 10_000

/** How many calls run, for those who do not see the list: politely, and at most every ten seconds. */
function Summary({ running }: { running: number }) {
  const [said, setSaid] = useState(running)
  useEffect(() => {
    const timer = setTimeout(setSaid, summaryEveryMs, running)
    return () => clearTimeout(timer)
  }, [running])
  return (
    <p className="unseen" role="status">
      {said > 0 ? words.running(said) : ''}
    </p>
  )
}
