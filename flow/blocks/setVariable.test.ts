import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { assign, block, draw, hangUp, say } from '../testing/draw.ts'
import { limits, type Value, valueTypes } from '../values.ts'

const bye = hangUp()
const variables = {
  ...Object.fromEntries(valueTypes.map((type) => [`a_${type}`, { type }])),
  n: { type: 'number' as const, initial: 2 },
  m: { type: 'number' as const, initial: 0 },
  o: { type: 'object' as const, initial: { word: 'yes', count: 3 } },
}
const assigned = (...assignments: [variable: string, value: string][]) => {
  const set = block(
    'setVariable',
    { assignments: assignments.map(([variable, value]) => ({ variable, value })) },
    { done: 'end' },
  )
  return rehearse(draw({ set, end: say('Done.') }, { variables }))
}

it.each<[variable: string, value: string, result: Value]>([
  ['a_text', '"a" + "b"', 'ab'],
  ['a_number', 'n + 1', 3],
  ['a_number', '1', 1],
  ['a_boolean', 'n > 1', true],
  ['a_digits', '"12#"', '12#'],
  ['a_phone', '"+4930123"', '+4930123'],
  ['a_secret', '"s"', 's'],
  ['a_list', '["a", "b"]', ['a', 'b']],
  ['a_object', '{"a": n}', { a: 2 }],
  ['a_user', '{"id": "1", "name": caller.name}', { id: '1', name: '' }],
  ['a_text', 'o.word', 'yes'],
])('%s takes %s', (variable, value, result) => {
  const call = assigned([variable, value])
  expect([call.hears, call.variables[variable]]).toEqual([['Done.'], result])
})

describe('several values', () => {
  it('are set in order, and a later one sees the earlier', () => {
    const call = assigned(['n', 'n + 1'], ['m', 'n * 10'], ['n', 'n + m'])
    expect([call.variables.n, call.variables.m]).toEqual([33, 30])
  })

  it('are all kept back when one of them fails', () => {
    const call = assigned(['n', 'n + 1'], ['m', '1 / m'])
    expect([call.hears, call.variables.n]).toEqual([['Sorry.'], 2])
  })
})

it.each([
  ['text for a number', 'a_number', '"one"', 'wrongType'],
  ['text that looks like a number', 'a_number', '"1"', 'wrongType'],
  ['a number for text', 'a_text', 'n', 'wrongType'],
  ['a number for a yes or no', 'a_boolean', '1', 'wrongType'],
  ['a list for text', 'a_text', '["a"]', 'wrongType'],
  ['a variable that is not declared', 'nobody', '1', 'unknownVariable'],
  ['a variable that every object has', 'toString', '1', 'invalid_format'],
  ['the caller', 'caller', '"me"', 'invalid_format'],
  ['an expression that is none', 'a_text', '"a', 'expression'],
  ['an expression with an unknown name', 'a_text', 'nobody', 'expression'],
  ['nothing', 'a_text', '', 'required'],
])('refuses %s before any call', (_, variable, value, detail) => {
  const flow = draw({ set: assign({ [variable]: value }, { done: 'bye' }), bye }, { variables })
  expect(check(flow)).toContainEqual(expect.objectContaining({ code: 'setting', block: 'set', detail }))
})

it.each<[why: string, variable: string, value: string]>([
  ['divided by zero', 'n', '1 / m'],
  ['a text from a record that is a number', 'a_text', 'o.count'],
  ['digits that are letters', 'a_digits', '"abc"'],
  ['a phone number that is none', 'a_phone', '"home"'],
  ['a person without a name', 'a_user', '{"id": "1"}'],
  ['a part of a record that is not there', 'a_text', 'o.gone'],
])('fails when a call comes to %s', (_, variable, value) => {
  const call = assigned([variable, value])
  expect(call.hears).toEqual(['Sorry.'])
  expect(call.trail.find(({ event }) => event === 'failed')?.detail).toEqual({ problem: 'expressionFailed' })
})

it('fails when a text grows beyond its limit', () => {
  const grow = draw({ a: assign({ t: 't + t + "x"' }, { done: 'b' }), b: say('B', { done: 'a' }) })
  const call = rehearse(grow)
  for (let n = 0; n < 20 && call.at === 'b'; n++) call.promptFinishes()
  expect(call.hears.at(-1)).toBe('Sorry.')
  expect(String(call.variables.t).length).toBeLessThanOrEqual(limits.text)
})

it('takes its error exit where one is drawn', () => {
  expect(
    rehearse(draw({ a: assign({ n: '1 / n' }, { done: 'b', error: 'c' }), b: say('B'), c: say('C') })).hears,
  ).toEqual(['C'])
})
