import { expect, it } from 'vitest'
import { fractionOf } from './random.ts'

it('gives the same fraction for the same parts on every machine', () => {
  expect(fractionOf('seed', 1, 'a')).toBe(fractionOf('seed', 1, 'a'))
  expect(fractionOf('a', 'bc')).not.toBe(fractionOf('ab', 'c'))
})

it('spreads evenly, also over parts that differ in one number', () => {
  const counts = new Array(10).fill(0)
  for (let n = 0; n < 20_000; n += 1) counts[Math.floor(fractionOf('seed', 'rule', n, 'call', 1) * 10)] += 1
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
})
