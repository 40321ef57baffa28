import { expect, it } from 'vitest'
import { keep } from './keep.ts'

it('keeps those that stay, in their order', () => {
  const list = [1, 2, 3, 4]
  expect(keep(list, (one) => one % 2 === 0)).toEqual([2, 4])
  expect(keep(list, () => true)).toEqual(list)
  expect(keep(list, () => false)).toEqual([])
  expect(list).toEqual([1, 2, 3, 4])
})
