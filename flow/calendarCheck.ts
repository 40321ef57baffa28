import {
  type Calendar,
  daysAfter,
  type Holiday,
  isOn,
  minutesOf,
  type Span,
  type Weekday,
  wallTime,
  weekdays,
} from './calendar.ts'

/** What its owner would want to know of a calendar. Nothing of it stands in the way of saving. */
export type CalendarWarning =
  | { code: 'neverOpen' }
  /** Both lie on `day`; `first` counts, because it stands higher. Their places in the list. */
  | { code: 'holidaysOverlap'; first: number; second: number; day: string }
  | { code: 'hoursOverlap'; day: Weekday | null; holiday: number | null }
  | { code: 'noHolidays'; year: number }
  /** Its name promises other days or hours than it has. */
  | { code: 'nameLies'; day: Weekday; isOpen: boolean }

/** What is odd about a calendar at an instant (milliseconds since 1970). */
export function checkCalendar(calendar: Calendar, at: number): CalendarWarning[] {
  const today = wallTime(at, calendar.timeZone).day
  return [
    ...neverOpen(calendar, at),
    ...nameLies(calendar),
    ...hoursOverlap(calendar),
    ...holidaysOverlap(calendar.holidays, today),
    ...noHolidays(calendar.holidays, Number(today.slice(0, 4))),
  ]
}

function* neverOpen({ week, holidays, overrides }: Calendar, at: number): Generator<CalendarWarning> {
  const isEverOpen =
    Object.values(week).some((hours) => hours.length > 0) ||
    holidays.some(({ hours }) => hours.length > 0) ||
    overrides.some(({ open, until }) => open && Date.parse(until) > at)
  if (!isEverOpen) yield { code: 'neverOpen' }
}

function* hoursOverlap({ week, holidays }: Calendar): Generator<CalendarWarning> {
  for (const day of weekdays) if (overlaps(week[day])) yield { code: 'hoursOverlap', day, holiday: null }
  for (const [holiday, { hours }] of holidays.entries()) {
    if (overlaps(hours)) yield { code: 'hoursOverlap', day: null, holiday }
  }
}

function overlaps(spans: readonly Span[]): boolean {
  const sorted = spans.map(({ from, to }) => [minutesOf(from), to < from ? Infinity : minutesOf(to)] as const)
  sorted.sort(([a], [b]) => a - b)
  return sorted.some(([, end], n) => end > (sorted[n + 1]?.[0] ?? Infinity))
}

/** Two years ahead, each pair once: those that mean the same to callers may lie on each other. */
function* holidaysOverlap(holidays: readonly Holiday[], today: string): Generator<CalendarWarning> {
  const told = new Set<string>()
  const upcoming = [...holidays.entries()].filter(([, { to, yearly }]) => yearly || to >= today)
  if (upcoming.length < 2) return
  for (let ahead = 0; ahead < 731; ahead += 1) {
    const day = daysAfter(today, ahead)
    const [top, ...others] = upcoming.filter(([, holiday]) => isOn(holiday, day))
    if (!top) continue
    for (const [second, holiday] of others) {
      const pair = `${top[0]} ${second}`
      if (told.has(pair) || sameToCallers(top[1], holiday)) continue
      told.add(pair)
      yield { code: 'holidaysOverlap', first: top[0], second, day }
    }
  }
}

const sameToCallers = (a: Holiday, b: Holiday): boolean =>
  a.name === b.name && JSON.stringify(a.hours) === JSON.stringify(b.hours)

/** Who has holidays has some each year. */
function* noHolidays(holidays: readonly Holiday[], thisYear: number): Generator<CalendarWarning> {
  if (holidays.length === 0 || holidays.some(({ yearly }) => yearly)) return
  for (const year of [thisYear, thisYear + 1]) {
    const isIn = ({ from, to }: Holiday) => from <= `${year}-12-31` && to >= `${year}-01-01`
    if (!holidays.some(isIn)) yield { code: 'noHolidays', year }
  }
}

// English and German, as people name their hours; others say nothing that can be held against them.
const dayWords: [RegExp, Weekday][] = [
  [/^mo(?:n(?:day)?|ntags?)?$/, 'monday'],
  [/^(?:tue?s?(?:day)?|di(?:enstags?)?)$/, 'tuesday'],
  [/^(?:weds?|wednesday|mi(?:ttwochs?)?)$/, 'wednesday'],
  [/^(?:thu(?:rs?)?(?:day)?|do(?:nnerstags?)?)$/, 'thursday'],
  [/^fr(?:i(?:day)?|eitags?)?$/, 'friday'],
  [/^sa(?:t(?:urday)?|mstags?)?$/, 'saturday'],
  [/^(?:sun(?:day)?|so(?:nntags?)?)$/, 'sunday'],
]
const dayNamed = (word: string): Weekday | undefined => dayWords.find(([pattern]) => pattern.test(word))?.[1]

/** `Mon–Fri`, `Mo-Fr 9-17`, `Sat 10:00 - 14:00`; what else stands in a name means nothing. */
const promise =
  /\b([a-z]+)\.?\s*(?:[-–]|to|bis)\s*([a-z]+)\b\.?[,:]?(?:\s*(\d{1,2})(?:[:.](\d\d))?\s*(?:[-–]|to|bis)\s*(\d{1,2})(?:[:.](\d\d))?)?/i

/** The first day of the week on which a name says otherwise than the calendar. */
function* nameLies({ name, week }: Calendar): Generator<CalendarWarning> {
  const [, first = '', last = '', fromHour, fromMinute, toHour, toMinute] = promise.exec(name) ?? []
  const [from, to] = [dayNamed(first.toLowerCase()), dayNamed(last.toLowerCase())]
  if (from === undefined || to === undefined) return
  const [begins, ends] = [weekdays.indexOf(from), weekdays.indexOf(to)]
  const isNamed = (n: number) => (begins <= ends ? begins <= n && n <= ends : n >= begins || n <= ends)
  const hours = fromHour === undefined ? null : `${clock(fromHour, fromMinute)} ${clock(toHour, toMinute)}`
  for (const [n, day] of weekdays.entries()) {
    const spans = week[day]
    const isOpen = spans.length > 0
    const ofDay = `${spans[0]?.from} ${spans.at(-1)?.to}`
    if (isOpen === isNamed(n) && (!isOpen || hours === null || ofDay === hours)) continue
    yield { code: 'nameLies', day, isOpen }
    return
  }
}

const clock = (hour = '', minute = '00'): string => `${hour.padStart(2, '0')}:${minute}`
