import { Button, Input } from '@fluentui/react-components'
import { useState } from 'react'
import type { Calendar } from '#flow/calendar.ts'
import { hoursMessages as words } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { ApiError } from '../shell/error.ts'
import { News } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
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
  const { value: item, error, reload } = useLoaded(`calendar ${id}`, (signal) => api.calendar(id, signal))
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
      await api.saveCalendar(id, sound, item.revision)
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
        <Head
          {...{ draft, changes, faults: faults.size, uses: item.uses.length }}
          onName={(name) => change({ ...draft, name })}
          onDiscard={loadTheirs}
          onSave={() => void save()}
        />
        <div className="hours-scroll column">
          <News failure={isStale(news.failure) ? null : news.failure} said={[told(news, loadTheirs)]} />
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

const isStale = (failure: unknown): failure is ApiError =>
  failure instanceof ApiError && failure.code === 'changedMeanwhile'

function told({ failure, said }: { failure: unknown; said: string | null }, loadTheirs: () => void) {
  if (isStale(failure)) {
    const by = String(Object(failure.detail).updatedBy ?? '')
    const action = <Button onClick={loadTheirs}>{words.loadTheirs}</Button>
    return { intent: 'warning' as const, text: words.changedMeanwhile(by), action }
  }
  return said === null ? null : { intent: 'success' as const, text: said }
}

type HeadProps = {
  draft: Calendar
  changes: number
  faults: number
  uses: number
  onName(name: string): void
  onDiscard(): void
  onSave(): void
}

function Head({ draft, changes, faults, uses, onName, onDiscard, onSave }: HeadProps) {
  const isChanged = changes > 0
  return (
    <header className="row hours-head">
      <div className="hours-name">
        <Input
          className="hours-title"
          appearance="filled-lighter"
          aria-label={words.name}
          maxLength={100}
          value={draft.name}
          onChange={(_, { value }) => onName(value)}
        />
        <p className="small quiet cut">{words.follow(uses)}</p>
      </div>
      <span className="space" />
      {isChanged && (
        <span className={faults > 0 ? 'small bad' : 'small quiet'} role="status">
          {faults > 0 ? words.toMend(faults) : words.changes(changes)}
        </span>
      )}
      <Button appearance="subtle" disabledFocusable={!isChanged} onClick={onDiscard}>
        {words.discard}
      </Button>
      <Button appearance="primary" disabledFocusable={!isChanged || faults > 0} onClick={onSave}>
        {words.save}
      </Button>
    </header>
  )
}
