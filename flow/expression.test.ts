import { describe, expect, it } from 'vitest'
import { FlowError } from './error.ts'
import { expressionLimits, expressions } from './expression.ts'
import { canAssign, type Declarations } from './expressionFacts.ts'
import { limits, type Value, type Variables, valueTypes } from './values.ts'

const declared: Declarations = {
  n: { type: 'number' },
  zero: { type: 'number' },
  t: { type: 'text' },
  b: { type: 'boolean' },
  d: { type: 'digits' },
  l: { type: 'list' },
  o: { type: 'object' },
  u: { type: 'user' },
  s: { type: 'secret' },
  p: { type: 'phone' },
}
const values: Variables = {
  n: 2.5,
  zero: 0,
  t: 'Ab',
  b: true,
  d: '12',
  l: ['a', 'b', 'c'],
  o: { k: 1, inner: { deep: 'yes' } },
  u: { id: 'x', name: 'Adele' },
  s: '9876',
  p: '+4930123456',
  caller: { id: 'me', name: 'Grady', phone: '+4989' },
  called: { id: 'us', name: 'Contoso', phone: '' },
}
const { parse } = expressions(declared)
const evaluate = (source: string, given: Variables = values) => parse(source).evaluate(given)

/** What the product says when it will not do it. */
function fault(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof FlowError) return error.code
    throw error
  }
  return 'none'
}

describe('numbers', () => {
  it.each<[string, number | boolean]>([
    ['n + 1', 3.5],
    ['1 + n', 3.5],
    ['n - 1', 1.5],
    ['1 - n', -1.5],
    ['2 * n', 5],
    ['n * 2', 5],
    ['n / 2', 1.25],
    ['5 / n', 2],
    ['n % 2', 0.5],
    ['5 % n', 0],
    ['n % 1.5', 1],
    ['(1 + n) * 2', 7],
    ['(1 + n) / 2', 1.75],
    ['1 + n + 1 + n', 7],
    ['1 + 1 + n', 4.5],
    ['-n + 1', -1.5],
    ['-(1 + n)', -3.5],
    ['7 / 2', 3],
    ['7.0 / 2', 3.5],
    ['1 + 2 * 3', 7],
    ['n == 2.5', true],
    ['1.0 == 1', true],
    ['1 == 1.0', true],
    ['n != 2', true],
    ['n < 3', true],
    ['3 > n', true],
    ['n <= 2', false],
    ['1 + n == n + 1', true],
    ['int(d) + 1', 13],
    ['double(d) * n', 30],
    ['int(1 + n)', 3],
  ])('%s is %j', (source, result) => expect(evaluate(source)).toBe(result))

  it.each([
    'n / zero',
    '1 / zero',
    'n % zero',
    '1 / 0',
    '1.0 / 0',
    '1 % 0',
    '0.0 / 0.0',
    '1e308 * 10.0',
    '9223372036854775807 + 1',
  ])('%s fails and does not become a strange number', (source) =>
    expect(fault(() => evaluate(source))).toBe('expressionFailed'),
  )
})

describe('texts, lists and people', () => {
  it.each<[string, Value]>([
    ['t + "!"', 'Ab!'],
    ['t.lowerAscii() == "ab"', true],
    ['"ÄÖ".lowerAscii()', 'äö'],
    ['t.contains("b") && t.startsWith("A") && !t.endsWith("A")', true],
    ['size(t)', 2],
    ['"  x ".trim()', 'x'],
    ['t < "b"', true],
    ['s + d', '987612'],
    ['string(n)', '2.5'],
    ['["a", "b"].join("-")', 'a-b'],
    ['"1,2".split(",")', ['1', '2']],
    ['"b" in l', true],
    ['l[0]', 'a'],
    ['size(l)', 3],
    ['l + ["d"]', ['a', 'b', 'c', 'd']],
    ['l.exists(x, x == "c")', true],
    ['l.all(x, size(x) == 1)', true],
    ['l.filter(x, x != "b").map(x, x + "!")', ['a!', 'c!']],
    ['o.k', 1],
    ['o.inner.deep', 'yes'],
    ['has(o.missing)', false],
    ['{"a": n}', { a: 2.5 }],
    ['u.name', 'Adele'],
    ['caller.phone + called.name', '+4989Contoso'],
    ['caller.phone == "" ? "hidden" : caller.name', 'Grady'],
    ['b ? t : "no"', 'Ab'],
    ['b || 1 / 0 > 0', true],
    ['!b', false],
    ['null', null],
  ])('%s is %j', (source, result) => expect(evaluate(source)).toEqual(result))

  it.each([
    'l[7]',
    'o.missing',
    'int(t)',
    'double(t)',
    'double("")',
    'dyn(t) + 1',
    'timestamp("2026-01-01T00:00:00Z")',
    'b"bytes"',
    'type(n)',
  ])('%s fails when it is worked out', (source) => expect(fault(() => evaluate(source))).toBe('expressionFailed'))
})

