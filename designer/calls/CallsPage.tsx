'use client'
import { Button } from '@fluentui/react-components'
import { lazy, Suspense, useEffect, useState } from 'react'
import { callsMessages as words } from '../messages/calls.ts'
import { shellMessages } from '../messages/shell.ts'
import { AppBar } from '../shell/AppBar.tsx'
import { api } from '../shell/api.ts'
import { fieldsRefused } from '../shell/error.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useCallEvents } from '../shell/useCallEvents.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { errorWords, numberWords } from '../shell/words.ts'
import type { OpenedCall } from '../wire.ts'
import { CallBanner } from './CallBanner.tsx'
import { CallFilters } from './CallFilters.tsx'
import { CallList } from './CallList.tsx'
import { type Groups, groupNames } from './callGroups.ts'
import { type Filters, noFilters, writeFilters } from './filters.ts'
import { useAddress } from './useAddress.ts'
import { useCallList } from './useCallList.ts'
import './calls.css'

// The canvas is the larger part of this page: the list does not wait for it.
const OneCall = lazy(async () => ({ default: (await import('./OneCall.tsx')).OneCall }))

/** All calls, those who were not reached and the running ones first, and the way that one of them took. */
export function CallsPage() {
  return (
    <PageRoot>
      <Calls />
    </PageRoot>
  )
}

function Calls() {
  const { callId: chosen, filters, choose, setFilters } = useAddress()
  const list = useCallList(filters)
  const one = useLoaded(`call ${chosen}`, async (signal) => (chosen === null ? null : api.call(chosen, signal)))
  const { connected } = useCallEvents((ids) => {
    list.refresh()
    if (chosen !== null && (ids.length === 0 || ids.includes(chosen) || ids.includes(one.value?.call.id ?? '')))
      one.reload()
  })
  const { listed } = list
  const refused = fieldsRefused(list.error).filter((field) => fieldsThatSay.includes(field))
  const any = listed !== null && hits(listed.groups) > 0

  return (
    <>
      <AppBar current="calls" />
      {listed && (
        <CallBanner
          overview={listed.overview}
          onShow={({ flowId, block, problem }) =>
            setFilters({ ...noFilters, time: 'today', result: 'notReached', flowId, problem, block: block?.id ?? '' })
          }
        />
      )}
      <main className="calls" data-chosen={chosen !== null}>
        <h1 className="unseen">{shellMessages.sections.calls}</h1>
        <nav className="calls-list column" aria-label={words.list}>
          {!connected && (
            <p className="calls-offline small" role="status">
              {words.disconnected}
            </p>
          )}
          {listed && list.error !== null && refused.length === 0 && (
            <p className="calls-offline small" role="status">
              {errorWords(list.error)}
            </p>
          )}
          <CallFilters filters={filters} refused={refused} onChange={setFilters} />
          <div className="calls-scroll">
            {listed ? (
              <CallList
                groups={listed.groups}
                overview={listed.overview}
                counted={listed.filters.text.trim() === ''}
                chosen={chosen}
                onChoose={choose}
                onMore={list.more}
                empty={<NoCalls filters={filters} onClear={() => setFilters(noFilters)} />}
              />
            ) : refused.length > 0 ? null : list.error ? (
              <Failed error={list.error} onAgain={list.refresh} />
            ) : (
              <Loading />
            )}
          </div>
          {listed && <Summary groups={listed.groups} filters={listed.filters} />}
        </nav>
        <div className="calls-one">
          <One loaded={one} chosen={chosen !== null} hint={any ? words.choose : ''} onBack={() => choose(null)} />
        </div>
      </main>
    </>
  )
}

type LoadedCall = { value: OpenedCall | null; error: unknown; reload: () => void }
type OneProps = { loaded: LoadedCall; chosen: boolean; hint: string; onBack: () => void }

function One({ loaded: { value, error, reload }, chosen, hint, onBack }: OneProps) {
  if (error && !value) return <Failed error={error} onAgain={reload} />
  if (!value) return chosen ? <Loading /> : <p className="notice quiet">{hint}</p>
  return (
    <Suspense fallback={<Loading />}>
      <OneCall key={value.call.id} opened={value} onBack={onBack} />
    </Suspense>
  )
}

/** Those that say themselves what is wrong with them. */
const fieldsThatSay = ['text', 'from', 'until']

const hits = (groups: Groups) => groupNames.reduce((sum, name) => sum + groups[name].calls.length, 0)
const areChosen = (filters: Filters) => writeFilters(filters) !== ''

function NoCalls({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  if (areChosen(filters))
    return (
      <div className="notice">
        <p className="strong">{words.noHits.title}</p>
        <p className="quiet">{words.noHits.text(filters.text.trim())}</p>
        <Button onClick={onClear}>{words.noHits.button}</Button>
      </div>
    )
  return (
    <div className="notice">
      <p className="strong">{words.empty.title}</p>
      <p className="quiet">{words.empty.text}</p>
      <Button as="a" href="/flows">
        {words.empty.button}
      </Button>
    </div>
  )
}

const summaryEveryMs = 10_000
const typedMs = 1_000

/** What those hear who do not see the list: how many were found, and else how many run, politely and at most every ten seconds. */
function Summary({ groups, filters }: { groups: Groups; filters: Filters }) {
  const running = groups.now.calls.length
  const chosen = areChosen(filters)
  const more = groupNames.some((name) => groups[name].more)
  const found = more ? words.moreThan(numberWords(hits(groups))) : numberWords(hits(groups))
  const now = chosen ? words.hits(found) : running > 0 ? words.running(running) : ''
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(setSaid, chosen ? typedMs : summaryEveryMs, now)
    return () => clearTimeout(timer)
  }, [now, chosen])
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  )
}
