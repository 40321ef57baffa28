import { useState } from 'react'
import type { Calendar } from '#flow/calendar.ts'
import { hoursMessages as words } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { News } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { newsOf, SavedHead } from '../shell/SavedHead.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { Beside } from './Beside.tsx'
import { Dot } from './Dot.tsx'
import { countChanges, faultsOf, readDraft } from './draft.ts'
import { Holidays } from './Holidays.tsx'
import { belowHeadline, headline } from './stateWords.ts'
import { Warnings } from './Warnings.tsx'
import { Week } from './Week.tsx'

type Props = {
  id: string
  now: number
  draft: Calendar | null
  onDraft(draft: Calendar | null): void
  /** Something was saved or removed. */
  onChanged(): void
}

/** One calendar: what it says now, its week, its holidays, and beside them what counts for a while. */
export function OneCalendar({ id, now, draft: unsaved, onDraft, onChanged }: Props) {
  const { value: item, error, reload, put } = useLoaded(`calendar ${id}`, (signal) => api.calendar(id, signal))
  const [news, setNews] = useState<{ failure: unknown; said: string | null }>({ failure: null, said: null })
  if (!item) return error ? <Failed error={error} onAgain={reload} /> : <Loading />
  const draft = unsaved ?? item.calendar
  const faults = faultsOf(draft)
  const changes = countChanges(item.calendar, draft)
  // What it would say once it is saved; while a time is half typed, what is saved.
  const sound = readDraft(draft) ?? item.calendar

  function change(next: Calendar, said: string | null = null) {
    setNews({ failure: null, said })
    onDraft(item && countChanges(item.calendar, next) === 0 ? null : next)
  }
  async function save() {
    if (!item) return
    try {
      const { revision } = await api.saveCalendar(id, sound, item.revision)
      put({ ...item, calendar: sound, revision })
      onDraft(null)
      setNews({ failure: null, said: words.saved })
      reload()
      onChanged()
    } catch (failure) {
      setNews({ failure, said: null })
    }
  }
  function loadTheirs() {
    onDraft(null)
    setNews({ failure: null, said: null })
    reload()
  }

  return (
    <>
      <section className="hours-work" aria-label={item.calendar.name}>
        <SavedHead
          {...{ words, name: draft.name, below: words.follow(item.uses.length), isWrong: faults.size > 0 }}
          changed={changes === 0 ? null : faults.size > 0 ? words.toMend(faults.size) : words.changes(changes)}
          onName={(name) => change({ ...draft, name })}
          onDiscard={loadTheirs}
          onSave={() => void save()}
        />
        <div className="hours-scroll column">
          <News {...newsOf(news, words, loadTheirs)} />
          <div className="row hours-headline" role="status">
            <Dot calendar={sound} now={now} />
            <div>
              <h2>{headline(sound, now)}</h2>
              <p className="small quiet">{belowHeadline(sound, now)}</p>
            </div>
          </div>
          <Warnings calendar={sound} now={now} onChange={change} />
          <Week {...{ draft, faults, now }} onChange={change} />
          <Holidays {...{ draft, faults, now }} onChange={change} />
        </div>
      </section>
      <Beside {...{ draft, sound, now, item }} onChange={change} onRemoved={onChanged} />
    </>
  )
}
