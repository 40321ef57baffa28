import { expect, it } from 'vitest'
import { BoundedMap } from './boundedMap.ts'

it('keeps what is used rather than what is not', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2)
  expect(map.use('a')).toBe(1)
  expect(map.use('nobody')).toBeUndefined()
  map.set('c', 3)
  expect([...map.keys()]).toEqual(['a', 'c'])
})

it('forgets its oldest entry when it is full, and only then', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('a', 3)
  expect([...map]).toEqual([
    ['a', 3],
    ['b', 2],
  ])
  map.set('c', 4)
  expect([...map.keys()]).toEqual(['b', 'c'])
})
