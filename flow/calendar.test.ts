import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { Calendar, type CalendarState, stateAt, weekdays } from './calendar.ts'
import { weekOf } from './testing/calendars.ts'

const at = (text: string) => Date.parse(text)

const practice = Calendar.parse({
  name: 'Practice hours',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '12:00'], ['13:00', '17:00']),
  holidays: [
    { name: 'Christmas Eve', from: '2026-12-24', to: '2026-12-24', hours: [{ from: '08:00', to: '12:00' }] },
    { name: 'Christmas', from: '2026-12-25', to: '2026-12-26', source: 'DE-HH' },
    { name: 'New Year’s Day', from: '2020-01-01', to: '2020-01-01', yearly: true },
    { name: 'Between the years', from: '2026-12-28', to: '2027-01-03' },
    { name: 'Winter break', from: '2020-12-30', to: '2021-01-02', yearly: true },
  ],
  overrides: [
    {
      name: 'Staff meeting',
      open: false,
      from: '2026-12-21T12:00:00+01:00',
      until: '2026-12-21T15:00:00+01:00',
    },
    { name: '', open: true, from: '2026-12-20T10:00:00+01:00', until: '2026-12-20T12:00:00+01:00' },
  ],
})

describe('a calendar', () => {
  it.each<[string, CalendarState['state'], string]>([
    ['2026-12-17T07:59:59+01:00', 'closed', ''], // Thursday
    ['2026-12-17T08:00:00+01:00', 'open', ''],
    ['2026-12-17T11:59:59+01:00', 'open', ''],
    ['2026-12-17T12:00:00+01:00', 'closed', ''],
    ['2026-12-17T16:59:59+01:00', 'open', ''],
    ['2026-12-17T17:00:00+01:00', 'closed', ''],
    ['2026-12-19T10:00:00+01:00', 'closed', ''], // Saturday
    ['2026-12-24T11:59:59+01:00', 'open', 'Christmas Eve'],
    ['2026-12-24T12:00:00+01:00', 'holiday', 'Christmas Eve'],
    ['2026-12-25T09:00:00+01:00', 'holiday', 'Christmas'],
    ['2026-12-26T23:59:59+01:00', 'holiday', 'Christmas'],
    ['2026-12-27T00:00:00+01:00', 'closed', ''],
    ['2027-01-01T09:00:00+01:00', 'holiday', 'New Year’s Day'], // stands higher
    ['2026-12-31T09:00:00+01:00', 'holiday', 'Between the years'],
    ['2028-12-30T09:00:00+01:00', 'holiday', 'Winter break'], // every year, over its turn
    ['2029-01-02T09:00:00+01:00', 'holiday', 'Winter break'],
    ['2029-01-03T09:00:00+01:00', 'open', ''],
    ['2026-12-21T11:59:59+01:00', 'open', ''],
    ['2026-12-21T12:00:00+01:00', 'closed', 'Staff meeting'],
    ['2026-12-21T15:00:00+01:00', 'open', ''],
    ['2026-12-20T11:00:00+01:00', 'open', ''], // Sunday, open for a while
    ['2026-12-17T07:30:00+00:00', 'open', ''], // wherever one looks from
  ])('says at %s: %s %s', (when, state, name) => expect(stateAt(practice, at(when))).toEqual({ state, name }))

  // Berlin: 02:00 becomes 03:00 on 28 March 2027, and 03:00 becomes 02:00 on 31 October 2027, both Sundays.
  const night = (from: string, to: string) =>
    Calendar.parse({ ...practice, holidays: [], overrides: [], week: weekOf([from, to], [], true) })
  it.each([
    ['02:00', '02:30', '2027-03-28T03:00:00+02:00', 'closed'],
    ['02:00', '03:30', '2027-03-28T03:15:00+02:00', 'open'],
    ['02:30', '04:00', '2027-03-28T01:59:59+01:00', 'closed'],
    ['02:30', '04:00', '2027-03-28T03:00:00+02:00', 'open'],
    ['01:00', '02:30', '2027-10-31T02:15:00+02:00', 'open'],
    ['01:00', '02:30', '2027-10-31T02:45:00+02:00', 'closed'],
    ['01:00', '02:30', '2027-10-31T02:15:00+01:00', 'open'],
    ['01:00', '02:30', '2027-10-31T02:30:00+01:00', 'closed'],
    ['22:00', '03:00', '2027-03-28T01:59:59+01:00', 'open'],
    ['22:00', '03:00', '2027-03-28T03:00:00+02:00', 'closed'],
    ['17:00', '08:00', '2027-01-04T07:59:59+01:00', 'open'],
    ['17:00', '08:00', '2027-01-04T08:00:00+01:00', 'closed'],
    ['17:00', '08:00', '2027-01-04T17:00:00+01:00', 'open'],
    ['00:00', '24:00', '2027-01-04T23:59:59+01:00', 'open'],
  ])('open %s to %s is at %s %s', (from, to, when, state) =>
    expect(stateAt(night(from, to), at(when)).state).toBe(state),
  )

  it.each([
    { timeZone: 'Europe/Atlantis' },
    { week: { ...practice.week, monday: [{ from: '08:00', to: '08:00' }] } },
    { week: { ...practice.week, monday: [{ from: '24:00', to: '08:00' }] } },
    { week: { ...practice.week, monday: [{ from: '8:00', to: '12:00' }] } },
    { holidays: [{ name: 'Leap day', from: '2027-02-29', to: '2027-02-29' }] },
    { holidays: [{ name: 'Backwards', from: '2027-02-02', to: '2027-02-01' }] },
    { holidays: [{ name: 'Longer than a year', from: '2027-02-02', to: '2028-02-02', yearly: true }] },
    { overrides: [{ name: '', open: true, from: '2027-01-01T10:00:00Z', until: '2027-01-01T10:00:00Z' }] },
    { name: ' ' },
  ])('is refused with %o', (wrong) => expect(Calendar.safeParse({ ...practice, ...wrong }).success).toBe(false))
})

