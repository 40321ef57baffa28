import { expect, it } from 'vitest'
import { expressions } from '../expression.ts'
import type { Flow } from '../flow.ts'
import { exampleOf } from './example.ts'

const variables: Flow['variables'] = {
  city: { type: 'text' },
  street: { type: 'text', initial: 'Main Street' },
  entry: { type: 'digits', initial: '' },
  tries: { type: 'number', initial: 0 },
  order: { type: 'object' },
}
const surroundings = { variables, parse: expressions(variables).parse }

it.each([
  ['Hello.', 'Hello.'],
  ['From ${city}, ${street}.', 'From city, Main Street.'],
  ['Number ${entry}, ${tries}', 'Number 1 2 3 4 5, 3'],
  ['Hello ${caller.name}, ${caller.phone}', 'Hello Adele Vance, plus 1 4 2, 5 5 5, 5 0 1, 4 2'],
  ['${money(12.5, "EUR")} of ${order.total}', '12.50 EUR of …'],
  ['${nobody} and ${1 / 0} and $${city}', '… and … and ${city}'],
  ['${position} of ${count}: ${item}, ${item.name}', '1 of 3: item, …'],
  ['${', ''],
])('%j may be heard as %j', (text, heard) =>
  expect(exampleOf(text, surroundings, ['item', 'position', 'count'])).toBe(heard),
)
