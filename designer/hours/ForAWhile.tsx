import { Button, Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { type Calendar, type Override, wallTime } from '#flow/calendar.ts'
import { instantsOf } from '#flow/calendarAhead.ts'
import { hoursMessages } from '../messages/hours.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { clockOf } from './draft.ts'
import { momentIn } from './stateWords.ts'

const words = hoursMessages.forAWhile

type Props = { draft: Calendar; now: number; onChange(draft: Calendar, said?: string): void }

/** Closed or open until a moment, whatever the week says. It ends by itself, so an end is required. */
export function ForAWhile({ draft, now, onChange }: Props) {
  const [asking, setAsking] = useState<boolean | null>(null)
  return (
    <section className="column">
      <h3>{words.title}</h3>
      {draft.overrides.map((one, n) => (
        <Entry
          key={`${one.from} ${one.until} ${one.name}`}
          {...{ one, now }}
          timeZone={draft.timeZone}
          onRemove={() => onChange({ ...draft, overrides: draft.overrides.toSpliced(n, 1) })}
        />
      ))}
      {asking === null ? (
        <div className="row">
          <Button onClick={() => setAsking(false)}>{words.close}</Button>
          <Button appearance="subtle" onClick={() => setAsking(true)}>
            {words.open}
          </Button>
        </div>
      ) : (
        <Ask
          {...{ draft, now }}
          isOpen={asking}
          onClose={() => setAsking(null)}
          onPutIn={(one) => {
            setAsking(null)
            // What is over has ended by itself.
            const upcoming = draft.overrides.filter(({ until }) => Date.parse(until) > now)
            onChange({ ...draft, overrides: [one, ...upcoming] })
          }}
        />
      )}
    </section>
  )
}

type EntryProps = { one: Override; now: number; timeZone: string; onRemove(): void }

function Entry({ one: { name, open, from, until }, now, timeZone, onRemove }: EntryProps) {
  const what = open ? words.openNow(name) : words.closedNow(name)
  const moment = (iso: string) => momentIn(timeZone, Date.parse(iso), now)
  return (
    <div className="row hours-tried">
      <div className="hours-grow">
        <p className="strong">{what}</p>
        <p>{words.span(moment(from), moment(until))}</p>
        <p className="small quiet">{Date.parse(until) > now ? words.ends(moment(until)) : words.over}</p>
      </div>
      <IconButton size="small" icon="close" title={words.remove(what)} onClick={onRemove} />
    </div>
  )
}

type AskProps = {
  draft: Calendar
  now: number
  isOpen: boolean
  onPutIn(one: Override): void
  onClose(): void
}

function Ask({ draft, now, isOpen, onPutIn, onClose }: AskProps) {
  const { timeZone } = draft
  const [name, setName] = useState('')
  const [from, setFrom] = useState(() => local(now, timeZone))
  const [until, setUntil] = useState(() => local(now + 120 * 60_000, timeZone))
  const [begins, ends] = [instantOf(from, timeZone), instantOf(until, timeZone)]
  const isRight = begins !== null && ends !== null && begins < ends
  return (
    <form
      className="column hours-tried hours-fields"
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight) onPutIn({ name: name.trim(), open: isOpen, from: iso(begins), until: iso(ends) })
      }}
    >
      <Field label={words.why}>
        <Input maxLength={100} value={name} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={words.from}>
        <Input type="datetime-local" value={from} onChange={(_, { value }) => setFrom(value)} />
      </Field>
      <Field label={words.until} validationMessage={isRight ? undefined : words.endsBefore} required>
        <Input type="datetime-local" value={until} onChange={(_, { value }) => setUntil(value)} />
      </Field>
      <div className="row">
        <Button type="submit" disabledFocusable={!isRight}>
          {words.submit}
        </Button>
        <Button appearance="subtle" onClick={onClose}>
          {words.cancel}
        </Button>
      </div>
    </form>
  )
}

/** As a field for date and time has it, on the clocks of the calendar and not of the reader. */
function local(at: number, timeZone: string): string {
  const { day, minutes } = wallTime(at, timeZone)
  return `${day}T${clockOf(minutes)}`
}

function instantOf(text: string, timeZone: string): number | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text) ?? []
  return day && time ? (instantsOf(day, time, timeZone)[0] ?? null) : null
}

const iso = (at: number) => new Date(at).toISOString()
