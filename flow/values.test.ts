import { describe, expect, it } from 'vitest'
import { flowLimits } from './flowLimits.ts'
import { emptyValue, fitsType, limits, Value, type ValueType } from './values.ts'

const long = 'x'.repeat(limits.text + 1)

describe.each<[ValueType, fitting: unknown[], wrong: unknown[]]>([
  ['text', ['', 'a', 'x'.repeat(limits.text)], [1, true, null, long, ['a']]],
  ['secret', ['', '1234'], [1234, long]],
  ['digits', ['', '0123456789*#'], ['12a', ' 1', '+1', 12, '1'.repeat(limits.text + 1)]],
  ['phone', ['', '+4930123456', '112'], ['+', '12', '0123456789012345', '+49 30', 'x', 112]],
  ['number', [0, -1.5, 1e9], [Number.NaN, Number.POSITIVE_INFINITY, '1', null, true]],
  ['boolean', [true, false], ['true', 0, 1, null]],
  [
    'user',
    [
      { id: 'a', name: 'A' },
      { id: '', name: '' },
    ],
    [{ id: 'a' }, { id: 1, name: 'A' }, 'Adele', null, []],
  ],
  ['list', [[], [1, 'a', [true]], Array(limits.list).fill(0)], [Array(limits.list + 1).fill(0), {}, 'a', null]],
  [
    'object',
    [{}, { a: 1 }],
    [[], null, 'a', Object.fromEntries(Array.from({ length: limits.fields + 1 }, (_, n) => [`f${n}`, n]))],
  ],
])('%s', (type, fitting, wrong) => {
  it('takes what is of its type', () => expect(fitting.filter((value) => !fitsType(type, value))).toEqual([]))
  it('takes nothing else', () => expect(wrong.filter((value) => fitsType(type, value))).toEqual([]))
  it('takes what it holds before anything is assigned', () => expect(fitsType(type, emptyValue[type])).toBe(true))
})

it('takes no list or object that is large inside', () => {
  const twice = (value: unknown) => [value, value]
  let nested: unknown = ['leaf']
  for (let n = 0; n < 30; n++) nested = twice(nested)
  expect(fitsType('list', nested)).toBe(false)
  expect(fitsType('object', { nested })).toBe(false)
  expect(fitsType('list', [long.repeat(20)])).toBe(false)
})

it('reads any JSON value and nothing else', () => {
  const json = { a: [1, 'b', null, { c: true }] }
  expect(Value.parse(json)).toEqual(json)
  expect(
    [undefined, Number.NaN, () => 1, new Date(), new Map()].filter((value) => Value.safeParse(value).success),
  ).toEqual([])
})

describe('how deep a value may be nested', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`)
  it('is what a flow may be', () => expect(Value.safeParse(nested(flowLimits.nesting)).success).toBe(true))
  it.each([flowLimits.nesting + 2, 40_000])('is no value at %d, and exhausts nobody', (levels) => {
    expect(Value.safeParse(nested(levels)).success).toBe(false)
  })
})
