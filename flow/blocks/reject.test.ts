import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { Rehearsal } from '../rehearse.ts'
import { block, draw, hangUp, rings, say, silentCall } from '../testing/draw.ts'

describe('reject', () => {
  it.each(['busy', 'forbidden', 'none'])('turns the call away (%s), and nothing answers it', (reason) => {
    const call = new Rehearsal(rings({ no: block('reject', { reason }) })).comesIn()
    expect([call.rejectedWith, call.isOver, call.asked.some(({ type }) => type === 'answer')]).toEqual([
      reason,
      true,
      false,
    ])
  })

  it('is told to the history, with its reason', () => {
    const call = new Rehearsal(rings({ no: block('reject', { reason: 'forbidden' }) })).comesIn()
    expect(call.trail.slice(-2)).toMatchObject([
      { block: 'no', event: 'again', detail: { reason: 'forbidden' } },
      { block: 'no', event: 'left', exit: 'done' },
    ])
  })

  it('of a call that was answered is a fault of the drawing, and the caller hears the apology', () => {
    const flow = draw({ hello: say('Hello.', { done: 'no' }), no: block('reject') })
    expect(check(flow).map(({ code }) => code)).toContain('alreadyAnswered')
    const call = new Rehearsal(flow).rings().promptFinishes()
    expect(call.hears).toEqual(['Hello.', 'Sorry.'])
  })

  it('that is not confirmed is asked for once more, then the call is given up', () => {
    const call = silentCall(rings({ no: block('reject') }))
    expect(call.tell({ type: 'callOffered' }).map(({ type }) => type)).toEqual(['startTimer', 'reject', 'startTimer'])
    const rang = () => call.tell({ type: 'timerElapsed', timer: 'block', visit: call.state.visit })
    expect(rang().map(({ type }) => type)).toEqual(['reject', 'startTimer'])
    expect([rang(), call.state.at]).toEqual([[], null])
  })

  it('a caller who gives up meanwhile ends it as well', () => {
    const call = silentCall(rings({ no: block('reject') }))
    call.tell({ type: 'callOffered' })
    call.tell({ type: 'callEnded', reason: { code: 200, subcode: 4521 }, transferred: false })
    expect(call.state.at).toBeNull()
  })
})

it('a hang-up without words turns a call away as well, and says nothing', () => {
  const call = new Rehearsal(rings({ bye: hangUp() })).comesIn()
  expect([call.endedByFlow, call.hears]).toEqual([true, []])
})
