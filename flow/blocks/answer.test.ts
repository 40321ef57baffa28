import { describe, expect, it } from 'vitest'
import { Rehearsal } from '../rehearse.ts'
import { assign, block, draw, hangUp, menu, rings, say, when } from '../testing/draw.ts'

const comesIn = (
  flow: Parameters<typeof rings>[0],
  rest: Parameters<typeof rings>[1] = {},
  late?: 'answer' | 'reject',
) => new Rehearsal(rings(flow, rest, late)).comesIn()
const asked = (call: Rehearsal) => call.asked.map(({ type }) => type)
const pauseThenAnswer = (seconds: number) => ({
  pause: block('wait', { seconds }, { done: 'take' }),
  take: block('answer', {}, { next: 'hello' }),
  hello: say('Hello.', { done: 'bye' }),
  bye: hangUp(),
})

describe('a flow that lets it ring', () => {
  it('answers where it is drawn, and speaks when the caller can hear', () => {
    const call = comesIn(pauseThenAnswer(4))
    expect(asked(call)).toEqual(['startTimer', 'startTimer'])
    call.waits(4)
    expect([asked(call).at(-1), call.hears]).toEqual(['answer', []])
    call.isHeard()
    expect(call.hears).toEqual(['Hello.'])
  })

  it('asks for keys once it is answered, where a block listens', () => {
    const call = comesIn({
      take: block('answer', {}, { next: 'ask' }),
      ask: menu('1', { '1': 'bye', noInput: 'bye', noMatch: 'bye' }),
      bye: hangUp(),
    }).isHeard()
    expect([asked(call).filter((type) => type === 'subscribeTones'), call.hears]).toEqual([
      ['subscribeTones'],
      ['Menu?'],
    ])
  })

  it('speaks to a caller whose sound is never told of', () => {
    const call = comesIn(pauseThenAnswer(1)).waits(1).tells({ type: 'callEstablished', audio: false })
    expect([call.waits(2.9).hears, call.waits(0.2).hears]).toEqual([[], ['Hello.']])
  })

  it('takes news that comes twice once', () => {
    const call = comesIn(pauseThenAnswer(1)).tells({ type: 'callOffered' }).waits(1).isHeard().isHeard()
    expect([asked(call).filter((type) => type === 'answer'), call.hears]).toEqual([['answer'], ['Hello.']])
  })
})

describe('a caller is never left ringing', () => {
  it('is answered after 12 seconds, and the flow goes on where it is', () => {
    const call = comesIn(pauseThenAnswer(20)).waits(11.9)
    expect(asked(call)).not.toContain('answer')
    expect(asked(call.waits(0.2)).at(-1)).toBe('answer')
    expect(call.isHeard().hears).toEqual([])
    expect([call.waits(8).hears, asked(call).filter((type) => type === 'answer')]).toEqual([['Hello.'], ['answer']])
  })

  it('or turned away, where that is chosen', () => {
    const call = comesIn(pauseThenAnswer(20), {}, 'reject').waits(12.1)
    expect([asked(call), call.isOver]).toEqual([['startTimer', 'startTimer', 'hangUp', 'startTimer'], true])
    expect(call.trail.find(({ event }) => event === 'failed')).toMatchObject({
      block: 'pause',
      event: 'failed',
      detail: { problem: 'rangTooLong' },
    })
  })

  it('and neither when a block has answered in time', () => {
    const call = comesIn(pauseThenAnswer(2), {}, 'reject').waits(2).isHeard()
    expect(call.waits(20).endedByFlow).toBe(false)
  })

  it('hears the apology where something fails before the answer', () => {
    const call = comesIn({ check: when({ x: '10 / int(n) > 1' }, { x: 'bye', else: 'bye' }), bye: hangUp() })
    expect(asked(call).at(-1)).toBe('answer')
    expect(call.isHeard().hears).toEqual(['Sorry.'])
  })

  it('also where that happens between the answer and the first word', () => {
    const call = comesIn({
      pause: block('wait', { seconds: 13 }, { done: 'check' }),
      check: when({ x: '10 / int(n) > 1' }, { x: 'bye', else: 'bye' }),
      bye: hangUp(),
    }).waits(14)
    expect([call.hears, call.isHeard().hears]).toEqual([[], ['Sorry.']])
  })

  it('and is turned away where even the answer fails', () => {
    const call = comesIn({ check: when({ x: '10 / int(n) > 1' }, { x: 'bye', else: 'bye' }), bye: hangUp() })
    call.commandFails('answer', '503')
    expect([call.endedByFlow, call.isOver]).toEqual([true, true])
  })

  it('nor in silence by a draft that begins with nothing', () => {
    const call = new Rehearsal({ ...draw({ bye: hangUp() }), start: 'gone' }).comesIn().isHeard()
    expect(call.hears).toEqual(['Sorry.'])
  })
})

describe('missed', () => {
  const noted = {
    take: block('answer', {}, { next: 'bye', missed: 'note' }),
    note: assign({ n: '1.0' }),
    bye: hangUp(),
  }
  it('a caller who gives up before the answer is through', () => {
    const call = comesIn(noted).hangsUp()
    expect([call.variables.n, call.isOver]).toEqual([1, true])
    expect(call.trail.find(({ exit }) => exit === 'missed')?.block).toBe('take')
  })

  it('an answer that is refused: another process took the call, or it is gone (404)', () => {
    const call = comesIn(noted).commandFails('answer', '404')
    expect([call.variables.n, call.isOver, call.endedByFlow]).toEqual([1, true, false])
  })

  it('takes the hang-up path where nothing is drawn for it', () => {
    const flow = { take: block('answer', {}, { next: 'bye' }), note: assign({ n: '1.0' }), bye: hangUp() }
    const call = comesIn(flow, { onHangUp: 'note' }).hangsUp()
    expect([call.variables.n, call.trail.find(({ block }) => block === 'take')]).toEqual([1, expect.anything()])
    expect(call.trail.filter(({ event }) => event === 'left').map(({ exit }) => exit)).toContain('hangup')
  })

  it('and the failure path when the answer is refused', () => {
    const call = comesIn({ take: block('answer', {}, { next: 'bye' }), bye: hangUp() }).commandFails('answer', '503')
    expect([call.endedByFlow, call.trail.find(({ event }) => event === 'failed')?.detail]).toEqual([
      true,
      { problem: '503' },
    ])
  })

  it('is not a caller who hangs up while hearing', () => {
    const call = comesIn({ ...noted, bye: say('Hello.', {}) })
      .isHeard()
      .hangsUp()
    expect(call.variables.n).toBe(0)
  })
})

it('has nothing to do where the call was answered at 12 seconds', () => {
  const call = comesIn(pauseThenAnswer(13)).waits(12.5).isHeard().waits(1)
  expect([asked(call).filter((type) => type === 'answer'), call.hears]).toEqual([['answer'], ['Hello.']])
})
