import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import * as z from 'zod'
import { type Footprint, footprintOf } from './footprint.ts'

/** The name under which `communications/` is a package. */
export const packageName = 'teams-calls-client'

export type ClientPackage = {
  tarball: string
  packedBytes: number
  unpackedBytes: number
  files: string[]
  /** Names and version ranges. */
  dependencies: Record<string, string>
  /** All that an installation of the dependencies brings. */
  footprint: Footprint
}

const houseManifest = z.object({
  version: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
})
type House = z.output<typeof houseManifest>

/** What `npm pack --json` says. */
const packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
])

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  declaration: true,
  skipLibCheck: true,
  noEmitOnError: true,
}

/**
 * Makes the package of communications/ in `target`, which is emptied first, and its tarball beside it. Nothing is fetched.
 * Throws Error when the sources do not compile, or import a package that the house does not have.
 */
export function buildClientPackage(root: string, target: string): ClientPackage {
  const folder = join(target, 'package')
  const house = houseManifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  rmSync(target, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Below the root, where TypeScript finds the packages that they import.
  mkdirSync(join(root, 'build'), { recursive: true })
  const flat = mkdtempSync(join(root, 'build', 'client-sources-'))
  const sources = flatten(root, flat)
  const dependencies = rangesOf(packagesOf(sources), house)
  compile(sources, flat, join(folder, 'dist'))
  rmSync(flat, { recursive: true })
  for (const page of ['README.md', 'CHANGELOG.md']) cpSync(join(root, 'communications', page), join(folder, page))
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(house, dependencies), null, 2)}\n`)
  return { ...pack(folder, target), dependencies, footprint: footprintOf(Object.keys(dependencies), root) }
}

const importOfOurs = /(['"])(?:\.{1,2}|#ground)\/(?:\w+\/)*(\w+\.ts)\1/g

/**
 * The sources side by side in one folder, with what they need of ground/: the package's modules are named by their files alone
 * (`teams-calls-client/call`), in whatever folder of this repository they lie. Throws Error when two files have one name.
 */
function flatten(root: string, folder: string): string[] {
  const files = ['communications', 'ground'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'))
      .map((name) => join(root, room, name)),
  )
  const byName = new Map(files.map((file) => [basename(file), file]))
  if (byName.size < files.length) throw new Error('Two files of communications/ and ground/ have the same name.')
  const taken = new Map<string, string>()
  const take = (name: string): void => {
    const file = byName.get(name)
    if (taken.has(name) || !file) return
    const text = readFileSync(file, 'utf8').replace(importOfOurs, '$1./$2$1')
    taken.set(name, join(folder, name))
    writeFileSync(join(folder, name), text)
    for (const [, , other] of text.matchAll(importOfOurs)) if (other) take(other)
  }
  for (const file of files) if (!file.startsWith(join(root, 'ground'))) take(basename(file))
  return [...taken.values()]
}

const manifestOf = ({ version, license, engines }: House, dependencies: Record<string, string>) => ({
  name: packageName,
  version,
  description: 'Microsoft Graph cloud communications for Node: call, answer, speak and hear keys in Microsoft Teams.',
  license,
  type: 'module',
  // For TypeScript's `moduleResolution: node10`, which does not know `exports`: whole, and by its parts.
  main: './dist/index.js',
  types: './dist/index.d.ts',
  typesVersions: { '*': { 'dist/*': ['dist/*'], '*': ['dist/*.d.ts'] } },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './*': { types: './dist/*.d.ts', default: './dist/*.js' },
  },
  files: ['dist', 'CHANGELOG.md'],
  sideEffects: false,
  engines,
  dependencies,
  // Its types, and those of undici, speak of Node's own.
  peerDependencies: { '@types/node': '>=20' },
  peerDependenciesMeta: { '@types/node': { optional: true } },
})

function pack(folder: string, target: string) {
  const said = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', target, folder],
    { cwd: target, encoding: 'utf8', shell: process.platform === 'win32' }, // where npm is a batch file
  )
  const [{ filename, size, unpackedSize, files }] = packed.parse(JSON.parse(said))
  return {
    tarball: join(target, filename),
    packedBytes: size,
    unpackedBytes: unpackedSize,
    files: files.map(({ path }) => path),
  }
}

const rangesOf = (names: string[], { dependencies }: House): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const version = dependencies[name]
      if (version) return [name, `^${version}`]
      throw new Error(`communications/ imports ${name}, which package.json does not list under dependencies.`)
    }),
  )

/** The packages that the files import, by name, in alphabetical order. */
function packagesOf(sources: string[]): string[] {
  const names = sources
    .flatMap((file) => ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(names)].sort()
}

function compile(sources: string[], rootDir: string, outDir: string): void {
  const program = ts.createProgram(sources, { ...compilerOptions, rootDir, outDir })
  const { diagnostics } = program.emit(undefined, (file, text, mark) =>
    // TypeScript leaves the extensions of declarations as they are.
    ts.sys.writeFile(file, file.endsWith('.d.ts') ? withJsExtensions(text) : text, mark),
  )
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (problems.length === 0) return
  throw new Error(
    ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(problems), {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => rootDir,
      getNewLine: () => '\n',
    }),
  )
}

const withJsExtensions = (declarations: string): string =>
  declarations.replace(/((?:from|import)\s*\(?\s*['"]\.[^'"]*)\.ts(?=['"])/g, '$1.js')
