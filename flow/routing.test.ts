import { describe, expect, it } from 'vitest'
import { type Incoming, inOrder, type RouteRule, routeFor, verdictOf } from './routing.ts'
import { weekOf } from './testing/calendars.ts'

const account = '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'
const anna = 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b'
const number = '+493055500142'
const rule = (more: Partial<RouteRule> = {}): RouteRule => ({
  called: null,
  caller: null,
  when: null,
  position: 0,
  ...more,
})
const monday = Date.parse('2026-11-30T10:00:00Z')
const call = (more: Partial<Incoming> = {}): Incoming => ({
  dialled: [number],
  caller: { id: '', phone: '' },
  at: monday,
  ...more,
})
const when = (state: 'open' | 'closed' | 'holiday') => ({ calendarId: 'c', state })

describe('a rule', () => {
  it.each([
    ['tel:+49 30 5550 0142', number],
    ['0049 (0)30 5550-0142', number],
    [account.toUpperCase(), account],
    ['{0E9E1F4B9C554A8AA9DE6C1D3C7B2A10}', account],
  ])('knows what is dialled in any spelling: %s', (dialled, called) =>
    expect(verdictOf(rule({ called }), call({ dialled: [dialled] }), undefined)).toBe('fits'),
  )

  it.each([
    ['+49', '+49 40 123456', 'fits'],
    ['+49', '0049 40 123456', 'fits'],
    ['+4930', '+49 40 123456', 'otherCaller'],
    ['+49', '', 'otherCaller'],
    ['+49', 'anonymous', 'otherCaller'],
  ])('for callers from %s: %s', (caller, phone, verdict) =>
    expect(verdictOf(rule({ caller }), call({ caller: { id: '', phone } }), undefined)).toBe(verdict),
  )

  it('for one user, in any spelling, and for no other', () => {
    const by = (id: string) => verdictOf(rule({ caller: anna }), call({ caller: { id, phone: '' } }), undefined)
    expect([by(anna), by(anna.toUpperCase()), by(account), by('')]).toEqual([
      'fits',
      'fits',
      'otherCaller',
      'otherCaller',
    ])
  })

  it.each([
    ['2026-11-30T10:00:00Z', ['fits', 'otherTime', 'otherTime']],
    ['2026-11-30T20:00:00Z', ['otherTime', 'fits', 'otherTime']],
    ['2026-12-25T10:00:00Z', ['otherTime', 'fits', 'fits']],
  ])('by hours, at %s', (at, verdicts) => {
    const hours = {
      ...{ name: 'Office', timeZone: 'UTC', week: weekOf(['09:00', '17:00']), overrides: [] },
      holidays: [{ name: 'Christmas', from: '2026-12-25', to: '2026-12-25', yearly: false, hours: [], source: null }],
    }
    const states = (['open', 'closed', 'holiday'] as const).map((state) =>
      verdictOf(rule({ when: when(state) }), call({ at: Date.parse(at) }), hours),
    )
    expect(states).toEqual(verdicts)
  })

  it('by hours that are gone is for no call', () =>
    expect(verdictOf(rule({ when: when('closed') }), call(), undefined)).toBe('noCalendar'))
})

describe('the order', () => {
  it('decides, and what has no condition is last wherever it stands', () => {
    const rules = [rule({ position: 1 }), rule({ called: number, position: 3 }), rule({ caller: '+49', position: 2 })]
    expect(inOrder(rules, call()).map(({ position }) => position)).toEqual([2, 3, 1])
  })

  it('of rules in one place is that of what is dialled, the most exact first, as it was before there was an order', () => {
    const rules = [rule(), rule({ called: number }), rule({ called: account })]
    const dialled = (...all: string[]) => routeFor(rules, call({ dialled: all }), () => undefined)?.called
    expect([dialled(account, number), dialled(number, account), dialled('+14255550100')]).toEqual([
      account,
      number,
      null,
    ])
  })

  it('gives nothing where no rule fits', () =>
    expect(routeFor([rule({ called: account })], call(), () => undefined)).toBeUndefined())
})
