import { describe, expect, it } from 'vitest'
import { Rehearsal } from '../rehearse.ts'
import { draw, hangUp, menu, say, silentCall } from '../testing/draw.ts'

const speaking = draw({ hello: say('Hello.', { done: 'bye' }), bye: hangUp() })
const asking = draw({ ask: menu('1', { '1': 'bye', noInput: 'bye', noMatch: 'bye' }), bye: hangUp() })
const commands = (call: Rehearsal) => call.asked.map(({ type }) => type)
const offered = { type: 'callOffered' } as const
const established = (audio = true) => ({ type: 'callEstablished', audio }) as const

it('answers, and speaks when the caller can hear', () => {
  const call = new Rehearsal(speaking).tells(offered)
  expect([commands(call), call.hears]).toEqual([['answer'], []])
  expect(call.tells(established()).hears).toEqual(['Hello.'])
})

it('answers a call once, however often it is offered', () => {
  const call = new Rehearsal(speaking).tells(offered).tells(offered).tells(established()).tells(offered)
  expect(commands(call)).toEqual(['answer', 'play'])
})

it('asks for keys only when a block of the flow listens', () => {
  expect(commands(new Rehearsal(speaking).rings())).toEqual(['answer', 'play'])
  expect(commands(new Rehearsal(asking).rings())).toEqual(['answer', 'subscribeTones', 'play'])
})

describe('a call that says more than once that it is established', () => {
  it('does not begin again', () => {
    const call = new Rehearsal(speaking).rings().tells(established()).tells(established())
    expect(call.hears).toEqual(['Hello.'])
  })

  it('asks for keys once', () => {
    const call = new Rehearsal(asking).tells(offered)
    call.tells(established(false)).tells(established())
    expect(commands(call).filter((type) => type === 'subscribeTones')).toHaveLength(1)
    expect(call.hears).toEqual(['Menu?'])
  })

  it('asks for keys once, also while the answer is still under way', () => {
    const call = silentCall(asking)
    const asked = [offered, established(), established(), established(false)].flatMap((event) => call.tell(event))
    expect(asked.map(({ type }) => type)).toEqual(['answer', 'subscribeTones'])
    expect(call.tell({ type: 'tonesSubscribed', visit: call.state.visit })).toMatchObject([{ type: 'play' }])
  })
})

describe('a call whose media never becomes active', () => {
  it('is spoken to after three seconds all the same', () => {
    const call = new Rehearsal(speaking).tells(offered).tells(established(false)).waits(2.9)
    expect(call.hears).toEqual([])
    expect(call.waits(0.1).hears).toEqual(['Hello.'])
  })

  it('does not wait longer because it says so twice', () => {
    const call = new Rehearsal(speaking).tells(offered).tells(established(false)).waits(2).tells(established(false))
    expect(call.waits(1).hears).toEqual(['Hello.'])
  })

  it('is spoken to at once when media comes earlier, and only then', () => {
    const call = new Rehearsal(asking).tells(offered).tells(established(false)).waits(1).tells(established())
    expect(call.hears).toEqual(['Menu?'])
    expect(call.waits(10).hears).toEqual([])
  })
})

it('keeps keys that were pressed before the first word', () => {
  const call = new Rehearsal(asking).tells(offered).presses('1').tells(established())
  expect(call.isOver).toBe(true)
})

it.each([
  ['answer', [offered]],
  ['subscribeTones', [offered, established()]],
] as const)('takes the failure path when %s is refused', (command, events) => {
  const call = silentCall(asking)
  for (const event of events) call.tell(event)
  const { visit } = call.state
  expect(call.tell({ type: 'commandFailed', command, visit, problem: '403' })).toMatchObject([{ prompts: ['Sorry.'] }])
})