describe('what is refused before any call', () => {
  it.each<[why: string, source: string]>([
    ['nothing at all', ''],
    ['half an expression', 'n +'],
    ['two operators', 'n ++ 1'],
    ['a statement', 'n = 1'],
    ['JavaScript', '(() => 1)()'],
    ['a variable that is not declared', 'nobody'],
    ['a variable that is not declared, in a branch never taken', 'b || nobody'],
    ['text plus number', 't + n'],
    ['text compared with number', 't == 1'],
    ['number compared with text', 'n == "2"'],
    ['a choice of two types', 'b ? 1 : "a"'],
    ['a number as a condition', 'n && b'],
    ['a list of two types', '[t, 1]'],
    ['a part of the caller that there is not', 'caller.salary'],
    ['a function that there is not', 'fetch(t)'],
    ['a regular expression', 't.matches("(a+)+$")'],
    ['JSON read from a text', 'bytes(t).json()'],
    ['a regular expression in a corner', 'b ? true : l.exists(x, t.matches(x))'],
    ['a comprehension inside a comprehension', '[1, 2].map(x, [1].map(y, y))'],
    ['a comprehension inside a filter', 'l.map(x, l.filter(y, y == x))'],
    ['a comprehension inside an operator inside a comprehension', 'l.map(x, size(l.filter(y, true)) + 1)'],
    ['taking a text apart inside a comprehension', 't.split("").map(x, t.split(""))'],
    ['a local name', 'cel.bind(x, t + t, x + x)'],
    ['lists added to lists for each element', `l.map(x, ${Array(20).fill('l').join(' + ')})`],
    ['the prototype', '__proto__'],
    ['the constructor', 'constructor'],
    ['a method of every object', 'toString'],
    ['the constructor of a text', 't.constructor'],
    ['the constructor of the caller', 'caller.constructor'],
    ['more characters than the limit', `"${'x'.repeat(expressionLimits.characters)}"`],
    ['more parts than the limit', Array(expressionLimits.nodes).fill('1').join('+')],
    ['going over many lists in a row', `(${Array(20).fill('l').join(' + ')}).all(x, true)`],
    ['brackets nested too deeply', `${'('.repeat(200)}1${')'.repeat(200)}`],
    ['lists nested too deeply', `${'['.repeat(30)}1${']'.repeat(30)}`],
    ['choices nested too deeply', `${'b ? 1 : '.repeat(30)}1`],
  ])('%s', (_, source) => expect(fault(() => parse(source))).toBe('expressionRefused'))

  it('says no to the length before it reads anything', () => {
    expect(() => parse('('.repeat(expressionLimits.characters + 1))).toThrow('too long')
  })
})

