import { expect, it, vi } from 'vitest'
import { kinds } from './blocks/index.ts'
import { check } from './check.ts'
import { Rehearsal } from './rehearse.ts'
import { block, draw, hangUp, menu, say } from './testing/draw.ts'
import { officeHours } from './testing/officeHours.ts'

// A block that decides by time is one file and one name: this one stands beside the others, and nothing else knows it.
vi.mock('./blocks/index.ts', async (original) => {
  const { kinds } = await original<typeof import('./blocks/index.ts')>()
  const { officeHours } = await import('./testing/officeHours.ts')
  const all = [...kinds, officeHours]
  return { kinds: all, kindOf: (type: string) => all.find((kind) => kind.type === type) }
})

const flow = (timeZone?: string) =>
  draw(
    {
      hours: block('officeHours', {}, { open: 'hello', closed: 'bye' }),
      hello: say('Hello.', { done: 'bye' }),
      bye: hangUp('Closed.'),
    },
    timeZone === undefined ? {} : { timeZone },
  )
const callAt = (time: string, zone?: string) => new Rehearsal(flow(zone), {}, { from: Date.parse(time) }).rings()

it('a block of one file is known everywhere', () => {
  expect(kinds).toContain(officeHours)
  expect(check(flow())).toEqual([])
})

it('a block knows when something happens', () => {
  expect(callAt('2026-11-30T12:00:00Z').hears).toEqual(['Hello.'])
  expect(callAt('2026-11-30T17:00:00Z').hears).toEqual(['Closed.'])
})

it("a block tells the time of the flow's own zone", () => {
  expect(callAt('2026-11-30T16:30:00Z').hears).toEqual(['Hello.'])
  expect(callAt('2026-11-30T16:30:00Z', 'Europe/Berlin').hears).toEqual(['Closed.'])
  expect(callAt('2026-07-30T15:30:00Z', 'Europe/Berlin').hears).toEqual(['Closed.'])
})

it('a block waits until a time of day', () => {
  const call = callAt('2026-11-30T08:45:00Z')
  expect(call.waits(899).hears).toEqual([])
  expect(call.waits(1).hears).toEqual(['Hello.'])
})

it('the time goes on while a call goes on', () => {
  const late = draw({
    ask: menu('1', { '1': 'hours', noInput: 'hours', noMatch: 'hours' }, { noInputRetries: 0, waitSeconds: 2 }),
    hours: block('officeHours', {}, { open: 'hello', closed: 'bye' }),
    hello: say('Hello.', { done: 'bye' }),
    bye: hangUp('Closed.'),
  })
  const call = new Rehearsal(late, {}, { from: Date.parse('2026-11-30T16:59:59Z') }).rings()
  expect(call.staysSilent().hears).toEqual(['Menu?', 'Closed.'])
})
