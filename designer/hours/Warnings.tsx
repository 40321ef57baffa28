import { Button } from '@fluentui/react-components'
import type { Calendar } from '#flow/calendar.ts'
import { type CalendarWarning, checkCalendar } from '#flow/calendarCheck.ts'
import { Icon } from '../icons.tsx'
import { hoursMessages } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { addHolidays, moveHoliday } from './draft.ts'
import { dayIn } from './stateWords.ts'

const words = hoursMessages.warnings

type Props = { calendar: Calendar; now: number; onChange(draft: Calendar, said?: string): void }
type Told = { what: string; why: string; fix?: { label: string; act(): void } }

/** What its owner would want to know, each with what can be done about it. */
export function Warnings({ calendar, now, onChange }: Props) {
  const warnings = checkCalendar(calendar, now)
  if (warnings.length === 0) return null
  return (
    <ul className="column hours-warnings" aria-label={words.title}>
      {warnings.map((warning) => {
        const { what, why, fix } = wordsFor(warning, calendar, onChange)
        return (
          <li key={what} className="card row hours-warning">
            <span className="hours-warn">
              <Icon name="warn" />
            </span>
            <div className="hours-grow">
              <p className="strong">{what}</p>
              <p className="small">{why}</p>
            </div>
            {fix && <Button onClick={fix.act}>{fix.label}</Button>}
          </li>
        )
      })}
    </ul>
  )
}

function wordsFor(warning: CalendarWarning, calendar: Calendar, onChange: Props['onChange']): Told {
  const { days } = hoursMessages.week
  const holiday = (n: number) => calendar.holidays[n]?.name ?? ''
  switch (warning.code) {
    case 'neverOpen':
      return words.neverOpen
    case 'holidaysOverlap': {
      const { first, second, day } = warning
      return {
        what: words.holidaysOverlap.what(holiday(first), holiday(second)),
        why: words.holidaysOverlap.why(dayIn('UTC', Date.parse(day)), holiday(first)),
        fix: {
          label: words.holidaysOverlap.fix(holiday(second)),
          act: () => onChange(moveHoliday(calendar, second, first)),
        },
      }
    }
    case 'hoursOverlap': {
      const { day, holiday: n } = warning
      const { what, why } = words.hoursOverlap
      return { what: what(day === null ? holiday(n ?? 0) : days[day]), why }
    }
    case 'noHolidays': {
      const { year } = warning
      const { what, why, fix } = words.noHolidays
      const place = calendar.holidays.find(({ source }) => source !== null && source !== 'file')?.source
      const told = { what: what(year), why }
      return place
        ? { ...told, fix: { label: fix(year), act: () => void addYear(calendar, place, year, onChange) } }
        : told
    }
    case 'nameLies': {
      const { day, isOpen } = warning
      const says =
        calendar.week[day].length > 0 !== isOpen
          ? words.nameLies.otherOn
          : isOpen
            ? words.nameLies.openOn
            : words.nameLies.closedOn
      return { what: words.nameLies.what(calendar.name), why: says(days[day]) }
    }
  }
}

async function addYear(calendar: Calendar, place: string, year: number, onChange: Props['onChange']) {
  const days = await api.holidays(place, year)
  const { draft, added } = addHolidays(
    calendar,
    days.filter(({ from }) => from.startsWith(String(year))),
  )
  onChange(draft, hoursMessages.holidays.added(added))
}
