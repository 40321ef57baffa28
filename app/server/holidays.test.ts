import { describe, expect, it } from 'vitest'
import { daysInFile } from './calendarFile.ts'
import { countries, partsOf, publicHolidays } from './publicHolidays.ts'

describe('public holidays', () => {
  it('are those of a place, in English', async () => {
    const days = await publicHolidays('DE-HH', [2026, 2027])
    const named = days.map(({ from, name }) => `${from} ${name}`)
    expect(named).toContain('2026-12-25 Christmas Day')
    expect(named).toContain("2027-01-01 New Year's Day")
    expect(named).toContain('2026-10-31 Reformation Day')
    expect(days.every(({ from, to, source, hours }) => from === to && source === 'DE-HH' && hours.length === 0)).toBe(
      true,
    )
    expect([...days].sort((a, b) => (a.from < b.from ? -1 : 1))).toEqual(days)
  })

  it('differ by the part of a country', async () => {
    const names = async (place: string) => (await publicHolidays(place, [2026])).map(({ name }) => name)
    expect(await names('DE-BY')).toContain('Epiphany')
    expect(await names('DE-HH')).not.toContain('Epiphany')
    expect(await names('XX')).toEqual([])
  })

  it('places are found from the top', async () => {
    expect(await countries()).toContainEqual({ id: 'DE', name: 'Germany' })
    expect(await partsOf('DE')).toContainEqual({ id: 'DE-HH', name: 'Hansestadt Hamburg' })
    expect((await partsOf('DE-BY')).map(({ id }) => id)).toContain('DE-BY-A')
    expect(await partsOf('DE-BY-A')).toEqual([])
    expect(await partsOf('XX')).toEqual([])
  })
})

const file = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n')
const day = (name: string, from: string, ...more: string[]) => [
  `SUMMARY:${name}`,
  `DTSTART;VALUE=DATE:${from}`,
  ...more,
]

describe('a calendar file', () => {
  it('gives its whole days, the end not included', async () => {
    const { days, left } = await daysInFile(
      file(day('Break', '20261228', 'DTEND;VALUE=DATE:20270104'), day('Fair', '20261201')),
      '2026-11-30',
    )
    expect(days.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['Fair', '2026-12-01', '2026-12-01'],
      ['Break', '2026-12-28', '2027-01-03'],
    ])
    expect(left).toBe(0)
  })

  it('repeats what repeats, but for what was taken out, and not for ever', async () => {
    const repeated = day('Fair', '20251201', 'RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20271201')
    const { days } = await daysInFile(file(repeated), '2026-11-30')
    expect(days.map(({ from }) => from)).toEqual(['2026-12-01', '2028-12-01'])
    const daily = await daysInFile(file(day('Daily', '20200101', 'RRULE:FREQ=DAILY')), '2026-11-30')
    expect(daily.days).toHaveLength(500)
  })

  it('leaves out what is over, what has a time of day, and a day that there is not', async () => {
    const timed = ['SUMMARY:Meeting', 'DTSTART:20261201T090000Z', 'DTEND:20261201T100000Z']
    const { days, left } = await daysInFile(
      file(timed, day('Old', '20200101'), day('Bad', '2026-99-99'), day('New', '20270101')),
      '2026-11-30',
    )
    expect([days.map(({ name }) => name), left]).toEqual([['New'], 3])
  })

  it.each([
    ':FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    ';X-A=FREQ=YEARLY:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    ':FREQ=DAILY;INTERVAL=9007199254740991',
    ':FREQ=SECONDLY',
    ':FREQ=HOURLY;INTERVAL=1',
    ':FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO',
    ':FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    ':FREQ=YEARLY;BYMONTH=2;BYDAY=6MO',
    ':FREQ=YEARLY;BYMONTH=2;BYDAY=MO;BYSETPOS=9',
    ':FREQ=YEARLY;BYWEEKNO=7',
    ':FREQ=MONTHLY;INTERVAL=24;BYDAY=5TH', // no February of a year such as 1971 has five
    ':FREQ=WEEKLY;INTERVAL=20871;BYMONTH=2', // the weeks of 400 years
  ])('looks for no day that never comes: %s', async (rule) => {
    const began = performance.now()
    const { days, left } = await daysInFile(
      file(...Array.from({ length: 20 }, () => day('Never', '19710201', `RRULE${rule}`))),
      '2026-11-30',
    )
    expect([days, left]).toEqual([[], 20])
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('takes no days beyond the years that it reads', async () => {
    const { days, left } = await daysInFile(file(day('Far', '99990101', 'RRULE:FREQ=WEEKLY')), '2026-11-30')
    expect([days, left]).toEqual([[], 1])
  })

  it.each([
    ['FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYSETPOS=-1', '20270531'],
    ['FREQ=YEARLY;BYMONTH=11;BYDAY=4TH', '20271125'],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', '20271224'],
    ['FREQ=MONTHLY;INTERVAL=12;BYDAY=-1FR', '20270129'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA', '20270102'],
  ])('repeats by %s', async (rule, first) => {
    const { days } = await daysInFile(file(day('Fair', first, `RRULE:${rule}`)), '2026-11-30')
    expect(days[0]?.from.replaceAll('-', '')).toBe(first)
    expect(days.length).toBeGreaterThan(1)
  })

  it.each(['', 'nonsense', 'BEGIN:VCALENDAR'])('refuses %j', async (text) =>
    expect(daysInFile(text, '2026-11-30')).rejects.toMatchObject({ code: 'badRequest' }),
  )
})
