import { expect, it } from 'vitest'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { documentOf, flowOf } from './document.ts'

it('reads a version as it was written', () => {
  expect(flowOf(documentOf(frontDesk).document)).toEqual(frontDesk)
})

it('refuses what a later version wrote, and what is no flow', () => {
  const later = JSON.stringify({ ...emptyFlow('x'), schemaVersion: 2 })
  expect(() => flowOf(later)).toThrow(expect.objectContaining({ code: 'flowTooNew' }))
  for (const document of ['{}', 'null', '[]']) {
    expect(() => flowOf(document)).toThrow(expect.objectContaining({ code: 'flowNotReadable' }))
  }
})