/** Another way: every stretch in which it is open, as instants in the zone's own days, by another library. */
function evaluated(calendar: Calendar, instant: number): CalendarState {
  for (const { open, from, until, name } of calendar.overrides) {
    if (instant >= Date.parse(from) && instant < Date.parse(until)) return { state: open ? 'open' : 'closed', name }
  }
  const now = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(calendar.timeZone).toPlainDateTime()
  const holidayOf = (day: Temporal.PlainDate) =>
    calendar.holidays.find(({ from, to, yearly }) => {
      if (!yearly) return day.toString() >= from && day.toString() <= to
      const length = Temporal.PlainDate.from(from).until(to).days
      return [-1, 0].some((ago) => {
        const { month, day: of } = Temporal.PlainDate.from(from)
        const begins = Temporal.PlainDate.from({ year: day.year + ago, month, day: of })
        const since = begins.until(day, { largestUnit: 'days' }).days
        return since >= 0 && since <= length
      })
    })
  const stretches = [-1, 0].flatMap((ago) => {
    const day = now.toPlainDate().add({ days: ago })
    const hours = holidayOf(day)?.hours ?? calendar.week[weekdays[day.dayOfWeek - 1] ?? 'monday']
    return hours.map(({ from, to }) => {
      const begins = day.toPlainDateTime(Temporal.PlainTime.from(from))
      const length = ((minutes(to) - minutes(from) + 1440 - 1) % 1440) + 1
      return [begins, begins.add({ minutes: length })] as const
    })
  })
  const isOpen = stretches.some(
    ([begins, ends]) =>
      Temporal.PlainDateTime.compare(begins, now) <= 0 && Temporal.PlainDateTime.compare(now, ends) < 0,
  )
  const holiday = holidayOf(now.toPlainDate())
  if (isOpen) return { state: 'open', name: holiday?.name ?? '' }
  return holiday ? { state: 'holiday', name: holiday.name } : { state: 'closed', name: '' }
}
const minutes = (time: string) => Number(time.split(':')[0]) * 60 + Number(time.split(':')[1])

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo']
/** Around which clocks change in these zones, and the turn of years. */
const edges = ['2027-03-28T01:00Z', '2027-10-31T01:00Z', '2027-03-14T07:00Z', '2027-11-07T06:00Z', '2027-04-03T15:00Z']
  .concat(['2027-10-02T15:30Z', '2026-12-31T23:00Z', '2028-02-29T12:00Z'])
  .map((text) => Date.parse(text))

const time = fc.integer({ min: 0, max: 96 }).map((n) => `${pad(n / 4)}:${pad((n % 4) * 15)}`)
const pad = (n: number) => String(Math.floor(n)).padStart(2, '0')
const hours = fc.array(
  fc.tuple(time, time).filter(([from, to]) => from !== to && from !== '24:00'),
  { maxLength: 3 },
)
const spans = hours.map((all) => all.map(([from, to]) => ({ from, to })))
const day = fc
  .integer({ min: 0, max: 800 })
  .map((n) => Temporal.PlainDate.from('2026-11-01').add({ days: n }).toString())
const holiday = fc
  .record({
    from: day,
    length: fc.integer({ min: 0, max: 9 }),
    yearly: fc.boolean(),
    hours: spans,
    name: fc.constantFrom('A', 'B'),
  })
  // The 29th of February comes every year to nobody.
  .filter(({ from }) => !from.endsWith('02-29'))
  .map(({ from, length, ...rest }) => ({
    ...rest,
    from,
    to: Temporal.PlainDate.from(from).add({ days: length }).toString(),
  }))
  .filter(
    ({ yearly, from, to }) =>
      !yearly || (from.slice(5) <= '02-15' && to.slice(5) <= '02-26') || from.slice(5) >= '03-01',
  )
const instant = fc.oneof(
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -26 * 60, max: 26 * 60 }))
    .map(([edge, off]) => edge + off * 60_000),
  fc.integer({ min: at('2026-11-01T00:00Z'), max: at('2029-01-01T00:00Z') }),
)
const calendars = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    week: fc.record(Object.fromEntries(weekdays.map((name) => [name, spans]))),
    holidays: fc.array(holiday, { maxLength: 4 }),
    overrides: fc.array(
      fc.tuple(instant, fc.integer({ min: 1, max: 3000 }), fc.boolean()).map(([from, length, open]) => ({
        name: 'for a while',
        open,
        from: new Date(from).toISOString(),
        until: new Date(from + length * 60_000).toISOString(),
      })),
      { maxLength: 2 },
    ),
  })
  .map((parts) => Calendar.parse({ name: 'Random', ...parts }))

it('says at 10,000 instants in five zones what another evaluator says', () => {
  fc.assert(
    fc.property(calendars, fc.array(instant, { minLength: 20, maxLength: 20 }), (calendar, instants) => {
      for (const when of instants) expect(stateAt(calendar, when)).toEqual(evaluated(calendar, when))
    }),
    { numRuns: 500 },
  )
}, 120_000)
