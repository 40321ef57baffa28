import { expect, it } from 'vitest'
import { kinds } from '#flow/kinds.ts'
import { iconNamed, isDrawn } from './icons.tsx'

it('every kind of block has a drawing of its own', () => {
  expect(kinds.map(({ icon }) => icon).filter((icon) => !isDrawn(icon))).toEqual([])
})

it('an icon that is not drawn becomes a neutral one', () => {
  expect(iconNamed('constructor')).toBe('info')
})
