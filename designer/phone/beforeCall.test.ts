import { describe, expect, it } from 'vitest'
import { Calendar } from '#flow/calendar.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { type BeforeCall, hoursOf, instantAt, wantedBy, whenAt, zoneOf } from './beforeCall.ts'

const now = Date.parse('2026-12-01T08:00:00Z')
const zone = 'Europe/Berlin'
const set = (more: Partial<BeforeCall> = {}): BeforeCall => ({
  ...{ name: 'Anna Berger', phone: '', when: null, values: {} },
  ...more,
})
const flow = draw(
  {},
  {
    variables: {
      visits: { type: 'number', initial: 1 },
      vip: { type: 'boolean' },
      city: { type: 'text', initial: 'Kiel' },
    },
  },
)

describe('a test call', () => {
  it('is made by a name, now, with the values of the flow', () => {
    expect(wantedBy(set({ name: ' Anna ' }), flow, zone, now)).toEqual({ flow, caller: { name: 'Anna' }, at: null })
  })

  it('comes from a telephone where a number is given, in its one spelling', () => {
    expect(wantedBy(set({ phone: '0049 (40) 555-0142' }), flow, zone, now)).toMatchObject({
      caller: { phone: '+49405550142' },
    })
  })

  it.each(['040 5550142', 'reception', '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'])('refuses %s as a number', (phone) => {
    expect(wantedBy(set({ phone }), flow, zone, now)).toMatchObject({ faults: { phone: true, when: false } })
  })

  it('begins at the time that the clocks of its hours are to show', () => {
    const when = { day: '2026-12-25', time: '10:30' }
    expect(wantedBy(set({ when }), flow, zone, now)).toMatchObject({ at: Date.parse('2026-12-25T09:30:00Z') })
  })

  it('has values of its own for variables, and leaves the flow as it is', () => {
    const wanted = wantedBy(set({ values: { visits: '7', vip: 'true', city: '' } }), flow, zone, now)
    expect(wanted).toMatchObject({
      flow: { variables: { visits: { initial: 7 }, vip: { initial: true }, city: { initial: 'Kiel' } } },
    })
    expect(flow.variables.visits).toEqual({ type: 'number', initial: 1 })
  })

  it('says which value its variable cannot hold', () => {
    expect(wantedBy(set({ values: { visits: 'many', city: 'Ulm' } }), flow, zone, now)).toMatchObject({
      faults: { values: new Set(['visits']) },
    })
  })
})

describe('a time', () => {
  it.each([
    ['', '10:00'],
    ['2026-02-30', '10:00'],
    ['2026-12-25', ''],
    ['2026-12-25', '25:00'],
    ['2046-12-25', '10:00'],
  ])('is none: %s %s', (day, time) => {
    expect(instantAt({ day, time }, zone, now)).toBeNull()
  })

  it('is the first of an hour that comes twice', () => {
    expect(instantAt({ day: '2026-10-25', time: '02:30' }, zone, now)).toBe(Date.parse('2026-10-25T00:30:00Z'))
  })

  it('is shown as those clocks show it', () => {
    expect(whenAt(now, zone)).toEqual({ day: '2026-12-01', time: '09:00' })
  })
})

describe('the clocks', () => {
  const id = '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'
  const office = Calendar.parse({ name: 'Office', timeZone: 'America/New_York', week: weekOf(['08:00', '17:00']) })
  const hours = () => block('businessHours', { calendar: { id, name: 'Office' } })
  const byHours = draw({ one: hours(), two: hours() }, { timeZone: 'Asia/Tokyo' })

  it('are those of the hours that the flow goes by, each once', () => {
    const found = hoursOf(byHours, { [id]: office })
    expect(found).toEqual([office])
    expect(zoneOf(byHours, found)).toBe('America/New_York')
  })

  it('are those of the flow where its hours are gone', () => {
    expect(hoursOf(byHours, {})).toEqual([])
    expect(zoneOf(byHours, [])).toBe('Asia/Tokyo')
  })
})
