import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

const anybody = () => true

it('gives each who waits a turn, and keeps the order of each', () => {
  const turns = createTurns<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) turns.add(item.charAt(0), item)
  expect(Array.from({ length: 6 }, () => turns.take(anybody))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  expect(turns.take(anybody)).toBeUndefined()
})

it('passes over who may not go on, who stays first in line', () => {
  const turns = createTurns<string>()
  for (const item of ['a1', 'b1', 'b2']) turns.add(item.charAt(0), item)
  expect(turns.take((who) => who !== 'a')).toBe('b1')
  expect(turns.take(anybody)).toBe('a1')
  expect(turns.take(() => false)).toBeUndefined()
  expect(turns.size).toBe(1)
})

it('loses nothing, gives nothing twice, and makes nobody wait for more than one of each other', () => {
  const asked = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()), { maxLength: 60 })
  fc.assert(
    fc.property(asked, (list) => {
      const turns = createTurns<{ who: string; id: number }>()
      const items = list.map(([who], id) => ({ who, id }))
      for (const item of items) turns.add(item.who, item)
      const called = items.filter((_, n) => list[n]?.[1])
      for (const item of called) {
        expect(turns.remove(item.who, item)).toBe(true)
        expect(turns.remove(item.who, item)).toBe(false)
      }
      const left = items.filter((item) => !called.includes(item))
      expect(turns.size).toBe(left.length)
      const given = left.map(() => turns.take(anybody))
      expect(new Set(given)).toEqual(new Set(left))
      const first = (who: string) => given.findIndex((item) => item?.who === who)
      for (const who of new Set(left.map((item) => item.who))) expect(first(who)).toBeLessThan(4)
    }),
  )
})
