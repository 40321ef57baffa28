import { describe, expect, it } from 'vitest'
import { rehearse } from '../rehearse.ts'
import { assign, block, collect, draw, hangUp, menu, say, silentCall, transfer } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const bye = hangUp('Bye.')
const sorry = say('Failed.', { done: 'bye' })
const holding = (values: Record<string, Value>) => ({
  variables: Object.fromEntries(
    Object.entries(values).map(([name, initial]) => {
      const type = typeof initial === 'number' ? 'number' : Array.isArray(initial) ? 'list' : 'text'
      return [name, { type, initial } as const]
    }),
  ),
})

describe('a call hears the values of prompts', () => {
  it('of every block that speaks, in order, with what was spoken ahead', () => {
    const call = rehearse(
      draw(
        {
          a: say('You are number ${n} today.', { done: 'ask' }),
          ask: menu(
            '1',
            { '1': 'give', noInput: 'bye', noMatch: 'bye' },
            { prompt: 'Hello ${t}, press 1.', noInputPrompt: 'Still there, ${t}?', noInputRetries: 1 },
          ),
          give: transfer({ failed: 'bye' }, 'I tell them that ${t} calls.'),
          bye: hangUp('Bye ${t}.'),
        },
        holding({ n: 3, t: 'Ada' }),
      ),
    )
    expect(call.hears).toEqual(['You are number', '3', 'today.'])
    expect(call.promptFinishes().hears).toEqual(['Hello', 'Ada,', 'press 1.'])
    expect(call.staysSilent().hears).toEqual(['Still there,', 'Ada?', 'Hello', 'Ada,', 'press 1.'])
    expect(call.presses('1').hears).toEqual(['I tell them that', 'Ada', 'calls.'])
    expect(call.promptFinishes().transferFails().hears).toEqual(['Bye', 'Ada.'])
  })

  it('has all the rest in the program, and only that', () => {
    const flow = draw({ a: say('Hello ${t}, welcome.', { done: 'bye' }), bye }, { apology: 'No ${t}, $${sorry}.' })
    expect(rehearse(flow).program.prompts).toEqual(['Hello', 'welcome.', 'Bye.', 'No ${t}, $${sorry}.'])
  })

  it('says an apology as it stands, whatever is in it', () => {
    const call = rehearse(draw({ a: say('${1 / 0}') }, { apology: 'Cost: ${t}, $${n}.' }))
    expect(call.hears).toEqual(['Cost: ${t}, $${n}.'])
  })

  it('hears what the call holds at that moment', () => {
    const call = rehearse(
      draw({
        ask: collect({ collected: 'count' }, { invalidPrompt: '${entry}', terminators: '#' }),
        count: assign({ n: 'n + 1' }, { done: 'a' }),
        a: say('Number ${n}: ${entry}.', { done: 'ask' }),
      }),
    )
    expect(call.presses('12#').hears).toEqual(['Number?', 'Number', '1: 1 2.'])
    expect(call.promptFinishes().presses('3#').hears).toEqual(['Number?', 'Number', '2: 3.'])
  })
})

describe('a value that cannot be said', () => {
  const failing = 'Number ${10 / n}.'
  it('takes the error exit, and nothing of its prompt is heard', () => {
    const flow = draw({ a: say(failing, { done: 'bye', error: 'sorry' }), sorry, bye }, holding({ n: 0 }))
    const call = rehearse(flow)
    expect(call.hears).toEqual(['Failed.'])
    expect(call.trail.at(-2)).toMatchObject({ block: 'a', exit: 'error', detail: { problem: 'expressionFailed' } })
  })

  it('silences what still sounds, and does not take a key twice', () => {
    const ask = menu('1', { '1': 'bye', error: 'next' }, { noMatchPrompt: failing })
    const next = menu('2', { '2': 'bye' }, { prompt: 'Next?' })
    const call = rehearse(draw({ ask, next, bye }, holding({ n: 0 })))
    expect(call.presses('9').hears).toEqual(['Menu?', 'Next?'])
    expect(call.asked.map(({ type }) => type).slice(-3)).toEqual(['play', 'cancelMedia', 'play'])
    expect(call.presses('2').hears).toEqual(['Bye.'])
  })

  it('ends a call that ends with it, after the apology', () => {
    const call = rehearse(draw({ bye: hangUp(failing) }, holding({ n: 0 })))
    expect(call.hears).toEqual(['Sorry.'])
    expect(call.promptFinishes().endedByFlow).toBe(true)
  })
})

describe('a value of which there is nothing to say', () => {
  it('leaves its prompt out: the block goes on as if it had been heard', () => {
    const flow = draw(
      {
        a: say('${t}', { done: 'ask' }),
        ask: menu('1', { '1': 'give' }, { prompt: '${t}', noInputPrompt: 'Press 1.' }),
        give: transfer({ failed: 'bye' }, '${t}'),
        bye: hangUp('${t}'),
      },
      holding({ t: '' }),
    )
    const call = rehearse(flow)
    expect([call.hears, call.at]).toEqual([[], 'ask'])
    expect(call.staysSilent().hears).toEqual(['Press 1.'])
    call.presses('1')
    expect(call.transferredTo?.name).toBe('Adele Vance')
    expect(call.transferFails().endedByFlow).toBe(true)
  })

  it('is no way to go round for ever', () => {
    const flow = draw({ a: say('${t}', { done: 'b' }), b: say('${t}', { done: 'a' }) }, holding({ t: '' }))
    const call = rehearse(flow)
    expect(call.hears).toEqual(['Sorry.'])
    expect(call.trail.some(({ detail }) => detail?.problem === 'endlessLoop')).toBe(true)
  })
})

describe('more than twenty pieces', () => {
  const long = Array.from({ length: 15 }, (_, n) => `Here comes the value of number ${n}: \${t}`).join(' ')
  const flow = draw({ a: say(long, { done: 'b' }, { bargeIn: 'anyKey' }), b: say('B') }, holding({ t: 'x' }))

  it('are several requests at once, so that no gap is heard, and only the last one tells of its end', () => {
    const call = silentCall(flow)
    call.tell({ type: 'callOffered' })
    call.tell({ type: 'callEstablished', audio: true })
    const visit = call.state.visit
    const plays = call.tell({ type: 'tonesSubscribed', visit }).flatMap((one) => (one.type === 'play' ? [one] : []))
    expect(plays.map(({ prompts, more, behind }) => [prompts.length, more, behind?.length])).toEqual([
      [20, true, undefined],
      [10, undefined, 20],
    ])
    expect(new Set(plays.map((one) => one.visit)).size).toBe(1)
  })

  it('are interrupted all together', () => {
    const call = rehearse(flow)
    expect(call.hears).toHaveLength(30)
    expect(call.presses('1').at).toBe('b')
    expect(call.asked.filter(({ type }) => type === 'cancelMedia')).toHaveLength(1)
  })
})

it('a block may bring names of its own that its prompts speak of, as no other block can', () => {
  const other = draw({ a: block('play', { prompts: ['${item}'] }, { done: 'bye' }), bye })
  expect(rehearse(other).hears).toEqual(['Sorry.'])
})
