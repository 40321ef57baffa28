import { expect, it } from 'vitest'
import { flowLimits } from './flowLimits.ts'
import { freeName, namesLike } from './namesLike.ts'

it('stays within what a name may be, and halves no letter', () => {
  const long = '😀'.repeat(flowLimits.name / 2)
  const shorter = '😀'.repeat(flowLimits.name / 2 - 1)
  const names = namesLike(long)
  const [first, second, third] = [names.next(), names.next(), names.next()].map(({ value }) => value)
  expect([first, second, third]).toEqual([long, `${shorter} 2`, `${shorter} 3`])
})

it.each([
  [[], 'Menu'],
  [['Menu'], 'Menu 2'],
  [['Menu', 'Menu 2', 'Menu 4'], 'Menu 3'],
])('beside %j the first free one is %j', (taken: string[], free) => {
  expect(freeName('Menu', (name) => taken.includes(name))).toBe(free)
})
