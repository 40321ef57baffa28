import { expect, it } from 'vitest'
import { Calendar } from './calendar.ts'
import { type CalendarWarning, checkCalendar } from './calendarCheck.ts'
import { weekOf } from './testing/calendars.ts'

const now = Date.parse('2026-12-17T10:42+01:00')
const warned = (rest: object): CalendarWarning[] => {
  const plain = { name: 'Practice hours', timeZone: 'Europe/Berlin', week: weekOf(['08:00', '17:00']) }
  return checkCalendar(Calendar.parse({ ...plain, ...rest }), now)
}
const christmas = { name: 'Christmas', from: '2026-12-25', to: '2026-12-26' }
const newYear = { name: 'New Year’s Day', from: '2027-01-01', to: '2027-01-01' }
const practice = { name: 'Practice holiday', from: '2026-12-28', to: '2027-01-03' }

it.each<[string, object, CalendarWarning[]]>([
  ['no day set', { week: weekOf([]) }, [{ code: 'neverOpen' }]],
  [
    'open for a while that is over',
    {
      week: weekOf([]),
      overrides: [{ name: '', open: true, from: '2026-12-01T10:00:00Z', until: '2026-12-01T12:00:00Z' }],
    },
    [{ code: 'neverOpen' }],
  ],
  [
    'a holiday inside another',
    { holidays: [christmas, newYear, practice] },
    [{ code: 'holidaysOverlap', first: 1, second: 2, day: '2027-01-01' }],
  ],
  [
    'one of every year under one of this year',
    { holidays: [practice, { ...newYear, from: '2020-01-01', to: '2020-01-01', yearly: true }] },
    [{ code: 'holidaysOverlap', first: 0, second: 1, day: '2027-01-01' }],
  ],
  [
    'the same day twice with other hours',
    { holidays: [christmas, { ...christmas, hours: [{ from: '09:00', to: '10:00' }] }, newYear] },
    [{ code: 'holidaysOverlap', first: 0, second: 1, day: '2026-12-25' }],
  ],
  ['next year empty', { holidays: [christmas] }, [{ code: 'noHolidays', year: 2027 }]],
  [
    'both years empty',
    { holidays: [{ ...christmas, from: '2025-12-25', to: '2025-12-26' }] },
    [
      { code: 'noHolidays', year: 2026 },
      { code: 'noHolidays', year: 2027 },
    ],
  ],
  [
    'hours that overlap',
    {
      week: {
        ...weekOf(['08:00', '17:00']),
        friday: [
          { from: '08:00', to: '12:00' },
          { from: '11:30', to: '13:00' },
        ],
      },
    },
    [{ code: 'hoursOverlap', day: 'friday', holiday: null }],
  ],
  [
    'hours of a holiday behind some that go on over midnight',
    {
      holidays: [
        {
          ...christmas,
          hours: [
            { from: '20:00', to: '02:00' },
            { from: '22:00', to: '23:00' },
          ],
        },
        newYear,
      ],
    },
    [{ code: 'hoursOverlap', day: null, holiday: 0 }],
  ],
  [
    'a name of fewer days',
    { name: 'Mon–Fri 8-17', week: weekOf(['08:00', '17:00'], [], true) },
    [{ code: 'nameLies', day: 'saturday', isOpen: true }],
  ],
  ['a name of more days', { name: 'Öffnungszeiten Mo-Sa' }, [{ code: 'nameLies', day: 'saturday', isOpen: false }]],
  ['a name of other hours', { name: 'Mon-Fri 09:00-17:00' }, [{ code: 'nameLies', day: 'monday', isOpen: true }]],
])('warns of %s', (_, calendar, warnings) => expect(warned(calendar)).toEqual(warnings))

it.each<[string, object]>([
  ['plain hours', {}],
  ['always open', { week: weekOf(['00:00', '24:00'], [], true) }],
  ['holidays of both years', { holidays: [christmas, newYear] }],
  ['a holiday of every year', { holidays: [{ ...christmas, yearly: true }] }],
  ['the same holiday from two sources', { holidays: [christmas, { ...christmas, source: 'DE-HH' }, newYear] }],
  [
    'holidays that lay on each other once',
    {
      holidays: [
        christmas,
        newYear,
        { ...christmas, from: '2020-12-25', to: '2020-12-26' },
        { ...practice, from: '2020-12-24', to: '2020-12-30' },
      ],
    },
  ],
  ['hours that meet', { week: weekOf(['08:00', '12:00'], ['12:00', '17:00']) }],
  ['a name that is right', { name: 'Mon–Fri, 8–17' }],
  ['a name in German', { name: 'Montag bis Freitag 8:00-17:00' }],
  ['a name that only looks like days', { name: 'Fritz - Monica' }],
  [
    'open on a holiday alone',
    { week: weekOf([]), holidays: [{ ...newYear, hours: [{ from: '10:00', to: '12:00' }] }, christmas] },
  ],
])('says nothing of %s', (_, calendar) => expect(warned(calendar)).toEqual([]))
