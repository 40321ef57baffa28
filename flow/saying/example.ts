import { FlowError } from '../error.ts'
import type { Declarations, Expression } from '../expressionFacts.ts'
import { readText } from '../text.ts'
import type { Value, ValueType, Variables } from '../values.ts'
import { readerOf } from './readers.ts'
import { readingOf } from './saying.ts'

const samples: Readonly<Record<Exclude<ValueType, 'text' | 'secret'>, Value>> = {
  number: 3,
  boolean: true,
  digits: '12345',
  phone: '+14255550142',
  user: { id: '', name: 'Adele Vance' },
  list: ['one', 'two', 'three'],
  object: {},
}
const person = { id: '', name: 'Adele Vance', phone: '+14255550142' }
/** Of the names that blocks bring to their prompts; any other is said as it is called. */
const ofBlocks: Variables = { position: 1, count: 3 }

type Surroundings = {
  variables: Declarations
  language?: string
  parse(source: string, names?: readonly string[]): Expression
}

/** A prompt as callers would hear it, with the first values of its variables, or what such a variable may hold. Never throws. */
export function exampleOf(
  text: string,
  { variables, language, parse }: Surroundings,
  names: readonly string[] = [],
): string {
  const values: Record<string, Value> = { caller: person, called: person }
  for (const [name, { type, initial }] of Object.entries(variables)) values[name] = sampleOf(name, type, initial)
  for (const name of names) values[name] = ofBlocks[name] ?? name
  const reader = readerOf(language)
  const filled = (source: string): string => {
    try {
      return readingOf(source, names.includes(source) ? {} : variables, reader)(parse(source, names).evaluate(values))
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      return '…'
    }
  }
  const found: string[] = []
  const noted: Expression = { type: 'dyn', reads: [], readsOpenly: [], cost: 0, evaluate: () => null }
  try {
    const parts = readText(text, (source) => {
      found.push(filled(source))
      return noted
    })
    return parts.map((part) => (typeof part === 'string' ? part : (found.shift() ?? ''))).join('')
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    return ''
  }
}

function sampleOf(name: string, type: ValueType, initial: Value | undefined): Value {
  const isEmpty =
    initial === undefined || initial === '' || initial === 0 || (Array.isArray(initial) && initial.length === 0)
  if (!isEmpty) return initial
  return type === 'text' || type === 'secret' ? name : samples[type]
}
