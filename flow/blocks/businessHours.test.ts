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
