import { expect, it } from 'vitest'
import { marked } from './marked.ts'

it.each([
  ['Lena Hofer', 'hof', ['Lena ', 'Hof', 'er']],
  ['Lena Hofer', ' LENA ', ['', 'Lena', ' Hofer']],
  ['Lena Hofer', 'lena h', ['', 'Lena H', 'ofer']],
  ['Rolf van der Hoff', 'ho', ['Rolf van der ', 'Ho', 'ff']],
  ['Pat O’Hara', 'hara', ['Pat O’', 'Hara', '']],
  ['Lena Hofer', 'ofer', ['Lena Hofer', '', '']],
  ['Lena Hofer', 'lena@contoso', ['Lena Hofer', '', '']],
  ['Lena Hofer', '', ['Lena Hofer', '', '']],
  ['İnci Öz', 'öz', ['İnci Öz', '', '']],
])('in %s, looked for by “%s”', (name, wanted, parts) => expect(marked(name, wanted)).toEqual(parts))
