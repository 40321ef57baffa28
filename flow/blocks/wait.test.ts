import { expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, draw, hangUp, menu } from '../testing/draw.ts'

const flow = (seconds: number) =>
  draw({
    wait: block('wait', { seconds }, { done: 'ask' }),
    ask: menu('1', { '1': 'bye', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Press 1.' }),
    bye: hangUp('Bye.'),
  })

it('waits as long as it says, in silence', () => {
  const call = rehearse(flow(3)).waits(2.9)
  expect([call.at, call.hears]).toEqual(['wait', []])
  expect(call.waits(0.1).hears).toEqual(['Press 1.'])
})

it('keeps the keys that are pressed meanwhile for the block that follows', () => {
  expect(rehearse(flow(3)).presses('1').waits(3).hears).toEqual(['Bye.'])
})

it('is over with the call', () => {
  const call = rehearse(flow(3)).hangsUp()
  const asked = call.asked.length
  expect([call.isOver, call.trail.at(-1)?.exit, call.waits(10).asked.length]).toEqual([true, 'hangup', asked])
})

it.each([0, 3_601, 1.5])('does not wait for %d seconds', (seconds) => {
  expect(check(flow(seconds))).toContainEqual(expect.objectContaining({ code: 'setting', field: 'seconds' }))
})
