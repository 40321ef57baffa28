import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import type { Flow } from '../flow.ts'
import { rehearse } from '../rehearse.ts'
import { assign, block, draw, hangUp, menu, say } from '../testing/draw.ts'

const counting: Partial<Flow> = {
  variables: { tries: { type: 'number' }, outer: { type: 'number' }, name: { type: 'text' } },
}
const loop = (times: number, exits: Record<string, string>, more: Record<string, string | boolean> = {}) =>
  block('loop', { times, variable: 'tries', ...more }, exits)

const flow = (times: number, more = {}) =>
  draw(
    {
      loop: loop(times, { again: 'say', done: 'bye' }, more),
      say: say('Round.', { done: 'loop' }),
      bye: hangUp('Bye.'),
    },
    counting,
  )
const rounds = (drawn: Flow) => {
  const call = rehearse(drawn)
  for (let n = 0; n < 50 && !call.isOver; n++) call.promptFinishes()
  return call.hears
}

describe('goes back', () => {
  it.each([0, 1, 3, 19])('%i times, and on from then on', (times) => {
    expect(rounds(flow(times))).toEqual([...Array(times).fill('Round.'), 'Bye.'])
  })

  it('as often as it may where nothing is said in between, and no limit stops it', () => {
    const silent = draw(
      {
        loop: loop(19, { again: 'set', done: 'bye' }),
        set: assign({ outer: 'outer + 1' }, { done: 'loop' }),
        bye: hangUp('Bye.'),
      },
      counting,
    )
    const call = rehearse(silent)
    expect([call.variables.outer, call.hears, check(silent)]).toEqual([19, ['Bye.'], []])
  })

  it('inside another loop each time anew', () => {
    const nested = draw(
      {
        outer: loop(2, { again: 'inner', done: 'bye' }, { variable: 'outer' }),
        inner: loop(2, { again: 'say', done: 'outer' }),
        say: say('Round.', { done: 'inner' }),
        bye: hangUp('Bye.'),
      },
      counting,
    )
    expect(rounds(nested)).toEqual([...Array(4).fill('Round.'), 'Bye.'])
  })
})

describe('its count', () => {
  it('can be asked by others, and begins again at 0', () => {
    const call = rehearse(flow(2))
    expect(call.variables.tries).toBe(1)
    call.promptFinishes()
    expect(call.variables.tries).toBe(2)
    call.promptFinishes()
    expect(call.variables.tries).toBe(0)
  })

  it('stays where it is so wanted: whoever comes again goes on at once', () => {
    const twice = (startsOver: boolean) =>
      draw(
        {
          loop: loop(1, { again: 'say', done: 'ask' }, { startsOver }),
          say: say('Round.', { done: 'loop' }),
          ask: menu('1', { '1': 'loop', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Once more?' }),
          bye: hangUp('Bye.'),
        },
        counting,
      )
    const heard = (startsOver: boolean) => rehearse(twice(startsOver)).promptFinishes().presses('1').hears
    expect(heard(false)).toEqual(['Round.', 'Once more?', 'Once more?'])
    expect(heard(true)).toEqual(['Round.', 'Once more?', 'Round.'])
  })

  it.each([
    ['that is not declared', 'nothing', 'unknownVariable'],
    ['of another type', 'name', 'wrongType'],
  ])('is kept in no variable %s', (_, variable, detail) => {
    expect(check(flow(1, { variable }))).toContainEqual(expect.objectContaining({ code: 'setting', detail }))
  })
})

describe('a loop that would not end as drawn is an error:', () => {
  const codes = (drawn: Flow) => check(drawn).flatMap(({ code, severity }) => (severity === 'error' ? [code] : []))

  it('two that count in one variable', () => {
    const shared = draw(
      {
        outer: loop(2, { again: 'inner', done: 'bye' }),
        inner: loop(2, { again: 'say', done: 'outer' }),
        say: say('Round.', { done: 'inner' }),
        bye: hangUp(),
      },
      counting,
    )
    expect(codes(shared)).toEqual(['setElsewhere', 'setElsewhere'])
  })

  it('one whose count is set in between', () => {
    const set = draw(
      {
        loop: loop(2, { again: 'set', done: 'bye' }),
        set: assign({ tries: '0' }, { done: 'loop' }),
        bye: hangUp(),
      },
      counting,
    )
    expect(codes(set)).toEqual(['setElsewhere'])
  })

  it('one both of whose ways lead back', () => {
    const caught = draw(
      { loop: loop(2, { again: 'say', done: 'say' }), say: say('Round.', { done: 'loop' }), bye: hangUp() },
      counting,
    )
    expect(new Set(codes(caught))).toEqual(new Set(['endlessLoop']))
  })

  it.each([5, -900])('one that begins at %i', (first) => {
    const late = {
      ...flow(2),
      variables: { ...counting.variables, tries: { type: 'number' as const, initial: first } },
    }
    expect(check(late)).toContainEqual(expect.objectContaining({ code: 'setting', detail: 'notFromZero' }))
  })
})

it('goes round no more often than a circle that speaks to nobody may', () => {
  expect(check(flow(20))).toContainEqual(expect.objectContaining({ code: 'setting', detail: 'too_big', reason: '19' }))
})
