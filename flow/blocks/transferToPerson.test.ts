import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { adele, block, draw, hangUp, say, transfer } from '../testing/draw.ts'

const target = { kind: 'person', ...adele }

const flow = (announcement = '', exits: Record<string, string> = { failed: 'back' }) =>
  draw({
    give: transfer(exits, announcement),
    back: say('Nobody there.', { done: 'bye' }),
    own: say('Own.'),
    bye: hangUp(),
  })
const asked = (call: ReturnType<typeof rehearse>) => call.asked.map(({ type }) => type).slice(1)
const last = (call: ReturnType<typeof rehearse>) => call.trail.findLast(({ block }) => block === 'give')
const ended = (transferred: boolean) =>
  ({ type: 'callEnded', reason: { code: 200, subcode: null }, transferred }) as const

it('gives the call to the person at once when there is nothing to say', () => {
  const call = rehearse(flow())
  expect([asked(call), call.transferredTo]).toEqual([['transfer', 'startTimer'], target])
})

it('gives the call away when the announcement was heard to its end', () => {
  const call = rehearse(flow('One moment.')).presses('1')
  expect([call.hears, call.transferredTo]).toEqual([['One moment.'], null])
  expect(call.promptFinishes().transferredTo).toEqual(target)
})

describe('is done', () => {
  it('when the call ends as transferred', () => {
    const call = rehearse(flow()).tells(ended(true))
    expect([call.isOver, last(call)?.exit]).toEqual([true, 'done'])
  })

  it('when the call ends after the transfer was accepted, whatever the reason', () => {
    const call = rehearse(flow())
      .tells({ type: 'transferAccepted' })
      .tells({ type: 'transferAccepted' })
      .tells(ended(false))
    expect([call.isOver, last(call)?.exit]).toEqual([true, 'done'])
  })

  it('and asks for nothing more', () => {
    const call = rehearse(flow())
    const before = call.asked.length
    expect(call.transferSucceeds().asked.length).toBe(before)
  })
})

describe('has failed', () => {
  it('when the call comes back', () => {
    expect(rehearse(flow()).transferFails().hears).toEqual(['Nobody there.'])
  })

  it('when the call comes back after the transfer was accepted', () => {
    expect(rehearse(flow()).tells({ type: 'transferAccepted' }).transferFails().hears).toEqual(['Nobody there.'])
  })

  it('when the request is refused, and tells why', () => {
    const call = rehearse(flow()).commandFails('transfer', '403/7505')
    expect([call.hears, last(call)]).toMatchObject([
      ['Nobody there.'],
      { exit: 'failed', detail: { problem: '403/7505' } },
    ])
  })

  it('when nothing was heard of it for two minutes', () => {
    const call = rehearse(flow()).waits(119.9)
    expect(call.hears).toEqual([])
    expect(call.waits(0.1).hears).toEqual(['Nobody there.'])
  })

  it('only once', () => {
    const call = rehearse(flow()).transferFails().transferFails().waits(200)
    expect([call.hears, call.at]).toEqual([['Nobody there.'], 'back'])
  })

  it('and apologises before it ends the call where that exit leads nowhere', () => {
    const call = rehearse(flow('', {})).transferFails()
    expect([call.hears, call.promptFinishes().endedByFlow]).toEqual([['Sorry.'], true])
  })
})

it('is no transfer when the caller hangs up first', () => {
  expect(last(rehearse(flow()).hangsUp())?.exit).toBe('hangup')
  expect(last(rehearse(flow('One moment.')).hangsUp())?.exit).toBe('hangup')
})

it('does not take news of a transfer for its own while it still announces', () => {
  const call = rehearse(flow('One moment.')).transferFails().tells({ type: 'transferAccepted' })
  expect([call.at, last(call.hangsUp())?.exit]).toEqual(['give', 'hangup'])
})

it('takes the failure path when the announcement cannot be spoken, or its own error exit', () => {
  expect(rehearse(flow('One moment.')).promptFails().hears).toEqual(['One moment.', 'Sorry.'])
  expect(
    rehearse(flow('One moment.', { failed: 'back', error: 'own' }))
      .promptFails()
      .hears.at(-1),
  ).toBe('Own.')
})

it.each([
  ['nobody', { person: { id: '', name: '' } }],
  ['a person without an object id', { person: { id: 'adele@contoso.com', name: 'Adele' } }],
  ['no setting at all', {}],
])('cannot give a call to %s', (_, settings) => {
  expect(check(draw({ give: block('transferToPerson', settings) }))).toContainEqual(
    expect.objectContaining({ code: 'setting', block: 'give', field: expect.stringMatching(/^person/) }),
  )
})
