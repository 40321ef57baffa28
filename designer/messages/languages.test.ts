import { expect, it } from 'vitest'
import type { AnotherLanguage } from './translation.ts'

it('another language may have any part of the texts, and no slip in a key', () => {
  const some: AnotherLanguage = { calls: { list: 'Appels', running: (count) => `${count} appels` } }
  // @ts-expect-error: there is no such text
  const slip: AnotherLanguage = { calls: { titel: 'Appels' } }
  expect([some, slip]).toHaveLength(2)
})
