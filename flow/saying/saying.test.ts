import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlowError } from '../error.ts'
import { expressions } from '../expression.ts'
import type { Flow } from '../flow.ts'
import { inWords } from './inWords.ts'
import { readSaying } from './saying.ts'

const variables: Flow['variables'] = {
  name: { type: 'text' },
  ticket: { type: 'digits' },
  count: { type: 'number' },
  pin: { type: 'secret' },
  order: { type: 'object' },
  items: { type: 'list' },
}
const values = {
  ...{ name: 'Ada', ticket: '4711', count: 3, pin: 'a1', items: ['pen', 'ink'] },
  ...{ order: { id: 'X9', total: 12.5, none: null }, caller: { id: '', name: 'Bo', phone: '+4930123' } },
}
const deps = { variables, parse: expressions(variables).parse }
const pieces = (text: string, given = values) => readSaying(text, deps).fill(given)

describe('a prompt with values', () => {
  it.each<[string, string[]]>([
    ['Your ticket ${ticket} is open.', ['Your ticket', '4 7 1 1', 'is open.']],
    ['Hello ${name}, welcome.', ['Hello', 'Ada,', 'welcome.']],
    ['${name}', ['Ada']],
    ['Call ${caller.phone}', ['Call', 'plus 4 9 3, 0 1 2 3']],
    // Digits that are reckoned with are a text.
    ['Your ticket ${ticket + ""}', ['Your ticket', '4711']],
    ['${digits("22")} and ${spell("ab")}', ['2 2 and A, B']],
    ['It costs ${money(order.total, "EUR")} in all.', ['It costs', '12.50 EUR', 'in all.']],
    ['Due on ${date("2026-11-30")} at ${time("17:30")}.', ['Due on', 'November 30, 2026 at 5:30 PM.']],
    ['You have ${items}.', ['You have', 'pen and ink.']],
    ['Your code is ${aloud(pin)}', ['Your code is', 'A, 1']],
    // What has no space between belongs together, and so do few words between two values.
    ['Up by ${count}% (${count}).', ['Up by', '3% (3).']],
    ['Item ${count} of ${count}: ${name}.', ['Item', '3 of 3: Ada.']],
    [
      'From ${name} whom everybody knows very well to ${name}',
      ['From', 'Ada', 'whom everybody knows very well to', 'Ada'],
    ],
    ['${name}. Next ${name}', ['Ada. Next Ada']],
    ['${name} now. ${name}', ['Ada', 'now.', 'Ada']],
    // So do titles, units and signs.
    ['Dr. ${name} is ${count} km away – ${count} – or so', ['Dr. Ada is 3 km away – 3 –', 'or so']],
    // Nothing to say of it.
    ['Hello ${order.none} there', ['Hello', 'there']],
    ['${order.none}', []],
    ['(${order.none})', []],
    ['A price of $${5} only', ['A price of ${5} only']],
  ])('%s', (text, expected) => expect(pieces(text)).toEqual(expected))

  it('has all that is known from the start as it will be said', () => {
    const saying = readSaying('Hello ${name}, your ticket ${ticket} is open.', deps)
    expect(saying.constants).toEqual(['Hello', 'is open.'])
    expect(saying.fill(values)).toEqual(['Hello', 'Ada, your ticket 4 7 1 1', 'is open.'])
  })

  it('knows what it reads, and what of that is not allowed to be heard whatever it holds', () => {
    const { reads, readsOpenly, cost } = readSaying('${name} ${aloud(pin)} ${aloud(ticket) + ticket}', deps)
    expect([new Set(reads), new Set(readsOpenly)]).toEqual([
      new Set(['name', 'pin', 'ticket']),
      new Set(['name', 'ticket']),
    ])
    expect(cost).toBeGreaterThan(0)
  })

  it.each(['${order.nothing}', '${order}', '${1 / 0}', '${date(name)}', '${digits(name)}'])('fails by %s', (text) =>
    expect(() => pieces(text)).toThrow(FlowError),
  )

  it('refuses a value that would keep callers waiting until it is spoken', () => {
    expect(pieces('${name}', { ...values, name: 'x'.repeat(500) })).toHaveLength(1)
    expect(() => pieces('${name}', { ...values, name: 'x'.repeat(501) })).toThrow('too long')
    const four = 'One ${name} two ${name} three ${name} four ${name}'
    expect(() => pieces(four, { ...values, name: 'x'.repeat(400) })).toThrow('too long')
  })

  const bare = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '')
  const word = fc.stringMatching(/^[a-zA-Z,.!?-]{1,9}$/)
  const between = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '))
  const part = fc.record({
    before: between,
    glue: fc.constantFrom(' ', '', ', ', '. '),
    value: fc.string({ maxLength: 20 }),
  })

  it('is its pieces put together, for all texts and values, and they are spoken in order, at most 20 in a request', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 45 }), between, (parts, last) => {
        const names = Object.fromEntries(parts.map(({ value }, n) => [`v${n}`, value.replace(/\s+/g, ' ').trim()]))
        const declared = Object.fromEntries(Object.keys(names).map((name) => [name, { type: 'text' as const }]))
        const text = `${parts.map(({ before, glue }, n) => `${before}${glue}\${v${n}}`).join(' ')} ${last}`
        const filled = `${parts.map(({ before, glue }, n) => `${before}${glue}${names[`v${n}`]}`).join(' ')} ${last}`
        const saying = readSaying(text, { variables: declared, parse: expressions(declared).parse })
        const said = saying.fill(names)
        expect(bare(said.join(' '))).toBe(bare(filled))
        // Only values are left for the call.
        const rest = new Set(saying.constants)
        for (const piece of said.filter((one) => !rest.has(one))) expect(bare(piece)).not.toBe('')

        const asks = inWords([{ type: 'play', prompts: [text] }], new Map([[text, saying]]), names, { left: 1e9 })
        const plays = asks.flatMap((ask) => (ask.type === 'play' ? [ask] : []))
        expect(plays.flatMap(({ prompts }) => prompts)).toEqual(said)
        plays.forEach(({ prompts, more, behind, fresh }, n) => {
          expect(prompts.length).toBeLessThanOrEqual(20)
          expect([more ?? false, fresh]).toEqual([n < plays.length - 1, true])
          expect(behind ?? []).toEqual(said.slice(0, 20 * n))
        })
      }),
      { numRuns: 300 },
    )
  })
})
