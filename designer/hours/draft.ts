import { Calendar, type Holiday, type Span, type Weekday, weekdays } from '#flow/calendar.ts'
import { same } from '../same.ts'

/** What is wrong with a calendar as it is typed, by the place: `week.monday.0.from`. */
export type Faults = ReadonlyMap<string, string>

/** A time as people type it, as `HH:MM`: `8`, `8:00`, `8.30`, `0830`, `5 pm`. What cannot be read stays as it was typed. */
export function readTime(text: string): string {
  const typed = /^\s*(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(?:([ap])\.?m\.?)?\s*$/i.exec(text)
  if (!typed) return text
  const [, hour = '', minute = '00', half] = typed
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  const isTime = hours < 24 || (hours === 24 && minute === '00')
  if (!isTime || (half !== undefined && (Number(hour) < 1 || Number(hour) > 12))) return text
  return `${String(hours).padStart(2, '0')}:${minute}`
}

const readSpans = (spans: readonly Span[]): Span[] =>
  spans.map(({ from, to }) => ({ from: readTime(from), to: readTime(to) }))

/** A calendar as it is typed, as one that calls can follow; null while something in it cannot be read. */
export const readDraft = (draft: Calendar): Calendar | null => Calendar.safeParse(withTimesRead(draft)).data ?? null

const withTimesRead = (draft: Calendar): Calendar => ({
  ...draft,
  week: Object.fromEntries(weekdays.map((day) => [day, readSpans(draft.week[day])])) as Calendar['week'],
  holidays: draft.holidays.map((holiday) => ({ ...holiday, hours: readSpans(holiday.hours) })),
})

/** Minutes since midnight, as a field for a time has them. */
export const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** What cannot be read is told while it is typed; what only looks otherwise is put right when the field is left. */
export function faultsOf(draft: Calendar): Faults {
  const { error } = Calendar.safeParse(withTimesRead(draft))
  return new Map(
    (error?.issues ?? []).map(({ path, code, message }) => [path.join('.'), code === 'custom' ? message : code]),
  )
}

/** In how many things a draft differs from what is saved: days, holidays, what counts for a while, name, zone. */
export function countChanges(saved: Calendar, draft: Calendar): number {
  const days = weekdays.filter((day) => !same(saved.week[day], draft.week[day])).length
  const parts = [saved.name !== draft.name, saved.timeZone !== draft.timeZone].filter(Boolean).length
  return days + parts + countOf(saved.holidays, draft.holidays) + countOf(saved.overrides, draft.overrides)
}

/** Those that are in one list alone, each change of one counted once; another order alone is one. */
function countOf(before: readonly unknown[], after: readonly unknown[]): number {
  const gone = before.filter((one) => !after.some((other) => same(one, other))).length
  const come = after.filter((one) => !before.some((other) => same(one, other))).length
  return gone + come === 0 ? Number(!same(before, after)) : Math.max(gone, come)
}

const officeHours: Span = { from: '09:00', to: '17:00' }

const withDay = (draft: Calendar, day: Weekday, spans: Span[]): Calendar => ({
  ...draft,
  week: { ...draft.week, [day]: spans },
})

/** A day that is opened gets the hours of the open day nearest above, or usual ones. */
export function setOpen(draft: Calendar, day: Weekday, isOpen: boolean): Calendar {
  const at = weekdays.indexOf(day)
  const nearest = [...weekdays.slice(0, at).reverse(), ...weekdays.slice(at + 1)].find(
    (one) => draft.week[one].length > 0,
  )
  return withDay(draft, day, isOpen ? (nearest ? draft.week[nearest] : [officeHours]) : [])
}

export const setSpan = (draft: Calendar, day: Weekday, n: number, span: Partial<Span>): Calendar =>
  withDay(
    draft,
    day,
    draft.week[day].map((one, at) => (at === n ? { ...one, ...span } : one)),
  )

/** A break at noon in the last hours of the day, or more hours behind them. */
export function addBreak(draft: Calendar, day: Weekday): Calendar {
  const spans = draft.week[day]
  const last = spans.at(-1) ?? officeHours
  const noon = last.from < '12:00' && last.to > '13:00'
  const more = noon
    ? [
        { from: last.from, to: '12:00' },
        { from: '13:00', to: last.to },
      ]
    : [last, { from: last.to, to: '24:00' }]
  return withDay(draft, day, [...spans.slice(0, -1), ...more])
}

/** The last hours of a day go; what they ended with is then the end. */
export function removeBreak(draft: Calendar, day: Weekday): Calendar {
  const [last, before, ...rest] = draft.week[day].toReversed()
  if (!last || !before) return draft
  return withDay(draft, day, [...rest.reverse(), { from: before.from, to: last.to }])
}

/** The hours of one day on all that are open. */
export const copyDay = (draft: Calendar, day: Weekday): Calendar => ({
  ...draft,
  week: Object.fromEntries(
    weekdays.map((one) => [one, draft.week[one].length > 0 ? draft.week[day] : []]),
  ) as Calendar['week'],
})

export const setHoliday = (draft: Calendar, n: number, holiday: Partial<Holiday>): Calendar => ({
  ...draft,
  holidays: draft.holidays.map((one, at) => (at === n ? { ...one, ...holiday } : one)),
})

export const removeHoliday = (draft: Calendar, n: number): Calendar => ({
  ...draft,
  holidays: draft.holidays.toSpliced(n, 1),
})

/** Where it stands in the list decides which of two counts. */
export function moveHoliday(draft: Calendar, from: number, to: number): Calendar {
  const moved = draft.holidays[from]
  return moved ? { ...draft, holidays: draft.holidays.toSpliced(from, 1).toSpliced(to, 0, moved) } : draft
}

/** Each behind the last that begins before it; those that are there already stay as they are. */
export function addHolidays(draft: Calendar, days: readonly Holiday[]): { draft: Calendar; added: number } {
  const holidays = [...draft.holidays]
  let added = 0
  for (const day of days) {
    if (holidays.some(({ from, to, name }) => from === day.from && to === day.to && name === day.name)) continue
    holidays.splice(holidays.findLastIndex(({ from }) => from <= day.from) + 1, 0, day)
    added += 1
  }
  return { draft: { ...draft, holidays }, added }
}
