import type { Holiday } from '#flow/calendar.ts'
import { AppError } from './appError.ts'

/** What a file of more is not read beyond: days that repeat for ever come to an end here. */
const [mostYears, mostDays] = [3, 500]
/** Steps through repeated days, of all events: those that are over cost time too. */
const mostSteps = 50_000

/**
 * The days of a calendar file (iCalendar, RFC 5545) from `from` on, in order: events of whole days, the repeated ones as far as
 * three years ahead. `left`: events that have a time of day, or are over, and so were left out.
 * @throws AppError `badRequest` for what is no such file
 */
export async function daysInFile(text: string, from: string): Promise<{ days: Holiday[]; left: number }> {
  const { default: ICAL } = await import('ical.js')
  const last = `${Number(from.slice(0, 4)) + mostYears}${from.slice(4)}`
  const days: Holiday[] = []
  let [left, steps] = [0, 0]
  try {
    for (const component of ICAL.Component.fromString(text).getAllSubcomponents('vevent')) {
      const event = new ICAL.Event(component)
      const length = event.duration.toSeconds()
      const before = days.length
      if (event.startDate.isDate && !event.isRecurrenceException() && repeatsPlainly(component)) {
        const each = event.iterator()
        for (
          let at = each.next();
          at && String(at) < last && days.length < mostDays && steps < mostSteps;
          at = each.next()
        ) {
          steps += 1
          const { startDate, item } = event.getOccurrenceDetails(at)
          const end = startDate.clone()
          end.addDuration(ICAL.Duration.fromSeconds(Math.max(0, length - 86_400)))
          const [first, to] = [String(startDate), String(end)]
          if (to >= from) days.push(dayOf(item.summary, first, to))
          if (!event.isRecurring()) break
        }
      }
      if (days.length === before) left += 1
    }
  } catch (cause) {
    throw new AppError('badRequest', ['body: no calendar'], { cause })
  }
  return { days: days.sort((a, b) => (a.from < b.from ? -1 : 1)), left }
}

/** Days that repeat by the year, month or week, or day by day: the library looks for ever for a day of other rules that never comes. */
const repeatsPlainly = (component: { getAllProperties(name: string): { toICALString(): string }[] }): boolean =>
  component
    .getAllProperties('rrule')
    .every((rule) =>
      /FREQ=(?:YEARLY|MONTHLY|WEEKLY)\b|^RRULE:FREQ=DAILY(?:;(?:COUNT|UNTIL|INTERVAL)=\w+)*$/i.test(
        rule.toICALString(),
      ),
    )

const dayOf = (name: string | null, from: string, to: string): Holiday => ({
  name: (name ?? '').trim().slice(0, 100) || from,
  from,
  to,
  yearly: false,
  hours: [],
  source: 'file',
})
