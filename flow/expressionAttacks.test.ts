import { describe, expect, it } from 'vitest'
import { openBudget } from './budget.ts'
import { FlowError } from './error.ts'
import { expressions } from './expression.ts'
import type { Variables } from './values.ts'

/** Goal S7: attempts to get out of the variables, and to keep a process busy. Each is refused, fails, or finds nothing. */

const { parse } = expressions({
  t: { type: 'text' },
  l: { type: 'list' },
  o: { type: 'object' },
  u: { type: 'user' },
  s: { type: 'secret' },
})
const person = { id: 'me', name: 'Grady', phone: '' }
const values: Variables = {
  t: 'a'.repeat(1000),
  l: Array.from({ length: 100 }, (_, n) => `${n}`),
  o: { k: 1, inner: { deep: 'yes' } },
  u: { id: 'x', name: 'Adele' },
  s: 'secret',
  caller: person,
  called: person,
  env: { base: 'https://a.example.com' },
  response: { status: 200, headers: { a: 'b' }, body: { a: [1] } },
}

/** What came of it: its value, or how the product has said no. Whatever else is thrown is a hole. */
function attempt(source: string): unknown {
  const budget = openBudget()
  try {
    const value = parse(source, ['response']).evaluate(values, budget)
    // Nothing but plain data ever comes out.
    expect(JSON.parse(JSON.stringify(value))).toEqual(value)
    return value
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    expect(['expressionRefused', 'expressionFailed', 'tooMuch']).toContain(error.code)
    return error.code
  }
}

const refusals = ['expressionRefused', 'expressionFailed', 'tooMuch']
const inherited = [
  ...['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
  ...['__defineGetter__', '__defineSetter__', '__lookupGetter__', 'toLocaleString', 'call', 'apply', 'arguments'],
]
const subjects = [
  'o',
  'o.inner',
  'u',
  'caller',
  'env',
  'response',
  'response.body',
  'response.headers',
  '{"a": 1}',
  'l',
  't',
  's',
]
const reaching = subjects.flatMap((subject) =>
  inherited.flatMap((name) => [`${subject}.${name}`, `${subject}["${name}"]`, `${subject}.${name}("return process")`]),
)
const globals = [
  ...[
    'globalThis',
    'global',
    'window',
    'self',
    'process',
    'require',
    'module',
    'exports',
    'eval',
    'Function',
    'Reflect',
  ],
  ...[
    'Proxy',
    'Object',
    'Array',
    'String',
    'Symbol',
    'Buffer',
    'WebAssembly',
    'fetch',
    'setTimeout',
    'queueMicrotask',
    'console',
    'undefined',
  ],
]
const calling = globals.flatMap((name) => [name, `${name}("1")`, `${name}.constructor`, `[${name}]`])
const otherwise = [
  ...[
    'this',
    'this.constructor',
    'new Date()',
    '`${t}`',
    'function() {}',
    '() => 1',
    'async () => 1',
    'var a = 1',
    't = "b"',
    'o.k = 2',
  ],
  ...[
    'import("node:fs")',
    'o?.constructor',
    'o.?constructor',
    'o[?"constructor"]',
    '1; 2',
    't, s',
    '/a/',
    '/(a+)+$/.test(t)',
    '"\\u0000".constructor',
  ],
  ...[
    '"".at(0)',
    '"a".repeat(100000)',
    't.replace("a", "b").constructor',
    'type(o).constructor',
    'dyn(o).constructor',
    'string(o)',
    'bytes(o)',
  ],
  ...['o.constructor.constructor("return 1")()', 'l.map(x, x.constructor)', 'l.exists(__proto__, true)'],
  ...[
    'o.map(k, o[k].constructor)',
    '{"__proto__": {"a": 1}}.a',
    '{"constructor": 1}.constructor.constructor',
    'has(o.__proto__.polluted)',
  ],
  ...[
    'response.body.polluted',
    'response.body.__proto__.polluted',
    'response["__proto__"]["polluted"]',
    'cel.bind(x, o, x.constructor)',
  ],
]
const busy = [
  ...['t.matches("^(a+)+$")', 't.matches("(a|a)*b")', '"aaaa".matches(t)', 't.split("").map(a, t.split("").map(b, b))'],
  'l.map(a, l.map(b, l.map(c, a + b + c)))',
  'l.all(a, l.all(b, l.all(c, a != b && b != c)))',
  'l.filter(a, l.exists(b, l.exists(c, a == c)))',
  ...['(', '[', '!', '-', '{"a": '].map((open) => open.repeat(900)),
  ...['(', '[', '!', '-'].map((open) => open.repeat(100_000)),
  ...[
    `${'('.repeat(400)}1${')'.repeat(400)}`,
    `${'['.repeat(400)}${']'.repeat(400)}`,
    `o${'.inner'.repeat(150)}`,
    `o${'["inner"]'.repeat(90)}`,
  ],
  ...[Array(199).fill('t').join('+'), Array(60).fill('l').join('+'), `size(${Array(50).fill('l').join('+')}) > 0`],
  ...[
    'duration(t)',
    'timestamp(t)',
    'int(t)',
    'double(t)',
    '9223372036854775807 * 9223372036854775807',
    '1e308 * 1e308',
    '1 / 0',
    '"x".lastIndexOf(t)',
  ],
  ...[
    'l.map(x, timestamp("2026-01-01T00:00:00Z").getHours("Europe/Berlin"))',
    'l.map(x, l + l + l + l + l + l + l + l)',
  ],
]

it('are two hundred and more', () => {
  const all = [...reaching, ...calling, ...otherwise, ...busy]
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(200)
})

describe('what every object inherits is not there', () => {
  it.each(reaching)('%s', (source) => expect(refusals).toContain(attempt(source)))
})

describe('what the machine has is not there', () => {
  it.each(calling)('%s', (source) => expect(refusals).toContain(attempt(source)))
})

it.each(otherwise)('%s gives nothing away', (source) => {
  const came = attempt(source)
  // The last are of a record that the author wrote, which has what it says.
  expect([...refusals, false, 1, 'yes']).toContain(came)
})

it.each(busy)('%s comes to an end', (source) => {
  attempt(source)
})

it('a service that answers with __proto__ has sent a field like any other', () => {
  const response = { status: 200, headers: {}, body: JSON.parse('{"__proto__":{"polluted":true}}') }
  expect(parse('response.body["__proto__"].polluted', ['response']).evaluate({ ...values, response })).toBe(true)
  expect(Object.getPrototypeOf(response.body)).toBe(Object.prototype)
})

it('has left nothing behind', () => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
})
