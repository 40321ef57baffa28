import { describe, expect, it } from 'vitest'
import { Calendar, nextOpening, stateAt } from './calendar.ts'
import { changesAfter, instantsOf, nextClockChange } from './calendarAhead.ts'
import { weekOf } from './testing/calendars.ts'

const at = (text: string) => Date.parse(text)
const berlin = (rest: object) =>
  Calendar.parse({ name: 'Hours', timeZone: 'Europe/Berlin', week: weekOf(['08:00', '17:00']), ...rest })
const next = (calendar: Calendar, from: string, count = 1) =>
  [...changesAfter(calendar, at(from))]
    .slice(0, count)
    .map(({ at: when, state, name }) => [new Date(when).toISOString(), state, name])

describe('what comes next', () => {
  it('is the end of the day, and the next morning', () => {
    expect(next(berlin({}), '2026-12-17T10:42+01:00', 2)).toEqual([
      ['2026-12-17T16:00:00.000Z', 'closed', ''],
      ['2026-12-18T07:00:00.000Z', 'open', ''],
    ])
  })

  it('is a holiday, from midnight on, also where it is closed anyway', () => {
    const holidays = [{ name: 'Christmas', from: '2026-12-25', to: '2026-12-26' }]
    expect(next(berlin({ holidays }), '2026-12-24T18:00+01:00', 3)).toEqual([
      ['2026-12-24T23:00:00.000Z', 'holiday', 'Christmas'],
      ['2026-12-26T23:00:00.000Z', 'closed', ''],
      ['2026-12-28T07:00:00.000Z', 'open', ''],
    ])
  })

  it('is what counts for a while, and its end', () => {
    const overrides = [
      { name: 'Meeting', open: false, from: '2026-12-21T12:00:00+01:00', until: '2026-12-21T15:00:00+01:00' },
    ]
    expect(next(berlin({ overrides }), '2026-12-21T11:00+01:00', 2)).toEqual([
      ['2026-12-21T11:00:00.000Z', 'closed', 'Meeting'],
      ['2026-12-21T14:00:00.000Z', 'open', ''],
    ])
  })

  it('is nothing where it is always open, or never', () => {
    expect(next(berlin({ week: weekOf(['00:00', '24:00'], [], true) }), '2026-12-17T10:00+01:00')).toEqual([])
    expect(next(berlin({ week: weekOf([]) }), '2026-12-17T10:00+01:00')).toEqual([])
  })

  it('is found where clocks skip the hour at which it begins, and where one comes twice', () => {
    const skipped = berlin({ week: weekOf(['02:30', '05:00'], [], true) })
    expect(next(skipped, '2027-03-28T00:00+01:00')).toEqual([['2027-03-28T01:00:00.000Z', 'open', '']])
    const twice = berlin({ week: weekOf(['01:00', '02:30'], [], true) })
    expect(next(twice, '2027-10-31T02:00+02:00', 3)).toEqual([
      ['2027-10-31T00:30:00.000Z', 'closed', ''],
      ['2027-10-31T01:00:00.000Z', 'open', ''],
      ['2027-10-31T01:30:00.000Z', 'closed', ''],
    ])
  })

  it('misses no change: minute by minute over two weeks with both changes of clocks', () => {
    for (const from of ['2027-03-22T00:00Z', '2027-10-25T00:00Z']) {
      const holidays = [{ name: 'Fair', from: '2027-10-30', to: '2027-10-31', hours: [{ from: '22:00', to: '02:30' }] }]
      const calendar = berlin({ week: weekOf(['22:00', '02:15'], ['09:00', '12:00'], true), holidays })
      const changes = [...changesAfter(calendar, at(from))]
      let [last, n] = [stateAt(calendar, at(from)), 0]
      for (let minute = 1; minute < 8 * 1440; minute += 1) {
        const when = at(from) + minute * 60_000
        const now = stateAt(calendar, when)
        if (now.state === last.state && now.name === last.name) continue
        expect(changes[n]).toEqual({ ...now, at: when })
        n += 1
        last = now
      }
      expect(n).toBeGreaterThan(20)
    }
  })
})

it('instants of a wall-clock time: one, two, or beside the gap', () => {
  const zulu = (day: string, time: string) =>
    instantsOf(day, time, 'Europe/Berlin').map((one) => new Date(one).toJSON())
  expect(zulu('2027-01-01', '09:00')).toEqual(['2027-01-01T08:00:00.000Z'])
  expect(zulu('2027-10-31', '02:15')).toEqual(['2027-10-31T00:15:00.000Z', '2027-10-31T01:15:00.000Z'])
  expect(zulu('2027-03-28', '02:30')).toEqual(['2027-03-28T00:30:00.000Z', '2027-03-28T01:30:00.000Z'])
})

it('knows when clocks change next, and by how much', () => {
  expect(nextClockChange('Europe/Berlin', at('2026-12-17T10:00Z'))).toEqual({
    at: at('2027-03-28T01:00Z'),
    minutes: 60,
  })
  expect(nextClockChange('Australia/Lord_Howe', at('2027-01-01T00:00Z'))?.minutes).toBe(-30)
  expect(nextClockChange('Asia/Kathmandu', at('2027-01-01T00:00Z'))).toBeNull()
})

describe('when somebody is there again', () => {
  it.each([
    ['a week', { week: weekOf(['08:00', '12:00'], ['13:00', '17:00']) }],
    ['hours over midnight, and a holiday', { holidays: [{ name: 'Fair', from: '2027-03-27', to: '2027-03-28' }] }],
    ['an hour that clocks skip, and one that comes twice', { week: weekOf(['02:30', '02:50'], [], true) }],
    [
      'something for a while',
      { overrides: [{ name: '', open: true, from: '2027-03-27T11:11:00Z', until: '2027-03-27T12:00:00Z' }] },
    ],
  ])('is what changes lead to, from every 131st minute of the days around a change of clocks: %s', (_, rest) => {
    const calendar = berlin({ week: weekOf(['22:00', '02:15'], [], true), ...rest })
    for (const day of ['2027-03-27T00:00Z', '2027-10-30T00:00Z']) {
      for (let from = at(day); from < at(day) + 48 * 3_600_000; from += 131 * 60_000) {
        const isOpen = stateAt(calendar, from).state === 'open'
        const until = from + 30 * 86_400_000
        const change = isOpen
          ? from
          : [...changesUntil(calendar, from, until)].find(({ state }) => state === 'open')?.at
        const expected = [day, from, change ?? null]
        expect([day, from, nextOpening(calendar, from, 30)]).toEqual(expected)
      }
    }
  })

  it('is never where nobody comes within those days', () => {
    const calendar = berlin({
      week: weekOf([]),
      overrides: [{ name: '', open: true, from: '2027-03-27T11:00:00Z', until: '2027-03-27T12:00:00Z' }],
    })
    expect(nextOpening(calendar, at('2027-02-20T00:00Z'), 30)).toBe(null)
    expect(nextOpening(calendar, at('2027-03-20T00:00Z'), 30)).toBe(at('2027-03-27T11:00Z'))
  })
})

function* changesUntil(calendar: Calendar, from: number, until: number) {
  for (const change of changesAfter(calendar, from)) {
    if (change.at > until) return
    yield change
  }
}
