import { describe, expect, it } from 'vitest'
import { Calendar } from '../calendar.ts'
import { check } from '../check.ts'
import type { Block } from '../flow.ts'
import { rehearse } from '../rehearse.ts'
import { nothingShared, type Shared } from '../shared.ts'
import { weekOf } from '../testing/calendars.ts'
import { block, draw, say } from '../testing/draw.ts'

const id = 'c0ffee00-7c1e-4b8e-9a55-0c1d2e3f4a5b'
const calendar = Calendar.parse({
  name: 'Practice hours',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '17:00']),
  holidays: [{ name: 'Christmas', from: '2026-12-25', to: '2026-12-25', hours: [{ from: '09:00', to: '10:00' }] }],
})
const shared: Shared = { ...nothingShared, calendars: { [id]: calendar } }
const hours = (exits: Record<string, string>, more = {}): Block =>
  block('businessHours', { calendar: { id, name: 'Practice hours' }, ...more }, exits)
const answers = { open: say('Open.'), closed: say('Closed.'), holiday: say('Holiday.') }
const all = { open: 'open', closed: 'closed', holiday: 'holiday' }
const heardAt = (time: string, flow = draw({ hours: hours(all), ...answers }), known = shared) =>
  rehearse(flow, { shared: known }, { from: Date.parse(time) }).hears[0]

describe('business hours', () => {
  it.each([
    ['2026-12-17T07:59:59.999+01:00', 'Closed.'],
    ['2026-12-17T08:00+01:00', 'Open.'],
    ['2026-12-17T16:59:59.999+01:00', 'Open.'],
    ['2026-12-17T17:00+01:00', 'Closed.'],
    ['2026-12-25T08:30+01:00', 'Holiday.'],
    ['2026-12-25T09:30+01:00', 'Open.'],
    ['2027-03-29T07:59+02:00', 'Closed.'], // summer time
    ['2027-03-29T08:00+02:00', 'Open.'],
  ])('boundaries: at %s callers hear %s', (time, heard) => expect(heardAt(time)).toBe(heard))

  it('a holiday goes the way of closed where it has none of its own', () => {
    const flow = draw({ hours: hours({ open: 'open', closed: 'closed' }), ...answers })
    expect(heardAt('2026-12-25T08:30+01:00', flow)).toBe('Closed.')
    expect(check(flow, { shared }).filter(({ block: at }) => at === 'hours')).toEqual([])
  })

  it('keeps the name of the holiday, and of none', () => {
    const flow = draw({ hours: hours(all, { variable: 't' }), ...answers })
    const nameAt = (time: string) => rehearse(flow, { shared }, { from: Date.parse(time) }).variables.t
    expect([nameAt('2026-12-25T08:30+01:00'), nameAt('2026-12-17T09:00+01:00')]).toEqual(['Christmas', ''])
  })

  describe('keeps when it opens, in words that callers hear', () => {
    const flow = draw({
      hours: hours({ open: 'open', closed: 'closed' }, { variable: '', opens: 't' }),
      open: say('Open. ${t}'),
      closed: say('We open ${t}.'),
    })
    it.each([
      ['2026-12-17T07:00+01:00', 'today at 8:00 AM.'],
      ['2026-12-16T17:00+01:00', 'tomorrow at 8:00 AM.'],
      ['2026-12-16T23:30Z', 'today at 8:00 AM.'], // it is the next day in Berlin
      ['2026-12-18T17:00+01:00', 'on Monday at 8:00 AM.'],
      ['2026-12-25T08:30+01:00', 'today at 9:00 AM.'],
      ['2026-12-24T18:00+01:00', 'tomorrow at 9:00 AM.'],
      ['2027-03-26T18:00+01:00', 'on Monday at 8:00 AM.'], // over the change to summer time
    ])('at %s: %s', (time, heard) => {
      const call = rehearse(flow, { shared }, { from: Date.parse(time) })
      expect(call.hears).toEqual(['We open', heard])
    })

    it('is a date where it is more than a week away, and nothing while it is open or never opens', () => {
      const week = weekOf(['08:00', '17:00'])
      const closed = {
        ...{ yearly: false, hours: [], source: null },
        name: 'Holidays',
        from: '2026-12-18',
        to: '2027-01-03',
      }
      const at = (time: string, more: Partial<Calendar>) => {
        const known = { ...shared, calendars: { [id]: Calendar.parse({ ...calendar, ...more }) } }
        return rehearse(flow, { shared: known }, { from: Date.parse(time) }).variables.t
      }
      expect(at('2026-12-18T12:00+01:00', { week, holidays: [closed] })).toBe('on January 4, 2027 at 8:00 AM')
      expect(at('2026-12-17T12:00+01:00', {})).toBe('')
      expect(at('2026-12-17T12:00+01:00', { week: weekOf([]), holidays: [] })).toBe('')
    })

    it('beside the name of the holiday, in another variable', () => {
      const both = { variable: 't', opens: 't' }
      const faults = check(draw({ hours: hours(all, both), ...answers }), { shared }).filter(
        ({ block }) => block === 'hours',
      )
      expect(faults).toMatchObject([{ code: 'setting', field: 'opens', detail: 'parameterTwice', reason: 't' }])
    })
  })

  it('an empty calendar is closed', () => {
    const empty = { ...nothingShared, calendars: { [id]: { ...calendar, week: weekOf([]), holidays: [] } } }
    expect(heardAt('2026-12-17T09:00+01:00', undefined, { ...shared, ...empty })).toBe('Closed.')
  })

  it('a calendar that is gone is a fault, and calls hear the apology', () => {
    const flow = draw({ hours: hours(all), ...answers })
    expect(check(flow).find(({ block: at }) => at === 'hours')).toMatchObject({
      code: 'setting',
      field: 'calendar',
      detail: 'unknownCalendar',
      reason: 'Practice hours',
    })
    expect(heardAt('2026-12-17T09:00+01:00', flow, nothingShared)).toBe('Sorry.')
  })

  it('runs after the caller has left, and asks nothing of the caller', () => {
    const flow = draw(
      {
        greet: say('Hello.'),
        hours: hours({ open: 'count', closed: 'count' }),
        count: block('setVariable', { assignments: [{ variable: 't', value: '"open"' }] }),
      },
      { onHangUp: 'hours' },
    )
    expect(check(flow, { shared }).filter(({ block: at, severity }) => at === 'hours' && severity === 'error')).toEqual(
      [],
    )
  })
})
