import { describe, expect, it } from 'vitest'
import { FlowError } from './error.ts'
import { expressions } from './expression.ts'
import { hasValues, readText } from './text.ts'
import type { Variables } from './values.ts'

const { parse } = expressions({ name: { type: 'text' }, order: { type: 'object' } })
const variables: Variables = { name: 'Ada', order: { id: '}' } }
const filled = (source: string) =>
  readText(source, parse)
    .map((part) => (typeof part === 'string' ? part : `<${part.evaluate(variables)}>`))
    .join('')

describe('a text with values', () => {
  it.each([
    ['Hello.', 'Hello.'],
    ['', ''],
    ['Hello ${name}, welcome.', 'Hello <Ada>, welcome.'],
    ['${name}${ name }', '<Ada><Ada>'],
    ['Braces of its own: ${ {"a": name}.a } end', 'Braces of its own: <Ada> end'],
    ['A brace in a text: ${ order.id + "}" + \'{\' }.', 'A brace in a text: <}}{>.'],
    ['An escaped quote: ${"\\"}" + name}', 'An escaped quote: <"}Ada>'],
    ['It costs $5, or $${name} in full, {so}.', 'It costs $5, or ${name} in full, {so}.'],
    ['Price: $$${name}', 'Price: $${name}'],
  ])('reads %s', (source, expected) => expect(filled(source)).toBe(expected))

  it.each(['${', 'a ${name', '${"}', '${}', '${nobody}', '${name +}'])('refuses %s', (source) =>
    expect(() => readText(source, parse)).toThrow(FlowError),
  )

  it('knows the texts in which something is worked out', () => {
    expect(['Hello.', '$5', '$${name}', '{a}'].filter(hasValues)).toEqual([])
    expect(['${name}', '${', '$${a}${b}'].filter(hasValues)).toHaveLength(3)
  })
})
