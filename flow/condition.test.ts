import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Condition, conditionSource, type Operator, operators } from './condition.ts'
import { FlowError } from './error.ts'
import { expressions } from './expression.ts'
import type { Declarations } from './expressionFacts.ts'
import type { Value, Variables } from './values.ts'

const declared: Declarations = {
  text: { type: 'text' },
  secret: { type: 'secret' },
  digits: { type: 'digits' },
  phone: { type: 'phone' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  names: { type: 'list' },
  object: { type: 'object' },
  user: { type: 'user' },
}
const nobody = { id: '', name: '', phone: '' }
const { parse } = expressions(declared)

function holds(variable: string, operator: Operator, value: string, given: Variables): Value | string {
  const condition = Condition.parse({ id: 'a', label: '', when: { kind: 'compare', variable, operator, value } })
  try {
    return parse(conditionSource(condition, declared)).evaluate({ caller: nobody, called: nobody, ...given })
  } catch (error) {
    if (error instanceof FlowError) return error.code
    throw error
  }
}

describe.each<[Operator, [variable: string, held: Value, value: string, expected: boolean | string][]]>([
  [
    'equals',
    [
      ['digits', '1', '1', true],
      ['digits', '1', ' 1 ', true],
      ['digits', '01', '1', false],
      ['number', 1, '1', true],
      ['number', 1, '1.0', true],
      ['number', -2.5, '-2.5', true],
      ['number', 1, '01', true],
      ['number', 1, 'one', 'expressionRefused'],
      ['number', 1, '', 'expressionRefused'],
      ['text', 'Sales', 'sales', true],
      ['text', '  sales ', 'SALES', true],
      ['text', 'Österreich', 'österreich', true],
      ['text', 'sales', 'support', false],
      ['text', 'a"b\\', 'a"b\\', true],
      ['secret', '1234', '1234', true],
      ['phone', '+4930', '+4930', true],
      ['boolean', true, 'true', 'expressionRefused'],
      ['names', [], 'a', 'expressionRefused'],
    ],
  ],
  [
    'notEquals',
    [
      ['digits', '1', '2', true],
      ['digits', '1', '1', false],
      ['text', 'A', ' a', false],
      ['number', 1, '2', true],
      ['number', 1, '1', false],
    ],
  ],
  [
    'contains',
    [
      ['text', 'The Sales Desk', 'sales', true],
      ['text', 'sales', 'desk', false],
      ['digits', '4711', '71', true],
      ['names', ['a', 'b'], 'b', true],
      ['names', ['a', 'b'], 'c', false],
      ['number', 1, '1', 'expressionRefused'],
    ],
  ],
  [
    'startsWith',
    [
      ['phone', '+4930123', '+49', true],
      ['text', ' Sales', 'SA', true],
      ['text', 'sales', 'ales', false],
      ['number', 1, '1', 'expressionRefused'],
    ],
  ],
  [
    'anyOf',
    [
      ['digits', '2', '1, 2,3', true],
      ['digits', '4', '1,2,3', false],
      ['text', 'B', 'a, b', true],
      ['number', 2, '1,2', true],
      ['number', 2.5, '1,2', false],
      ['number', 2, '1,two', 'expressionRefused'],
    ],
  ],
  [
    'lessThan',
    [
      ['number', 1.5, '2', true],
      ['number', 2, '2', false],
      ['digits', '9', '10', true],
      ['digits', '10', '9', false],
      ['digits', '', '9', false],
      ['text', ' ', '9', false],
      ['number', 1, 'x', 'expressionRefused'],
      ['boolean', true, '1', 'expressionRefused'],
    ],
  ],
  [
    'moreThan',
    [
      ['number', 2.5, '2', true],
      ['number', 2, '2', false],
      ['digits', '18', '17', true],
      ['text', '18', '17', true],
      ['text', 'many', '17', false],
      ['digits', '', '-1', false],
    ],
  ],
  [
    'between',
    [
      ['number', 1, '1, 3', true],
      ['number', 3, '1,3', true],
      ['number', 3.1, '1,3', false],
      ['number', 0.9, '1,3', false],
      ['digits', '65', '18,67', true],
      ['number', -1, '-2,-0.5', true],
      ['number', 1, '1', 'expressionRefused'],
    ],
  ],
  [
    'isBlank',
    [
      ['text', '', '', true],
      ['text', '   ', '', true],
      ['text', 'x', '', false],
      ['digits', '', '', true],
      ['number', 0, '', true],
      ['number', 1, '', false],
      ['names', [], '', true],
      ['names', ['a'], '', false],
      ['object', {}, '', true],
      ['object', { a: 1 }, '', false],
      ['boolean', false, '', 'expressionRefused'],
    ],
  ],
  [
    'isTrue',
    [
      ['boolean', true, '', true],
      ['boolean', false, '', false],
    ],
  ],
])('%s', (operator, cases) => {
  it.each(cases)('%s %j against %j: %j', (variable, held, value, expected) =>
    expect(holds(variable, operator, value, { [variable]: held })).toBe(expected),
  )
})

it('is tried with every operator', () => expect(operators).toHaveLength(10))

it('compares the people on the line', () => {
  const caller = { id: '', name: 'Grady Archie', phone: '+4989' }
  expect(holds('caller.name', 'contains', 'GRADY', { caller })).toBe(true)
  expect(holds('caller.phone', 'isBlank', '', { caller })).toBe(false)
  expect(holds('called.phone', 'isBlank', '', { caller })).toBe(true)
})

it('finds that every text equals itself, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      expect(holds('text', 'equals', text, { text })).toBe(true)
      expect(holds('text', 'equals', text, { text: `${text}x` })).toBe(false)
    }),
    { numRuns: 200 },
  )
})

it('leaves an expression as it was written', () => {
  const condition = Condition.parse({ id: 'a', label: '', when: { kind: 'expression', expression: 'number > 1' } })
  expect(conditionSource(condition, declared)).toBe('number > 1')
})

it.each([
  ['a variable that is an expression', { variable: 'number + 1', operator: 'isTrue', value: '' }],
  ['a part of the caller that there is not', { variable: 'caller.salary', operator: 'isBlank', value: '' }],
  ['an operator that there is not', { variable: 'text', operator: 'matches', value: '' }],
])('refuses %s', (_, when) => {
  expect(Condition.safeParse({ id: 'a', label: '', when: { kind: 'compare', ...when } }).success).toBe(false)
})

it.each(['', 'a b', 'constructor', '__proto__', 'x'.repeat(33)])('refuses %j as the name of its exit', (id) => {
  expect(Condition.safeParse({ id, label: '', when: { kind: 'expression', expression: 'true' } }).success).toBe(false)
})
