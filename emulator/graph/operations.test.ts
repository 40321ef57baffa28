import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contractIsThere, readContract } from '../testing/testContract.ts'
import { operations, operationsByFile } from './operations.ts'

it('stands in README.md, file by file', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const rows = Object.entries(operationsByFile).map(([file, list]) => {
    const names = new Set(list.map(({ operation }) => `\`${operation}\``))
    return `| \`${file}.ts\` | ${[...names].join(', ')} |`
  })
  const table = readme
    .split('\n')
    .filter((line) => /^\| `\w+\.ts` *\| `/.test(line))
    .map((line) => line.replaceAll(/ +\|/g, ' |'))
  expect(table).toEqual(rows)
})

it('answers no request twice', () => {
  const requests = operations.flatMap(({ method, paths }) => paths.map((path) => `${method} ${path}`))
  expect(requests).toEqual([...new Set(requests)])
})

describe.runIf(contractIsThere)('compared with the contract', () => {
  type Documented = { name: string; version: string; method: string; path: string }
  // Recordings are fetched where the service says, and not below /v1.0 (recordingDownload.ts).
  const documented: Documented[] = contractIsThere
    ? readContract('operations.json').filter(
        ({ name, version }: Documented) => version === 'v1.0' && name !== 'recording-download',
      )
    : []
  const shapeOf = (path: string) => path.replaceAll(/\{\w+\}|:\w+/g, '…')

  it('has every operation of it, and no other', () => {
    // The record is of cloud communications; of the directory we serve what says whom one can call.
    const { users: _, ...communications } = operationsByFile
    const names = new Set(Object.values(communications).flatMap((list) => list.map(({ operation }) => operation)))
    expect([...names].sort()).toEqual(documented.map(({ name }) => name).sort())
  })

  it.each(documented)('has $name where it is documented', ({ name, method, path }) => {
    const places = operations
      .filter(({ operation }) => operation === name)
      .flatMap((one) => one.paths.map((there) => `${one.method} ${shapeOf(there)}`))
    expect(places).toContain(`${method} ${shapeOf(path)}`)
  })
})
