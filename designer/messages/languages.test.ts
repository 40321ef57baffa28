import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AnotherLanguage } from './translation.ts'

it('another language may have any part of the texts, and no slip in a key', () => {
  const some: AnotherLanguage = { calls: { list: 'Appels', running: (count) => `${count} appels` } }
  // @ts-expect-error: there is no such text
  const slip: AnotherLanguage = { calls: { titel: 'Appels' } }
  expect([some, slip]).toHaveLength(2)
})

it('nobody takes a text from a language by its name', () => {
  const root = join(import.meta.dirname, '..', '..')
  const strays = ['designer', 'app'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('messages'))
      .filter((file) => /(\.|designer)\/messages\/[a-z]{2}[./]/.test(readFileSync(join(root, room, file), 'utf8')))
      .map((file) => `${room}/${file}`),
  )
  expect(strays).toEqual([])
})
