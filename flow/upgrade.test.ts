import { expect, it } from 'vitest'
import { frontDesk } from './sample.ts'
import { upgraded } from './upgrade.ts'

const steps = {
  1: ({ title, ...document }: Readonly<Record<string, unknown>>) => ({ ...document, name: title }),
  2: (document: Readonly<Record<string, unknown>>) => ({ ...document, language: 'en-US' }),
}

it('leads a document of any earlier version to the current one, step by step', () => {
  const current = { schemaVersion: 3, name: 'Desk', language: 'en-US' }
  expect(upgraded({ schemaVersion: 1, title: 'Desk' }, 3, steps)).toEqual(current)
  expect(upgraded({ schemaVersion: 2, name: 'Desk' }, 3, steps)).toEqual(current)
  expect(upgraded(current, 3, steps)).toBe(current)
})

it.each([[{ schemaVersion: 0 }], [{ schemaVersion: 9 }], [{ schemaVersion: '1' }], [null], ['text'], [[]]])(
  'leaves %j as it is: no step begins there',
  (value) => expect(upgraded(value, 3, steps)).toBe(value),
)

it('leaves what is of the current version alone', () => expect(upgraded(frontDesk, 1)).toBe(frontDesk))
