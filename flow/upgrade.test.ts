import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleVersion, readBundle, writeBundle } from './bundle.ts'
import { check } from './check.ts'
import { compile } from './compile.ts'
import { schemaVersion } from './flow.ts'
import { frontDesk } from './sample.ts'
import { upgraded } from './upgrade.ts'

const steps = {
  1: ({ title, ...document }: Readonly<Record<string, unknown>>) => ({ ...document, name: title }),
  2: (document: Readonly<Record<string, unknown>>) => ({ ...document, language: 'en-US' }),
}

it('leads a document of any earlier version to the current one, step by step', () => {
  const current = { schemaVersion: 3, name: 'Desk', language: 'en-US' }
  expect(upgraded({ schemaVersion: 1, title: 'Desk' }, 3, steps)).toEqual(current)
  expect(upgraded({ schemaVersion: 2, name: 'Desk' }, 3, steps)).toEqual(current)
  expect(upgraded(current, 3, steps)).toBe(current)
})

it.each([[{ schemaVersion: 0 }], [{ schemaVersion: 9 }], [{ schemaVersion: '1' }], [null], ['text'], [[]]])(
  'leaves %j as it is: no step begins there',
  (value) => expect(upgraded(value, 3, steps)).toBe(value),
)

it('leaves what is of the current version alone', () => expect(upgraded(frontDesk, 1)).toBe(frontDesk))

/** Files as earlier versions of this program wrote them: `flow-<version>.<name>.json`, `bundle-<version>.<name>.json`. None is ever changed. */
describe('files that were written before', () => {
  const folder = join(import.meta.dirname, 'testing', 'written')
  const names = readdirSync(folder)
  const textOf = (name: string) => readFileSync(join(folder, name), 'utf8')
  const read = (text: string) => readBundle(JSON.parse(text))

  it('are there for every version', () => {
    const versions = (kind: string) => new Set(names.flatMap((name) => name.match(`^${kind}-(\\d+)\\.`)?.[1] ?? []))
    const all = (last: number) => new Set(Array.from({ length: last }, (_, n) => `${n + 1}`))
    expect([versions('flow'), versions('bundle')]).toEqual([all(schemaVersion), all(bundleVersion)])
  })

  it.each(names)(
    '%s is led to the current version, can be checked and run, and is saved as the same bytes again',
    (name) => {
      const before = textOf(name)
      const { flow } = read(before)
      expect(flow.schemaVersion).toBe(schemaVersion)
      expect(() => [check(flow), compile(flow)]).not.toThrow()
      const after = writeBundle(read(before))
      expect(writeBundle(read(after))).toBe(after)
      // The very first wrote the keys of a block in another order.
      if (name !== 'flow-1.first.json') expect(after).toBe(before)
    },
  )

  it.each(names.filter((name) => /first|desk/.test(name) && name.startsWith('flow')))(
    '%s can be published as it is',
    (name) => {
      expect(check(read(textOf(name)).flow).filter(({ severity }) => severity === 'error')).toEqual([])
    },
  )
})
