import type { default as ICAL } from 'ical.js'
import type { Holiday } from '#flow/calendar.ts'
import { AppError } from './appError.ts'

/** What a file of more is not read beyond: days that repeat for ever come to an end here. */
const [mostYears, mostDays] = [3, 500]
/** Steps through repeated days, of all events: those that are over cost time too. */
const mostSteps = 20_000

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
      const rules = component.getAllProperties('rrule').map((rule) => rule.getFirstValue())
      const isPlain = rules.every((rule) => rule instanceof ICAL.Recur && repeatsPlainly(rule))
      const begins = event.startDate.isDate && String(event.startDate) < last
      if (begins && !event.isRecurrenceException() && isPlain) {
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

/**
 * What a rule may say, by how often it repeats. Where a day of it never comes, as each step jumps over it or no month has it, the
 * library looks for it for seconds, or for ever.
 */
const plainParts: Readonly<Record<string, readonly string[]>> = {
  YEARLY: ['BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYSETPOS'],
  MONTHLY: ['BYMONTHDAY', 'BYDAY', 'BYSETPOS'],
  WEEKLY: ['BYDAY'],
  DAILY: [],
}
const mostInterval = 400
/** The last day of each month in its longest year. */
const lastDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function repeatsPlainly({ freq, interval, parts }: InstanceType<(typeof ICAL)['Recur']>): boolean {
  const { BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS } = parts
  const plain = plainParts[freq]
  if (!plain || interval > mostInterval || !Object.keys(parts).every((part) => plain.includes(part))) return false
  // Each month has four of each weekday; a fifth comes where no month is left out.
  const most = BYSETPOS ? 0 : interval === 1 ? 5 : 4
  if (BYDAY && (BYMONTHDAY || BYDAY.some((day) => nth(day) > most))) return false
  if (BYSETPOS) return BYDAY !== undefined && BYSETPOS.every((at) => Math.abs(at) <= 4)
  return !BYMONTH || !BYMONTHDAY || BYMONTH.every((month) => BYMONTHDAY.every((day) => comes(day, month)))
}

/** 4 of `-4MO`; 0 of `MO`. */
const nth = (day: string): number => Math.abs(Number.parseInt(day, 10) || 0)

const comes = (day: number, month: number): boolean => Math.abs(day) <= (lastDays[month - 1] ?? 0)

const dayOf = (name: string | null, from: string, to: string): Holiday => ({
  name: (name ?? '').trim().slice(0, 100) || from,
  from,
  to,
  yearly: false,
  hours: [],
  source: 'file',
})