describe('nothing reaches behind the variables', () => {
  it.each([
    ['has(o.constructor)', false],
    ['has(o.__proto__)', false],
    ['has(o.inner.toString)', false],
    ['has(u.hasOwnProperty)', false],
    ['"__proto__" in o', false],
    ['"constructor" in o.inner', false],
    ['"valueOf" in {"a": 1}', false],
    ['[o].exists(x, "toString" in x)', false],
    ['has(o.k) && "k" in o && "deep" in o.inner', true],
    ['{"a": 1} == {"a": 1} && o == o', true],
  ])('%s is %s', (source, found) => expect(evaluate(source)).toBe(found))

  it.each(['o.constructor', 'o.__proto__', 'o["constructor"]', 'u.toString', 'u["__proto__"]', 'l.constructor'])(
    '%s finds nothing',
    (source) => expect(['expressionFailed', 'expressionRefused']).toContain(fault(() => evaluate(source))),
  )
})

describe('values have bounds', () => {
  it('fails for a value that is large inside', () => {
    const long = 'x'.repeat(limits.text)
    const sum = Array(30).fill('t').join(' + ')
    const given = { ...values, t: long }
    expect(evaluate(`size(${Array(20).fill('t').join(' + ')})`, given)).toBe(20 * limits.text)
    expect(fault(() => evaluate(sum.slice(0, expressionLimits.characters), given))).not.toBe('none')
    expect(fault(() => evaluate(`[${Array(25).fill('t').join(', ')}]`, given))).toBe('expressionFailed')
  })

  it.each([
    [
      'a length of time of many digits, which the library tries in cubic time',
      'duration(t).getSeconds()',
      '1'.repeat(1000),
    ],
    ['a long text that is looked for from behind', '"x".lastIndexOf(t)', 'a'.repeat(101)],
  ])('fails for %s', (_, source, t) => expect(fault(() => evaluate(source, { ...values, t }))).toBe('expressionFailed'))

  it('fails for a list that is put into itself again and again', () => {
    let list: Value = ['x']
    const grow = () => {
      for (let n = 0; n < 40; n++) list = evaluate('[l, l]', { ...values, l: list })
    }
    expect(fault(grow)).toBe('expressionFailed')
  })
})

it('gives whole numbers and decimals alike as plain numbers', () => {
  expect(typeof evaluate('1 + 1')).toBe('number')
  expect(evaluate('[1, 2].map(x, x * 2)')).toEqual([2, 4])
  expect(evaluate('{"a": 1}')).toEqual({ a: 1 })
})

it('tells which variables it reads, each once', () => {
  expect(parse('n > 1 && t == "a" ? n : 2.0').reads).toEqual(['n', 't'])
  expect(parse('caller.name').reads).toEqual(['caller'])
  expect(parse('1 + 1').reads).toEqual([])
})

it('does not let a flow redeclare who calls', () => {
  const own = expressions({ caller: { type: 'number' } })
  expect(own.parse('caller.name').type).toBe('string')
})

it.each<[string, string[]]>([
  ['"a"', ['text', 'digits', 'phone', 'secret']],
  ['1', ['number']],
  ['n * 2', ['number']],
  ['5 / n', ['number']],
  ['b', ['boolean']],
  ['[1]', ['list']],
  ['{"a": 1}', ['user', 'object']],
  ['u', ['user', 'object']],
  ['o.k', ['text', 'number', 'boolean', 'digits', 'phone', 'user', 'list', 'object', 'secret']],
  ['null', []],
])('%s can be kept only in a variable that can hold it', (source, types) => {
  const expression = parse(source)
  expect(valueTypes.filter((type) => canAssign(type, expression))).toEqual(types)
})

describe('who forwarded the call', () => {
  const transferor = { id: 'lee', name: 'Lee Gu', phone: '' }
  it('is read by name, and checked like the people on the line', () => {
    const { parse } = expressions({})
    expect(parse('call.transferor.name + "!"').evaluate({ call: { transferor } })).toBe('Lee Gu!')
    expect(() => parse('call.transferor.age')).toThrow()
    expect(() => parse('call.duration')).toThrow()
  })

  it('gives way to a variable of that name, which a flow of before may have', () => {
    const { parse } = expressions({ call: { type: 'text' } })
    expect(parse('call + "!"').evaluate({ call: 'first' })).toBe('first!')
    expect(() => parse('call.transferor.name')).toThrow()
  })
})
