import * as z from 'zod'
import { listOf } from '#ground/listOf.ts'

/** When somebody is there: kept beside flows, shared by many of them, and changed without publishing. */

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

const dayMinutes = 24 * 60

/** Wall-clock time as `HH:MM`; `24:00` is the end of a day. */
const Time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/)

/** Minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** From, inclusive, to, exclusive. One that ends before it begins goes on into the next day: 17:00 to 08:00. */
const Span = z
  .object({ from: Time, to: Time })
  .refine(({ from, to }) => from !== to, 'emptySpan')
  .refine(({ from }) => from !== '24:00', 'emptySpan')
export type Span = z.infer<typeof Span>

const Spans = listOf(Span, 6)

/** A day of the calendar, `YYYY-MM-DD`, that there is. */
const Day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true, 'noSuchDay')

export const Holiday = z
  .object({
    name: z.string().trim().min(1).max(100),
    from: Day,
    /** The last day, inclusive. */
    to: Day,
    /** Every year on these days. */
    yearly: z.boolean().default(false),
    /** When it is open in spite of it; none for closed all day. */
    hours: Spans.default([]),
    /** Where it came from: null, somebody wrote it; `DE-HH`, the public holidays of that region; `file`, a calendar file. */
    source: z.string().max(40).nullable().default(null),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'endsBefore' })
  .refine(({ from, to, yearly }) => !yearly || to < `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`, {
    path: ['to'],
    message: 'longerThanYear',
  })
export type Holiday = z.infer<typeof Holiday>

const Instant = z.iso.datetime({ offset: true })

/** Open or closed for a while, whatever else the calendar says. It ends by itself. */
const Override = z
  .object({ name: z.string().trim().max(100), open: z.boolean(), from: Instant, until: Instant })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), { path: ['until'], message: 'endsBefore' })
export type Override = z.infer<typeof Override>

const isTimeZone = (name: string): boolean => {
  try {
    return clockIn(name) !== undefined
  } catch {
    return false
  }
}

export const Calendar = z.object({
  name: z.string().trim().min(1).max(100),
  /** IANA name: `Europe/Berlin`. */
  timeZone: z.string().max(60).refine(isTimeZone, 'noSuchZone'),
  week: z.object(Object.fromEntries(weekdays.map((day) => [day, Spans])) as Record<Weekday, typeof Spans>),
  /** The first that fits counts. */
  holidays: listOf(Holiday, 500).default([]),
  /** The first that fits counts, before holidays and the week. */
  overrides: listOf(Override, 50).default([]),
})
export type Calendar = z.infer<typeof Calendar>

/** The calendars that flows speak of, by their ids. */
export type Calendars = Readonly<Record<string, Calendar>>

/** What callers meet: `holiday` outside the hours of a holiday, with its name; so have those that are closed or open for a while. */
export type CalendarState = { readonly state: 'open' | 'closed' | 'holiday'; readonly name: string }

/** A day and the minutes since its midnight, as clocks on the wall show them. */
export type WallTime = { readonly day: string; readonly minutes: number }

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Kept, because making one takes a thousand times as long as asking it. */
function clockIn(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  clocks.set(timeZone, clock)
  return clock
}

export function wallTime(at: number, timeZone: string): WallTime {
  const part: Record<string, string> = {}
  for (const { type, value } of clockIn(timeZone).formatToParts(at)) part[type] = value
  const year = (part.year ?? '').padStart(4, '0')
  return {
    day: `${year}-${part.month}-${part.day}`,
    minutes: Number(part.hour) * 60 + Number(part.minute),
  }
}

/** The day so many days after another. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMinutes * 60_000).toISOString().slice(0, 10)

export function weekdayOf(day: string): Weekday {
  const name = weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]
  if (!name) throw new Error(`${day} is no day`)
  return name
}

/** Whether a holiday lies on a day. One of every year keeps its month and day, also over the turn of the year. */
export function isOn({ from, to, yearly }: Holiday, day: string): boolean {
  if (!yearly) return from <= day && day <= to
  const [first, last, one] = [from.slice(5), to.slice(5), day.slice(5)]
  return first <= last ? first <= one && one <= last : one >= first || one <= last
}

/** What counts on a day: the hours of the first holiday that fits, or those of the week. */
export function dayPlan(
  { holidays, week }: Calendar,
  day: string,
): { holiday: Holiday | null; hours: readonly Span[] } {
  const holiday = holidays.find((one) => isOn(one, day)) ?? null
  return { holiday, hours: holiday?.hours ?? week[weekdayOf(day)] }
}

const goesOn = ({ from, to }: Span): boolean => to < from

/**
 * What callers meet at an instant (milliseconds since 1970). Clocks on the wall decide: an hour that is skipped does not come, one that
 * comes twice counts twice. Hours that go on into the next day do so whatever day that is.
 */
export function stateAt(calendar: Calendar, at: number): CalendarState {
  const override = calendar.overrides.find(({ from, until }) => Date.parse(from) <= at && at < Date.parse(until))
  if (override) return { state: override.open ? 'open' : 'closed', name: override.name }
  const { day, minutes } = wallTime(at, calendar.timeZone)
  const today = dayPlan(calendar, day)
  const isOpen =
    today.hours.some((span) => minutesOf(span.from) <= minutes && (goesOn(span) || minutes < minutesOf(span.to))) ||
    dayPlan(calendar, daysAfter(day, -1)).hours.some((span) => goesOn(span) && minutes < minutesOf(span.to))
  if (isOpen) return { state: 'open', name: today.holiday?.name ?? '' }
  return today.holiday ? { state: 'holiday', name: today.holiday.name } : { state: 'closed', name: '' }
}

/** Where clocks on the wall show this: two instants where an hour comes twice, and those around the gap where one is skipped. */
function instantsNear(day: string, minutes: number, timeZone: string): number[] {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
  return [-dayMinutes, dayMinutes].map((beside) => {
    const at = asUtc + beside * 60_000
    const shown = wallTime(at, timeZone)
    return asUtc - (Date.parse(`${shown.day}T00:00:00Z`) + shown.minutes * 60_000 - at)
  })
}

/** From when on somebody is there, at an instant or after it, within so many days; null where nobody comes. */
export function nextOpening(calendar: Calendar, from: number, days: number): number | null {
  const isOpen = (at: number) => stateAt(calendar, at).state === 'open'
  if (isOpen(from)) return from
  const { day } = wallTime(from, calendar.timeZone)
  const moments = calendar.overrides.flatMap((one) => [Date.parse(one.from), Date.parse(one.until)])
  for (let ahead = 0; ahead <= days; ahead += 1) {
    const next = daysAfter(day, ahead)
    for (const span of dayPlan(calendar, next).hours)
      moments.push(...instantsNear(next, minutesOf(span.from), calendar.timeZone))
  }
  const until = from + days * dayMinutes * 60_000
  const ahead = moments.filter((at) => at > from && at <= until).sort((a, b) => a - b)
  let opens = ahead.find(isOpen) ?? null
  // Hours that were to begin in an hour that clocks skip begin with the next.
  while (opens !== null && opens - 60_000 > from && isOpen(opens - 60_000)) opens -= 60_000
  return opens
}
