import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import { type Calendar, stateAt, wallTime } from '#flow/calendar.ts'
import { instantsOf, nextClockChange } from '#flow/calendarAhead.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { hoursMessages as words } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import type { CalendarItem, CalendarUse } from '../wire.ts'
import { Dot } from './Dot.tsx'
import { clockOf } from './draft.ts'
import { ForAWhile } from './ForAWhile.tsx'
import { dayIn, placeOf, triedWords } from './stateWords.ts'

type Props = {
  draft: Calendar
  /** The draft, or what is saved while the draft cannot be read. */
  sound: Calendar
  now: number
  item: CalendarItem & { uses: CalendarUse[] }
  onChange(draft: Calendar, said?: string): void
  onRemoved(): void
}

/** What counts for a while, a time to try, who uses it, and where its clocks are. */
export function Beside({ draft, sound, now, item, onChange, onRemoved }: Props) {
  const [removing, setRemoving] = useState(false)
  const { title, text, submit, cancel } = words.removing
  return (
    <aside className="column hours-beside" aria-label={words.forAWhile.title}>
      <ForAWhile {...{ draft, now, onChange }} />
      {/* On other clocks it begins anew with what they show. */}
      <TryTime key={sound.timeZone} calendar={sound} now={now} />
      <Used uses={item.uses} />
      <Zone {...{ draft, now, onChange }} />
      {item.uses.length === 0 && (
        <Button appearance="subtle" onClick={() => setRemoving(true)}>
          {words.remove}
        </Button>
      )}
      <ConfirmDialog
        open={removing}
        title={title(item.calendar.name)}
        {...{ text, submit, cancel }}
        act={async () => {
          await api.removeCalendar(item.id)
          setRemoving(false)
          onRemoved()
        }}
        onClose={() => setRemoving(false)}
      />
    </aside>
  )
}

function TryTime({ calendar, now }: { calendar: Calendar; now: number }) {
  const today = wallTime(now, calendar.timeZone)
  const [day, setDay] = useState(today.day)
  const [time, setTime] = useState(clockOf(today.minutes))
  const [at] = isDay(day) && /^\d\d:\d\d$/.test(time) ? instantsOf(day, time, calendar.timeZone) : []
  const { what, opens } = at === undefined ? { what: '', opens: '' } : triedWords(calendar, at)
  return (
    <section>
      <h3>{words.tryTime.title}</h3>
      <div className="row">
        <Input type="date" aria-label={words.tryTime.day} value={day} onChange={(_, { value }) => setDay(value)} />
        <Input type="time" aria-label={words.tryTime.time} value={time} onChange={(_, { value }) => setTime(value)} />
      </div>
      {at !== undefined && (
        <div className="row hours-tried" role="status">
          <Dot calendar={calendar} now={at} />
          <div>
            <p className="strong">{what}</p>
            <p className="small quiet">
              {words.state.exit(flowMessages.exits[stateAt(calendar, at).state] ?? '')} {opens}
            </p>
          </div>
        </div>
      )}
    </section>
  )
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

function Used({ uses }: { uses: readonly CalendarUse[] }) {
  const { title, none, live, draft, both } = words.used
  return (
    <section>
      <h3>{title}</h3>
      {uses.length === 0 && <p className="small quiet">{none}</p>}
      <ul>
        {uses.map((use) => (
          <li key={use.flowId}>
            <a href={`/flows/${use.flowId}`}>{use.name}</a>
            <p className="small quiet">{use.live && use.draft ? both : use.live ? live : draft}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Zone({ draft, now, onChange }: Pick<Props, 'draft' | 'now' | 'onChange'>) {
  const change = nextClockChange(draft.timeZone, now)
  const zones = Intl.supportedValuesOf('timeZone')
  const all = zones.includes(draft.timeZone) ? zones : [draft.timeZone, ...zones]
  const { title, forward, back, never } = words.zone
  const day = change && dayIn(draft.timeZone, change.at)
  return (
    <section>
      <Field
        label={{ children: title, className: 'strong' }}
        hint={day === null ? never : change && change.minutes > 0 ? forward(day) : back(day)}
      >
        <Select value={draft.timeZone} onChange={(_, { value }) => onChange({ ...draft, timeZone: value })}>
          {all.map((zone) => (
            <option key={zone} value={zone}>
              {zone.includes('/') ? `${placeOf(zone)} (${zone.split('/')[0]})` : zone}
            </option>
          ))}
        </Select>
      </Field>
    </section>
  )
}
