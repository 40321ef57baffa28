import { expect, test } from 'vitest'
import { complete, completionsAt } from './completion.ts'
import { expressions } from './expression.ts'
import type { ValueType } from './values.ts'

const declared = (type: ValueType) => ({ type })
const variables = {
  ticket: declared('text'),
  tries: declared('number'),
  pin: declared('digits'),
  names: declared('list'),
  agent: declared('user'),
}

/** What is offered where `|` stands. */
function offered(
  marked: string,
  more: { more?: string[]; payload?: string[]; inText?: boolean } = {},
): string[] | undefined {
  const at = marked.indexOf('|')
  const found = completionsAt(marked.replace('|', ''), at, { variables, ...more })
  return found?.options.map(({ text }) => text)
}

test.each([
  ['t|', ['ticket', 'tries', 'time()']],
  ['1 + tri|', ['tries']],
  ['TI|', ['ticket', 'time()']],
  ['tries|', null],
  ['caller.|', ['name', 'phone', 'id']],
  ['call.|', ['transferor', 'id']],
  ['call.transferor.p|', ['phone']],
  ['agent.|', ['name', 'id']],
  ['ticket.starts|', ['startsWith()']],
  ['caller.name.con|', ['contains()']],
  ['names.fil|', ['filter()']],
  ['tries.|', null],
  ['unknown.|', null],
  ['"t|', null],
  ["ticket == 't|", null],
  ['ticket == "\\"t|', null],
  ['ticket == "a" && t|', ['ticket', 'tries', 'time()']],
  ['12t|', null],
  ['size(names).t|', null],
  ['names[0].n|', null],
])('at %s %j is offered', (marked, options) => {
  expect(offered(marked)).toEqual(options ?? undefined)
})

test('of a block names that only its own texts may speak of', () => {
  expect(offered('it|', { more: ['item'] })).toEqual(['item'])
  expect(offered('it|')).toBeUndefined()
  expect(offered('response.|', { more: ['response'] })).toEqual(['body', 'status', 'headers'])
})

test('of a payload what the flow declares, and nothing where it declares none', () => {
  const payload = ['order', 'count']
  expect(offered('trig|', { payload })).toEqual(['trigger'])
  expect(offered('trigger.|', { payload })).toEqual(['data'])
  expect(offered('trigger.data.o|', { payload })).toEqual(['order'])
  expect(offered('trig|')).toBeUndefined()
  expect(offered('trigger.|')).toBeUndefined()
})

test('in a text only what stands in ${…} is completed', () => {
  expect(offered('Hello t|', { inText: true })).toBeUndefined()
  expect(offered('Hello ${t|', { inText: true })).toEqual(['ticket', 'tries', 'time()'])
  expect(offered('Hello ${ticket} t|', { inText: true })).toBeUndefined()
  expect(offered('That costs $${t|', { inText: true })).toBeUndefined()
})

test('what is chosen takes the place of what was typed, and the cursor stands in its parentheses', () => {
  const [of, at] = ['a == ti + 1', 7]
  const found = completionsAt(of, at, { variables })
  const [ticket, time] = found?.options ?? []
  if (!found || !ticket || !time) throw new Error('nothing found')
  expect(complete(of, at, found.from, ticket)).toEqual({ source: 'a == ticket + 1', cursor: 11 })
  expect(complete(of, at, found.from, time)).toEqual({ source: 'a == time() + 1', cursor: 10 })
  expect(complete('size(pin)', 4, 0, { kind: 'function', text: 'size()', name: 'size' })).toEqual({
    source: 'size(pin)',
    cursor: 4,
  })
})

/** How each is called; a function that is offered and missing here fails. */
const calls: Record<string, string> = {
  'contains()': 'ticket.contains("a")',
  'startsWith()': 'ticket.startsWith("a")',
  'endsWith()': 'ticket.endsWith("a")',
  'size()': 'names.size() + ticket.size() + size(pin)',
  'trim()': 'ticket.trim()',
  'substring()': 'ticket.substring(0, 1)',
  'split()': 'ticket.split(",")',
  'lowerAscii()': 'ticket.lowerAscii()',
  'upperAscii()': 'ticket.upperAscii()',
  'filter()': 'names.filter(x, x == "a")',
  'map()': 'names.map(x, x)',
  'exists()': 'names.exists(x, x == "a")',
  'all()': 'names.all(x, x == "a")',
  'join()': '["a", "b"].join(",")',
  'digits()': 'digits(pin)',
  'spell()': 'spell(ticket)',
  'money()': 'money(tries, "EUR")',
  'date()': 'date(ticket)',
  'time()': 'time(ticket)',
  'aloud()': 'aloud(pin)',
  'string()': 'string(tries)',
  'int()': 'int(pin)',
  'double()': 'double(pin)',
  'has()': 'has(agent.name)',
}

test('every function that is offered is one of the language', () => {
  const { parse } = expressions(variables)
  const all = ['|', 'ticket.|', 'names.|'].flatMap((place) => offered(place) ?? [])
  for (const name of all.filter((text) => text.endsWith('()'))) {
    expect(() => parse(calls[name] ?? `${name} is not called here`), name).not.toThrow()
  }
})
