import { describe, expect, it } from 'vitest'
import { Rehearsal, rehearse } from './rehearse.ts'
import { frontDesk } from './sample.ts'
import { draw, hangUp, menu, say, transfer, when } from './testing/draw.ts'

const desk = draw({
  ask: menu('12', { '1': 'person', '2': 'bye', noInput: 'bye', noMatch: 'bye' }, { waitSeconds: 5, noInputRetries: 1 }),
  person: transfer({ failed: 'bye' }),
  bye: hangUp('Bye.'),
})

it('begins with the call answered and the first words spoken', () => {
  const call = rehearse(frontDesk)
  expect(call.asked.map(({ type }) => type)).toEqual(['answer', 'subscribeTones', 'play'])
  expect([call.at, call.isOver, call.hears]).toEqual(['welcome', false, ['Welcome to Contoso.']])
})

it('tells what was heard only once', () => {
  const call = rehearse(desk)
  expect([call.hears, call.hears]).toEqual([['Menu?'], []])
})

it('tells that the flow hung up, and that the caller did', () => {
  const byFlow = rehearse(desk).presses('2').promptFinishes()
  expect([byFlow.isOver, byFlow.endedByFlow]).toEqual([true, true])
  const byCaller = rehearse(desk).hangsUp()
  expect([byCaller.isOver, byCaller.endedByFlow]).toEqual([true, false])
})

describe('time', () => {
  it('goes by as it would on a call', () => {
    const call = rehearse(desk).promptFinishes().waits(4.9)
    expect(call.trail.filter(({ event }) => event === 'again')).toEqual([])
    call.waits(0.1)
    expect(call.trail.filter(({ event }) => event === 'again')).toHaveLength(1)
  })

  it('does not go by while a prompt plays and nobody waits', () => {
    expect(rehearse(desk).waits(3600).at).toBe('ask')
  })

  it('passes at once for a caller who stays silent until the block gives up', () => {
    const call = rehearse(desk).staysSilent()
    expect(call.hears).toEqual(['Menu?', 'Menu?'])
    expect(call.staysSilent().at).toBe('bye')
  })
})

it('gives the call to a person, who takes it or does not', () => {
  const taken = rehearse(desk).presses('1').transferSucceeds()
  expect([taken.transferredTo?.name, taken.isOver, taken.trail.at(-1)?.exit]).toEqual(['Adele Vance', true, 'done'])
  const refused = rehearse(desk).presses('1').transferFails()
  expect([refused.isOver, refused.at]).toEqual([false, 'bye'])
})

describe('the service takes what a call takes as it stands, and nothing else', () => {
  const refusals = (call: Rehearsal) =>
    call.trail.flatMap(({ event, exit, detail }) => (event === 'failed' || exit === 'error' ? [detail?.problem] : []))
  const failing = { failed: 'bye', error: 'bye' }

  it('gives the caller back when nobody decides about a transfer', () => {
    const call = rehearse(desk).presses('1')
    call.hears
    expect(call.waits(119.9).hears).toEqual([])
    expect([call.waits(0.1).hears, refusals(call)]).toEqual([['Bye.'], []])
  })

  it('lets nothing be said to a caller who is being transferred, or whom somebody has taken', () => {
    for (const accepted of [false, true]) {
      const call = rehearse(draw({ give: transfer(failing), bye: hangUp('Bye.') }))
      if (accepted) call.tells({ type: 'transferAccepted' })
      call.tells({ type: 'timerElapsed', timer: 'block', visit: call.visit })
      // The goodbye is refused, the hang-up is not.
      expect([call.hears, call.isOver, call.asked.at(-1)?.type]).toEqual([[], true, 'startTimer'])
    }
  })

  it('takes no second transfer while the first lasts, and one after it', () => {
    const twice = draw({
      give: transfer({ failed: 'give', error: 'two' }),
      two: transfer({ failed: 'bye' }),
      bye: hangUp(),
    })
    const call = rehearse(twice)
    call.tells({ type: 'timerElapsed', timer: 'block', visit: call.visit })
    expect([call.isOver, call.trail.find(({ block }) => block === 'bye')?.event]).toEqual([true, 'entered'])
    expect(call.trail.find(({ block, event }) => block === 'two' && event === 'left')?.detail).toEqual({
      problem: '400/8585',
    })
    expect(rehearse(twice).transferFails().at).toBe('give')
  })

  it('lets nothing be said before the call is established', () => {
    const call = new Rehearsal(desk).tells({ type: 'callOffered' })
    call.tells({ type: 'commandFailed', command: 'answer', visit: call.visit, problem: '500' })
    expect([call.hears, call.isOver, refusals(call)]).toEqual([[], true, ['500', '400/8501']])
  })

  it('is asked for nothing after the end', () => {
    const call = rehearse(desk).hangsUp()
    const { length } = call.asked
    expect(call.presses('1').transferFails().asked.length).toBe(length)
  })
})

it('lets prompts and requests fail', () => {
  expect(rehearse(desk).promptFails().hears).toEqual(['Menu?', 'Sorry.'])
  expect(rehearse(desk).presses('1').commandFails('transfer').at).toBe('bye')
})

it('knows who calls', () => {
  const flow = draw({
    who: when({ me: 'caller.phone == "+49"' }, { me: 'hello', else: 'bye' }),
    hello: say('Hello you.', { done: 'bye' }),
    bye: hangUp(),
  })
  expect(new Rehearsal(flow, {}, { caller: { phone: '+49' } }).rings().hears).toEqual(['Hello you.'])
  expect(new Rehearsal(flow, {}, { caller: { phone: '+1' } }).rings().isOver).toBe(true)
})

it('does nothing when a prompt is said to end and none plays', () => {
  const call = rehearse(desk).promptFinishes()
  const { visit } = call
  expect(call.promptFinishes().visit).toBe(visit)
})

it('may go on in two ways from where it stands', () => {
  const call = rehearse(desk).promptFinishes()
  const other = call.fork().presses('2')
  expect([call.at, other.at, call.hears, other.hears]).toEqual(['ask', 'bye', ['Menu?'], ['Menu?', 'Bye.']])
  expect([call.presses('1').waitsFor, other.waitsFor]).toEqual(['transfer', 'prompt'])
})

it('knows what it waits for', () => {
  const call = new Rehearsal(desk).comesIn()
  expect([call.waitsFor, call.isHeard().waitsFor, call.promptFinishes().waitsFor]).toEqual(['answer', 'prompt', 'time'])
  expect(call.presses('2').promptFinishes().waitsFor).toBe('nothing')
})
