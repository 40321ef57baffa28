import { expect, it } from 'vitest'
import { storable, storableText } from './storableText.ts'

it('takes out NUL and halves of surrogate pairs, and leaves whole ones', () => {
  expect(storableText('a\0b\ud83dc\udc4dd\ud83d\udc4d')).toBe('abcd\ud83d\udc4d')
  expect(storableText('a\0b', '\ufffd')).toBe('a\ufffdb')
})

it('does so in every text of a value, names included', () => {
  const at = new Date(0)
  expect(storable({ 'n\0ame': ['x\0', 1, null, { inner: '\udc00' }], at })).toEqual({
    name: ['x', 1, null, { inner: '' }],
    at,
  })
})
