import { expect, it } from 'vitest'
import { compile, surroundingsOf } from './compile.ts'
import type { Flow } from './flow.ts'
import { Rehearsal } from './rehearse.ts'
import { block, draw, hangUp, menu, say } from './testing/draw.ts'
import { officeHours } from './testing/officeHours.ts'

/** The hours of an office, and before them perhaps a question. */
const flow = (timeZone?: string, first: Flow['blocks'] = {}) =>
  draw(
    {
      ...first,
      hours: block(officeHours.type, {}, { open: 'hello', closed: 'bye' }),
      hello: say('Hello.', { done: 'bye' }),
      bye: hangUp('Closed.'),
    },
    timeZone === undefined ? {} : { timeZone },
  )

/** A call at that time. The block's file is all that there is of it: only its name in the list of kinds is done here. */
function callAt(time: string, called: Flow) {
  const program = compile(called)
  const opened = officeHours.open({}, surroundingsOf(called))
  if (!('block' in opened)) throw new Error('The block does not open')
  const exits = new Map(Object.entries(called.blocks.hours?.exits ?? {}))
  const nodes = new Map(program.nodes).set('hours', { id: 'hours', kind: officeHours, block: opened.block, exits })
  const call = new Rehearsal(called, {}, { from: Date.parse(time) })
  return Object.assign(call, { program: { ...program, nodes } }).rings()
}

it('a block knows when something happens', () => {
  expect(callAt('2026-11-30T12:00:00Z', flow()).hears).toEqual(['Hello.'])
  expect(callAt('2026-11-30T17:00:00Z', flow()).hears).toEqual(['Closed.'])
})

it("a block tells the time of the flow's own zone", () => {
  expect(callAt('2026-11-30T16:30:00Z', flow()).hears).toEqual(['Hello.'])
  expect(callAt('2026-11-30T16:30:00Z', flow('Europe/Berlin')).hears).toEqual(['Closed.'])
  expect(callAt('2026-07-30T15:30:00Z', flow('Europe/Berlin')).hears).toEqual(['Closed.'])
})

it('a block waits until a time of day', () => {
  const call = callAt('2026-11-30T08:45:00Z', flow())
  expect(call.waits(899).hears).toEqual([])
  expect(call.waits(1).hears).toEqual(['Hello.'])
})

it('the time goes on while a call goes on', () => {
  const exits = { '1': 'hours', noInput: 'hours', noMatch: 'hours' }
  const late = flow('UTC', { ask: menu('1', exits, { noInputRetries: 0, waitSeconds: 2 }) })
  expect(callAt('2026-11-30T16:59:59Z', late).staysSilent().hears).toEqual(['Menu?', 'Closed.'])
})
