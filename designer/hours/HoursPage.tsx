'use client'
import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { type Calendar, weekdays } from '#flow/calendar.ts'
import { hoursMessages as words } from '../messages/hours.ts'
import { shellMessages } from '../messages/shell.ts'
import { AppBar } from '../shell/AppBar.tsx'
import { api } from '../shell/api.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { PickList } from '../shell/PickList.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { useNow } from '../shell/useNow.ts'
import { usePicked, useUnsavedWarning } from '../shell/usePicked.ts'
import type { CalendarItem } from '../wire.ts'
import { Dot } from './Dot.tsx'
import { OneCalendar } from './OneCalendar.tsx'
import { stateWords } from './stateWords.ts'
import './hours.css'

/** When somebody is there: weekly hours, holidays, and what counts for a while. Nothing here saves by itself, because calls follow it. */
export function HoursPage() {
  return (
    <PageRoot>
      <Hours />
    </PageRoot>
  )
}

const everyMinute = 60_000

function Hours() {
  const { value: calendars, error, reload } = useLoaded('calendars', api.calendars)
  const [chosen, choose] = usePicked('hours')
  const [drafts, setDrafts] = useState<Readonly<Record<string, Calendar>>>({})
  const [failure, setFailure] = useState<unknown>(null)
  const now = useNow(true, everyMinute)
  useUnsavedWarning(Object.keys(drafts).length > 0)
  const shown = calendars?.find(({ id }) => id === chosen) ?? calendars?.[0]

  function setDraft(id: string, draft: Calendar | null) {
    setDrafts(({ [id]: _, ...others }) => (draft === null ? others : { ...others, [id]: draft }))
  }
  async function make() {
    setFailure(null)
    try {
      choose(await api.createCalendar(fresh(calendars ?? [])))
      reload()
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <>
      <AppBar current="hours" />
      {!calendars && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {failure !== null && <Failed error={failure} onAgain={() => void make()} />}
      {calendars?.length === 0 && <Nothing onMake={() => void make()} />}
      {calendars && shown && (
        <main className="hours">
          <h1 className="unseen">{shellMessages.sections.hours}</h1>
          <PickList
            {...{ words }}
            all={calendars.map(({ id, calendar }) => ({
              id,
              name: drafts[id]?.name.trim() || calendar.name,
              below: stateWords(calendar, now),
              icon: <Dot calendar={calendar} now={now} />,
              isChanged: drafts[id] !== undefined,
            }))}
            chosen={shown.id}
            onChoose={choose}
            onMake={() => void make()}
          />
          <OneCalendar
            key={shown.id}
            id={shown.id}
            now={now}
            draft={drafts[shown.id] ?? null}
            onDraft={(draft) => setDraft(shown.id, draft)}
            onChanged={reload}
          />
        </main>
      )}
    </>
  )
}

const Nothing = ({ onMake }: { onMake(): void }) => (
  <main className="page">
    <div className="card notice hours-none">
      <h1>{words.none.title}</h1>
      <p>{words.none.text}</p>
      <Button appearance="primary" onClick={onMake}>
        {words.make}
      </Button>
    </div>
  </main>
)

const officeDay = [{ from: '09:00', to: '17:00' }]

/** Usual office hours where the reader is, under a name that is free. */
function fresh(calendars: readonly CalendarItem[]): Calendar {
  const taken = new Set(calendars.map(({ calendar }) => calendar.name.toLowerCase()))
  let name = words.newName
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${words.newName} ${n}`
  return {
    name,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: Object.fromEntries(weekdays.map((day, n) => [day, n < 5 ? officeDay : []])) as Calendar['week'],
    holidays: [],
    overrides: [],
  }
}
