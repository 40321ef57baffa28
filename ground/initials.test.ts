import { expect, it } from 'vitest'
import { initialsOf } from './initials.ts'

it.each([
  ['Local user', 'LU'],
  ['Marta da Silva', 'MS'],
  ['Cher', 'C'],
  ['😀smile 𝒲ang', '😀𝒲'],
  ['  ', ''],
])('the initials of %j are %j', (name, initials) => expect(initialsOf(name)).toBe(initials))
