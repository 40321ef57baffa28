import { Button, Checkbox, Input } from '@fluentui/react-components'
import { type ChangeEvent, useState } from 'react'
import { type Calendar, type Holiday, wallTime } from '#flow/calendar.ts'
import { checkCalendar } from '#flow/calendarCheck.ts'
import { Icon } from '../icons.tsx'
import { hoursMessages } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { errorWords } from '../shell/words.ts'
import { addHolidays, type Faults, moveHoliday, removeHoliday, setHoliday } from './draft.ts'
import { PublicHolidays } from './PublicHolidays.tsx'
import { SpanFields } from './Week.tsx'

const words = hoursMessages.holidays

type Props = { draft: Calendar; faults: Faults; now: number; onChange(draft: Calendar, said?: string): void }

/** Days that are not as the week says; of two that fit, the one above counts. */
export function Holidays({ draft, faults, now, onChange }: Props) {
  const [asking, setAsking] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const today = wallTime(now, draft.timeZone).day
  const overlapping = new Set(
    checkCalendar(draft, now).flatMap((warning) => (warning.code === 'holidaysOverlap' ? [warning.second] : [])),
  )

  function add(days: readonly Holiday[], more = '') {
    const { draft: next, added } = addHolidays(draft, days)
    onChange(next, words.added(added) + more)
  }
  async function readFile({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0]
    target.value = ''
    if (!file) return
    setFailure(null)
    try {
      const { days, left } = await api.daysInFile(await file.text(), today)
      add(days, words.left(left))
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <section className="card hours-card" aria-label={words.title}>
      <div className="row hours-row hours-tools">
        <h3>{words.title}</h3>
        <span className="small quiet">{words.rule}</span>
        <span className="space" />
        <Button
          appearance="subtle"
          icon={<Icon name="plus" />}
          onClick={() => onChange({ ...draft, holidays: [...draft.holidays, newHoliday(today)] })}
        >
          {words.add}
        </Button>
        <Button onClick={() => setAsking(true)}>{words.public}</Button>
        <label className="hours-file">
          <input type="file" accept=".ics,text/calendar" onChange={(event) => void readFile(event)} />
          {words.fromFile}
        </label>
      </div>
      {failure !== null && (
        <p className="bad hours-row" role="alert">
          {errorWords(failure)}
        </p>
      )}
      {draft.holidays.length === 0 && <p className="quiet hours-row">{words.none}</p>}
      {draft.holidays.map((holiday, n) => (
        <HolidayRow
          // biome-ignore lint/suspicious/noArrayIndexKey: its place is what counts, and what is typed must not lose the focus.
          key={n}
          {...{ draft, holiday, n, faults, onChange }}
          overlaps={overlapping.has(n)}
        />
      ))}
      <PublicHolidays
        open={asking}
        year={Number(today.slice(0, 4))}
        onClose={() => setAsking(false)}
        onAdd={(days) => {
          setAsking(false)
          add(days.filter(({ to }) => to >= today)) // no call comes on a day that is over
        }}
      />
    </section>
  )
}

const newHoliday = (day: string): Holiday => ({
  name: words.newName,
  from: day,
  to: day,
  yearly: false,
  hours: [],
  source: null,
})

type RowProps = Omit<Props, 'now'> & { holiday: Holiday; n: number; overlaps: boolean }

function HolidayRow({ draft, holiday, n, faults, overlaps, onChange }: RowProps) {
  const { name, from, to, yearly, hours, source } = holiday
  const set = (change: Partial<Holiday>) => onChange(setHoliday(draft, n, change))
  const fault = faultOf(faults, n)
  const [span] = hours
  return (
    <div className="row hours-row hours-holiday">
      <Input
        type="date"
        aria-label={words.columns.from}
        value={from}
        // Most are of one day: the last one goes along.
        onChange={(_, { value }) => set({ from: value, ...(to === from && { to: value }) })}
      />
      <span aria-hidden="true">–</span>
      <Input type="date" aria-label={words.columns.to} value={to} onChange={(_, { value }) => set({ to: value })} />
      <Input
        className="hours-grow"
        aria-label={words.columns.name}
        maxLength={100}
        value={name}
        onChange={(_, { value }) => set({ name: value })}
      />
      <Checkbox label={words.yearly} checked={yearly} onChange={(_, data) => set({ yearly: data.checked === true })} />
      <Checkbox
        label={words.openOn}
        checked={span !== undefined}
        onChange={(_, data) => set({ hours: data.checked === true ? [{ from: '09:00', to: '12:00' }] : [] })}
      />
      {span && (
        <SpanFields
          {...{ span, name, faults }}
          at={`holidays.${n}.hours.0`}
          onChange={(change) => set({ hours: hours.with(0, { ...span, ...change }) })}
        />
      )}
      <span className="small quiet">{source === null ? words.yours : source === 'file' ? words.file : source}</span>
      {overlaps && (
        <span className="small hours-warn">
          <Icon name="warn" size={16} /> {words.overlaps}
        </span>
      )}
      {fault !== null && (
        <span className="small bad" role="alert">
          {fault}
        </span>
      )}
      <span className="space" />
      <IconButton
        size="small"
        icon="chevronUp"
        title={words.up(name)}
        disabledFocusable={n === 0}
        onClick={() => n > 0 && onChange(moveHoliday(draft, n, n - 1))}
      />
      <IconButton
        size="small"
        icon="close"
        title={words.remove(name)}
        onClick={() => onChange(removeHoliday(draft, n))}
      />
    </div>
  )
}

function faultOf(faults: Faults, n: number): string | null {
  const at = (field: string) => faults.get(`holidays.${n}.${field}`)
  if (at('name') !== undefined) return words.nameMissing
  if (at('to') === 'endsBefore') return words.endsBefore
  if (at('to') === 'longerThanYear') return words.longerThanYear
  return at('from') !== undefined || at('to') !== undefined ? words.wrongDay : null
}
