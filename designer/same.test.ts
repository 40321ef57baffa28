import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { same } from './same.ts'

it('says of plain data what their texts say', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(same(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      expect(same(a, structuredClone(a))).toBe(true)
    }),
  )
})

it.each([
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, { b: undefined }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [null, {}],
])('tells %j from %j', (a, b) => {
  expect(same(a, b)).toBe(false)
})
