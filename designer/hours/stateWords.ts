import { type Calendar, type CalendarState, stateAt } from '#flow/calendar.ts'
import { type Change, changesAfter } from '#flow/calendarAhead.ts'
import { checkCalendar } from '#flow/calendarCheck.ts'
import { hoursMessages } from '../messages/hours.ts'
import { language } from '../messages/languages.ts'

const words = hoursMessages.state
const region = typeof navigator === 'undefined' ? language : navigator.language

/** As clocks and calendars on the wall of the place show it, in the reader's own form. */
const inZone = (timeZone: string, form: Intl.DateTimeFormatOptions) => (at: number) =>
  new Intl.DateTimeFormat(region, { timeZone, ...form }).format(at)

const time = { hour: 'numeric', minute: '2-digit' } as const
const day = { weekday: 'long', day: 'numeric', month: 'long' } as const
const dayMs = 86_400_000

/** "17:00" today, "Friday, 8:00" within a week, "Mon 4 Jan, 8:00" later. */
export function momentIn(timeZone: string, at: number, now: number): string {
  const clock = inZone(timeZone, time)(at)
  const dayOf = inZone(timeZone, { dateStyle: 'short' })
  if (dayOf(at) === dayOf(now)) return clock
  const form =
    at - now < 6 * dayMs
      ? { weekday: 'long' as const }
      : { weekday: 'short' as const, day: 'numeric' as const, month: 'short' as const }
  return `${inZone(timeZone, form)(at)}, ${clock}`
}

export const dayIn = (timeZone: string, at: number): string => inZone(timeZone, day)(at)

/** "Berlin" of `Europe/Berlin`. */
export const placeOf = (timeZone: string): string => timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone

const isOpen = ({ state }: CalendarState): boolean => state === 'open'

/** When somebody comes or goes next; undefined where nobody ever does. */
function nextTurn(calendar: Calendar, at: number): Change | undefined {
  const now = isOpen(stateAt(calendar, at))
  for (const change of changesAfter(calendar, at)) if (isOpen(change) !== now) return change
  return undefined
}

/** "Open until 17:00", "Closed: Christmas, until Monday, 8:00". */
export function stateWords(calendar: Calendar, at: number): string {
  if (checkCalendar(calendar, at).some(({ code }) => code === 'neverOpen')) return words.never
  const state = stateAt(calendar, at)
  const turn = nextTurn(calendar, at)
  const moment = turn && momentIn(calendar.timeZone, turn.at, at)
  if (isOpen(state)) return moment ? words.openUntil(moment) : words.always
  if (state.name === '') return moment ? words.closedUntil(moment) : words.closed
  return moment ? words.until(words.closedFor(state.name), moment) : words.closedFor(state.name)
}

/** Holidays so near are told before they come. */
const soonMs = 14 * dayMs

/** "Open until 17:00. Closed on Friday 25 December: Christmas." */
export function headline(calendar: Calendar, at: number): string {
  const first = stateWords(calendar, at)
  for (const change of changesAfter(calendar, at)) {
    if (change.at - at > soonMs) break
    if (change.state === 'holiday')
      return `${first}. ${words.holiday(dayIn(calendar.timeZone, change.at), change.name)}`
  }
  return `${first}.`
}

/** "It is Thursday 17 December, 10:42 in Berlin. Then closed until Friday, 8:00." */
export function belowHeadline(calendar: Calendar, at: number): string {
  const { timeZone } = calendar
  const now = words.now(`${dayIn(timeZone, at)}, ${inZone(timeZone, time)(at)}`, placeOf(timeZone))
  const turn = nextTurn(calendar, at)
  if (!turn || isOpen(turn)) return now
  const back = nextTurn(calendar, turn.at)
  return back ? `${now} ${words.thenClosed(momentIn(timeZone, back.at, at))}` : now
}

/** "Closed: New Year’s Day" and when that ends, for a time that is tried. */
export function triedWords(calendar: Calendar, at: number): { what: string; opens: string } {
  const state = stateAt(calendar, at)
  const turn = isOpen(state) ? undefined : nextTurn(calendar, at)
  return {
    what: isOpen(state) ? stateWords(calendar, at) : state.name === '' ? words.closed : words.closedFor(state.name),
    opens: turn ? words.thenOpen(momentIn(calendar.timeZone, turn.at, at)) : '',
  }
}
