import { Temporal } from 'temporal-polyfill'
import { type Calendar, type CalendarState, dayPlan, daysAfter, stateAt, wallTime } from './calendar.ts'

/** What comes next, for people who look at a calendar. Calls only ask what is now (calendar.ts). */

/** From when on something else counts, in milliseconds since 1970. */
export type Change = CalendarState & { readonly at: number }

/** Holidays and what counts for a while lie this far ahead at most; a week repeats itself. */
const [daysWithHolidays, daysOfWeek] = [400, 9]

/** What callers meet from when on, one after the other; ends where nothing changes any more, as far as one looks. */
export function* changesAfter(calendar: Calendar, from: number): Generator<Change> {
  const isWeekOnly = calendar.holidays.length === 0 && calendar.overrides.length === 0
  const { day } = wallTime(from, calendar.timeZone)
  let last = stateAt(calendar, from)
  for (let ahead = 0; ahead <= (isWeekOnly ? daysOfWeek : daysWithHolidays); ahead += 1) {
    for (const at of momentsOf(calendar, daysAfter(day, ahead))) {
      if (at <= from) continue
      const state = stateAt(calendar, at)
      if (state.state === last.state && state.name === last.name) continue
      last = state
      yield { ...state, at }
    }
  }
}

/** All instants of a day at which something else may begin, in order. */
function momentsOf(calendar: Calendar, day: string): number[] {
  const { timeZone, overrides } = calendar
  const begins = Temporal.PlainDate.from(day).toZonedDateTime(timeZone)
  const [first, end] = [begins.epochMilliseconds, begins.add({ days: 1 }).epochMilliseconds]
  const spans = [...dayPlan(calendar, day).hours, ...dayPlan(calendar, daysAfter(day, -1)).hours]
  const times = new Set(spans.flatMap(({ from, to }) => [from, to]))
  times.delete('24:00')
  const moments = [...times].flatMap((time) => instantsOf(day, time, timeZone))
  for (const { from, until } of overrides) moments.push(Date.parse(from), Date.parse(until))
  // Clocks that are set forward skip when something was to begin, those set back come to it again.
  const clocksChange = begins.getTimeZoneTransition('next')?.epochMilliseconds
  if (clocksChange !== undefined) moments.push(clocksChange)
  return [...new Set([first, ...moments])].filter((at) => at >= first && at < end).sort((a, b) => a - b)
}

/** The instants at which clocks on the wall show this: one, two where an hour comes twice, one beside the gap where it is skipped. */
export function instantsOf(day: string, time: string, timeZone: string): number[] {
  const wall = Temporal.PlainDate.from(day).toPlainDateTime(Temporal.PlainTime.from(time))
  const both = (['earlier', 'later'] as const).map(
    (disambiguation) => wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
  )
  return [...new Set(both)]
}

/** When the zone's clocks change next, and by how many minutes; null where they do not. */
export function nextClockChange(timeZone: string, from: number): { at: number; minutes: number } | null {
  const now = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
  const next = now.getTimeZoneTransition('next')
  if (!next) return null
  const before = next.subtract({ seconds: 1 })
  return {
    at: next.epochMilliseconds,
    minutes: Math.round((next.offsetNanoseconds - before.offsetNanoseconds) / 60e9),
  }
}
