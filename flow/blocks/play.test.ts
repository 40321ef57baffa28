import { describe, expect, it } from 'vitest'
import { rehearse } from '../rehearse.ts'
import { nothingShared } from '../shared.ts'
import { maxPromptsPerPlay } from '../talk.ts'
import { block, draw, hangUp, menu, say } from '../testing/draw.ts'
import { play } from './play.ts'

const bye = hangUp()
const texts = (count: number) => Array.from({ length: count }, (_, n) => `Prompt ${n + 1}.`)
const plays = (call: ReturnType<typeof rehearse>) =>
  call.asked.flatMap((command) => (command.type === 'play' ? [command.prompts.length] : []))
const left = (call: ReturnType<typeof rehearse>, id: string) =>
  call.trail.flatMap(({ block, event, exit }) => (block === id && event !== 'entered' ? [exit] : []))

describe('several prompts', () => {
  const speaking = (count: number) =>
    draw({ a: block('play', { prompts: texts(count) }, { done: 'b' }), b: say('After.', { done: 'bye' }), bye })

  it('are one request to the telephone', () => {
    const call = rehearse(speaking(3))
    expect([plays(call), call.hears]).toEqual([[3], texts(3)])
    expect(call.promptFinishes().hears).toEqual(['After.'])
  })

  it('are still one request when there are twenty', () => {
    expect(plays(rehearse(speaking(20)).promptFinishes())).toEqual([20, 1])
    expect(rehearse(speaking(20)).promptFinishes().hears.at(-1)).toBe('After.')
  })

  it('are split when there are more than the telephone takes at once', () => {
    const call = rehearse(speaking(21))
    expect([plays(call), call.hears]).toEqual([[maxPromptsPerPlay], texts(20)])
    expect(call.promptFinishes().hears).toEqual(['Prompt 21.'])
    expect(call.promptFinishes().hears).toEqual(['After.'])
    expect(plays(call)).toEqual([20, 1, 1])
  })

  it('do not skip a part when the end of the first is told twice', () => {
    const call = rehearse(speaking(41))
    const first = call.visit
    call.promptFinishes(first).promptFinishes(first)
    expect(plays(call)).toEqual([20, 20])
  })
})

describe('a key during the message', () => {
  const flow = (settings: { bargeIn?: string; keys?: string; typeAhead?: boolean }) =>
    draw({
      a: say('Long story.', { done: 'ask', interrupted: 'ask' }, settings),
      ask: menu('12', { '1': 'one', '2': 'bye', noInput: 'bye', noMatch: 'bye' }),
      one: say('One.', { done: 'bye' }),
      bye,
    })

  it('is kept for later when nothing can interrupt', () => {
    const call = rehearse(flow({})).presses('1')
    expect([call.at, call.asked.some(({ type }) => type === 'cancelMedia')]).toEqual(['a', false])
    expect([call.promptFinishes().hears, call.at]).toEqual([['Long story.', 'One.'], 'one'])
  })

  it('is forgotten when nothing can interrupt and type-ahead is off', () => {
    const call = rehearse(flow({ typeAhead: false }))
      .presses('1')
      .promptFinishes()
    expect([call.at, call.hears]).toEqual(['ask', ['Long story.', 'Menu?']])
  })

  it('silences it when any key can interrupt, and counts for the block that follows', () => {
    const call = rehearse(flow({ bargeIn: 'anyKey' })).presses('1')
    expect(call.asked.map(({ type }) => type)).toEqual(['answer', 'subscribeTones', 'play', 'cancelMedia', 'play'])
    expect([left(call, 'a'), call.at]).toEqual([['interrupted'], 'one'])
  })

  it('silences it only when it is one of the keys', () => {
    const call = rehearse(flow({ bargeIn: 'keys', keys: '1#' })).presses('2')
    expect(call.at).toBe('a')
    expect([left(call.presses('#'), 'a'), call.asked.filter(({ type }) => type === 'cancelMedia')]).toHaveLength(2)
    expect(left(call, 'a')).toEqual(['interrupted'])
    // The 2 that was pressed before is the first that the menu hears.
    expect(left(call, 'ask')).toEqual(['2'])
  })

  it('goes on by the same way as the end when the interruption has no link of its own', () => {
    const call = rehearse(
      draw({ a: say('A', { done: 'b' }, { bargeIn: 'anyKey' }), b: say('B', { done: 'bye' }), bye }),
    ).presses('5')
    expect(call.at).toBe('b')
  })

  it('does not let the end of the silenced message end the next one', () => {
    const call = rehearse(
      draw({ a: say('A', { done: 'b' }, { bargeIn: 'anyKey' }), b: say('B', { done: 'bye' }), bye }),
    )
    const first = call.visit
    expect(call.presses('5').promptFinishes(first).at).toBe('b')
  })

  it('is not needed when it was pressed before the message began', () => {
    const call = rehearse(
      draw({
        x: say('X', { done: 'a' }),
        a: say('A', { done: 'b' }, { bargeIn: 'anyKey' }),
        b: say('B', { done: 'bye' }),
        bye,
      }),
    )
    call.presses('5').promptFinishes()
    expect(call.hears).toEqual(['X', 'B'])
    expect(call.trail.find(({ block, event }) => block === 'a' && event === 'left')?.detail).toEqual({
      typedAhead: true,
    })
  })

  it('that came before the message does not interrupt it without type-ahead', () => {
    const call = rehearse(
      draw({
        x: say('X', { done: 'a' }),
        a: say('A', { done: 'b' }, { bargeIn: 'anyKey', typeAhead: false }),
        b: say('B', { done: 'bye' }),
        bye,
      }),
    )
    call.presses('5').promptFinishes()
    expect(call.hears).toEqual(['X', 'A'])
  })

  it('interrupts the second part as it does the first', () => {
    const call = rehearse(
      draw({ a: block('play', { prompts: texts(25), bargeIn: 'anyKey' }, { done: 'bye' }), bye }),
    ).promptFinishes()
    expect([call.at, call.presses('1').isOver]).toEqual(['a', true])
  })
})

it('shows the exit for interruptions only when there can be any', () => {
  expect(play.face({ prompts: ['A'], bargeIn: 'off' }).exits.map(({ name }) => name)).toEqual(['done'])
  expect(play.face({ prompts: ['A'], bargeIn: 'keys' }).exits.map(({ name }) => name)).toEqual(['done', 'interrupted'])
})

it.each([
  ['no prompts', { prompts: [] }],
  ['an empty prompt', { prompts: ['A', '  '] }],
  ['a prompt that is too long', { prompts: ['x'.repeat(1501)] }],
  ['more prompts than the limit', { prompts: texts(101) }],
  ['a way to interrupt that there is not', { prompts: ['A'], bargeIn: 'shout' }],
  ['a key that there is not', { prompts: ['A'], bargeIn: 'keys', keys: '1A' }],
])('cannot run with %s', (_, settings) => {
  const opened = play.open(settings, {
    variables: {},
    timeZone: 'UTC',
    shared: nothingShared,
    parse: () => ({ type: 'bool', reads: [], readsOpenly: [], cost: 0, evaluate: () => true }),
  })
  expect(opened).toHaveProperty('issues')
})

it('takes the failure path when a message cannot be spoken, or its own error exit', () => {
  const flow = (exits: Record<string, string>) =>
    draw({ a: say('A', { done: 'bye', ...exits }), b: say('B', { done: 'bye' }), bye })
  expect(rehearse(flow({})).promptFails().hears).toEqual(['A', 'Sorry.'])
  expect(rehearse(flow({ error: 'b' })).promptFails().hears).toEqual(['A', 'B'])
})
