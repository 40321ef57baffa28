import { describe, expect, it } from 'vitest'
import { budgetLimits, openBudget } from './budget.ts'
import { FlowError } from './error.ts'
import { expressions } from './expression.ts'
import { alike, busy, calling, otherwise, reaching, searching } from './testing/expressionAttacks.ts'
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

it.each(searching)('%s is cut off before it has taken long', (source) => {
  const response = { status: 200, headers: {}, body: alike }
  const expression = parse(source, ['response'])
  const { user } = process.cpuUsage()
  expect(() => expression.evaluate({ ...values, response }, { left: budgetLimits.answer })).toThrow('tooMuch')
  // 40 ms are meant, and a second or more is what they took. In processor time: neighbours do not count.
  expect((process.cpuUsage().user - user) / 1000).toBeLessThan(400)
})

it.each([
  'response.body.names.exists(x, response.body.text.contains("b"))',
  'response.body.words.exists(x, response.body.page.contains(x))',
  'response.body.words.exists(x, x.indexOf("name") < 0)',
  'response.body.page.split("xyz").size() > 1',
])('%s means well, and is not', (source) => {
  const words = Array.from({ length: 100 }, (_, n) => `the name of number ${n}`)
  const response = {
    status: 200,
    headers: {},
    body: { text: 'a'.repeat(2_000), names: words, words, page: 'x'.repeat(2_000) },
  }
  expect(parse(source, ['response']).evaluate({ ...values, response }, openBudget())).toBe(false)
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
