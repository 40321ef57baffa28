import { expect, it } from 'vitest'
import { inOnePiece, newId } from './onePiece.ts'

it('is the same text, and a random one', () => {
  expect(inOnePiece('/communications/calls/57DAB8B1-894c-409a'.slice(22))).toBe('57DAB8B1-894c-409a')
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(newId()).not.toBe(newId())
})
