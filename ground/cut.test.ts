import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut } from './cut.ts'

const family = '👩‍👩‍👧‍👦' // eleven units, four people

it.each([
  ['shorter than the limit', 'abc', 5, 'abc'],
  ['as long as the limit', 'abcde', 5, 'abcde'],
  ['longer', 'abcdef', 5, 'abcde'],
  ['the limit halves an emoji', 'abcd😀', 5, 'abcd'],
  ['the limit is just behind an emoji', 'abc😀def', 5, 'abc😀'],
  ['the limit falls into a family', `ab${family}`, 9, 'ab'],
  ['the limit falls into a flag', 'ab🇳🇱', 4, 'ab'],
  ['an accent of its own', 'abcde\u0301f', 5, 'abcd'],
  ['nothing but one sign that is too long', `e${'\u0301'.repeat(10)}`, 5, `e${'\u0301'.repeat(4)}`],
  ['nothing but half of the first', '😀', 1, ''],
  ['no room at all', 'abc', 0, ''],
])('cuts between signs: %s', (_, text, most, expected) => {
  expect(cut(text, most)).toBe(expected)
})

it('gives a beginning of the text, well-formed if the text is, and within the limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(60), (text, most) => {
      const start = cut(text, most)
      expect(text.startsWith(start)).toBe(true)
      expect(start.length).toBeLessThanOrEqual(most)
      expect(() => encodeURIComponent(start)).not.toThrow()
    }),
  )
})
