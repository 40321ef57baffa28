import * as fc from 'fast-check'

/** What somebody, or a broken program, may have put in the place of any part of a document. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, '', ' ', '\u0000', '\ud800', '__proto__', 'constructor', [], {}),
  fc.constantFrom<unknown>(
    '${',
    '${caller.',
    '1/0',
    '[1].map(x, x)',
    '=1+1',
    '24:00',
    '2026-02-30',
    '+',
    '1'.repeat(2_000),
  ),
  fc.constantFrom(3, 60, 2_000).map((depth): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
  fc.constantFrom(30, 3_000).map((length) => Array.from({ length }, (_, n) => n)),
  fc.jsonValue({ maxDepth: 2 }),
)

const hostileNames = ['__proto__', 'constructor', '', 'a b', 'x'.repeat(200), 'toString']

type Edit = {
  at: number
  how: 'drop' | 'replace' | 'rename' | 'double' | 'cut' | 'swap'
  value: unknown
  name: string
  other: number
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('drop', 'replace', 'replace', 'rename', 'double', 'cut', 'swap'),
  value: hostile,
  name: fc.constantFrom(...hostileNames),
  other: fc.nat(),
})

type Path = readonly string[]
const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Deeper than this nothing of ours goes; what is put in may. */
const deepest = 20
const pathsIn = (value: unknown, path: Path = []): Path[] =>
  isHolder(value) && path.length < deepest
    ? Object.entries(value).flatMap(([key, one]) => [[...path, key], ...pathsIn(one, [...path, key])])
    : []

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((one, key) => (isHolder(one) ? Reflect.get(one, key) : undefined), value)

/** The document with the entry at a path made into others: none, another, or several. */
function changed(
  value: unknown,
  [key = '', ...rest]: Path,
  into: (key: string, value: unknown) => [string, unknown][],
): unknown {
  if (!isHolder(value)) return value
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] =>
    name !== key ? [[name, one]] : rest.length === 0 ? into(name, one) : [[name, changed(one, rest, into)]],
  )
  // `__proto__` becomes an entry like others, as in what was read from JSON.
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries)
}

function edited(document: unknown, { at, how, value, name, other }: Edit): unknown {
  const paths = pathsIn(document)
  const path = paths[at % Math.max(1, paths.length)]
  if (!path) return value
  return changed(document, path, (key, one) => {
    if (how === 'drop') return []
    if (how === 'rename') return [[name, one]]
    if (how === 'double')
      return [
        [key, one],
        [`${key}2`, one],
      ]
    if (how === 'cut') return [[key, typeof one === 'string' ? one.slice(0, other % (one.length + 1)) : [one]]]
    return [[key, how === 'swap' ? valueAt(document, paths[other % paths.length] ?? []) : value]]
  })
}

/** Documents of these, each with one to four of its parts made into something else. */
export const mutated = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(documents, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([document, edits]) => edits.reduce(edited, JSON.parse(JSON.stringify(document))))
