import { describe, expect, it } from 'vitest'
import { Calendar } from '#flow/calendar.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import {
  addBreak,
  addHolidays,
  copyDay,
  countChanges,
  faultsOf,
  moveHoliday,
  readDraft,
  readTime,
  removeBreak,
  setOpen,
  setSpan,
} from './draft.ts'

const holiday = (name: string, from: string) => ({ name, from, to: from, yearly: false, hours: [], source: null })
const saved = Calendar.parse({
  name: 'Hours',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '17:00']),
  holidays: [holiday('Fair', '2026-12-01'), holiday('Christmas', '2026-12-25')],
})

it.each([
  ['8', '08:00'],
  ['8:00', '08:00'],
  ['08:00', '08:00'],
  ['0830', '08:30'],
  ['8.30', '08:30'],
  ['17h30', '17:30'],
  [' 17:30 ', '17:30'],
  ['5 pm', '17:00'],
  ['5:15 p.m.', '17:15'],
  ['12 am', '00:00'],
  ['12 pm', '12:00'],
  ['24', '24:00'],
  ['0', '00:00'],
  ['24:01', '24:01'],
  ['25', '25'],
  ['13 pm', '13 pm'],
  ['8:60', '8:60'],
  ['noon', 'noon'],
  ['', ''],
])('the time %j is %s', (typed, time) => expect(readTime(typed)).toBe(time))

describe('a draft', () => {
  it('is read as it is meant, and says where it cannot be', () => {
    const typed = setSpan(saved, 'monday', 0, { to: '5 pm' })
    expect(readDraft(typed)).toEqual(saved)
    expect(faultsOf(typed).size).toBe(0)
    const wrong = setSpan(saved, 'monday', 0, { to: 'late' })
    expect(readDraft(wrong)).toBeNull()
    expect([...faultsOf(wrong).keys()]).toEqual(['week.monday.0.to'])
    expect([...faultsOf(setSpan(saved, 'monday', 0, { to: '8:00' }))]).toEqual([['week.monday.0', 'emptySpan']])
  })

  it('opens a day with the hours of the day before, or usual ones', () => {
    expect(setOpen(saved, 'saturday', true).week.saturday).toEqual(saved.week.friday)
    expect(setOpen(saved, 'monday', false).week.monday).toEqual([])
    const never = { ...saved, week: weekOf([]) }
    expect(setOpen(never, 'monday', true).week.monday).toEqual([{ from: '09:00', to: '17:00' }])
  })

  it('takes a break at noon, and gives it back', () => {
    const broken = addBreak(saved, 'monday')
    expect(broken.week.monday).toEqual([
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ])
    expect(removeBreak(broken, 'monday')).toEqual(saved)
    const morning = setSpan(saved, 'monday', 0, { to: '12:00' })
    expect(addBreak(morning, 'monday').week.monday.at(-1)).toEqual({ from: '12:00', to: '24:00' })
    expect(removeBreak(saved, 'monday')).toBe(saved)
  })

  it('copies a day to those that are open, and to no other', () => {
    const { week } = copyDay(setSpan(saved, 'monday', 0, { from: '07:00' }), 'monday')
    expect([week.friday[0]?.from, week.sunday]).toEqual(['07:00', []])
  })

  it('puts days where they belong, each once', () => {
    const { draft, added } = addHolidays(saved, [
      holiday('Christmas', '2026-12-25'),
      holiday('Advent', '2026-12-06'),
      holiday('New Year', '2027-01-01'),
      holiday('Earlier', '2026-11-01'),
    ])
    expect([added, draft.holidays.map(({ name }) => name)]).toEqual([
      3,
      ['Earlier', 'Fair', 'Advent', 'Christmas', 'New Year'],
    ])
  })

  it('moves a holiday above another', () => {
    expect(moveHoliday(saved, 1, 0).holidays.map(({ name }) => name)).toEqual(['Christmas', 'Fair'])
    expect(moveHoliday(saved, 9, 0)).toBe(saved)
  })

  it.each([
    ['nothing', saved, 0],
    ['a day', setOpen(saved, 'saturday', true), 1],
    ['name and zone', { ...saved, name: 'Other', timeZone: 'UTC' }, 2],
    ['a holiday more', addHolidays(saved, [holiday('New Year', '2027-01-01')]).draft, 1],
    ['a holiday otherwise', { ...saved, holidays: [holiday('Fair', '2026-12-02'), ...saved.holidays.slice(1)] }, 1],
    ['their order', moveHoliday(saved, 1, 0), 1],
  ])('counts what has changed: %s', (_, draft, count) => expect(countChanges(saved, draft)).toBe(count))
})
