import { execFileSync, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as index from '#communications/index.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { appId, type Line, publicUrl, secret, startLine } from '#emulator/testing/testLine.ts'
import { buildClientPackage, type ClientPackage, packageName } from '#scripts/clientPackage/build.ts'
import { freePort } from '#scripts/start/ports.ts'

/** communications/ as a package, installed where nothing of this repository is in reach but the packages that it depends on. */

const root = join(import.meta.dirname, '..')
const place = mkdtempSync(join(tmpdir(), 'client-package-'))
const installed = join(place, 'node_modules', packageName)
const textOf = (file: string) => readFileSync(join(installed, file), 'utf8')

/** Plain Node, without what helps this test along. */
const plain = { cwd: place, env: { ...process.env, NODE_OPTIONS: '' }, execArgv: [] }

const consumer = `
  import { createClient, createTokens, type GraphError, parseJoinUrl, parseNotifications } from '${packageName}'
  import type { LiveCall } from '${packageName}/call'
  const tokens = createTokens({ appId: '', credential: { secret: '' } })
  const { calls, presence } = createClient({ tokens })
  export const id: Promise<string> = calls.create({ ...parseJoinUrl(''), tenantId: '', callbackUri: '' }).then((call) => call.id)
  export const seen: Promise<string | undefined> = presence.get({ userId: '', tenantId: '' }).then((one) => one.availability)
  export const state = (call: LiveCall): 'incoming' | 'established' | null =>
    call.state === 'incoming' || call.state === 'established' ? call.state : null
  export const gone = (error: GraphError): boolean => error.gone
  const parsed = parseNotifications({})
  // @ts-expect-error The older form has none.
  parsed.notifications
  // @ts-expect-error A call has an id and a tenant.
  void calls.hangUp({ id: '' })`

const blocksOf = (file: string) => [...textOf(file).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')

/** A piece of the README, with what it takes for granted around it. */
function inSurroundings(snippet: string): string {
  const imports = snippet.match(/^import .*$/gm) ?? [
    `import { createTokens, downloadRecording, parseJoinUrl } from '${packageName}'`,
  ]
  return `${imports.join('\n')}
    import type { Calling, LiveCall } from '${packageName}'
    import type { IncomingMessage } from 'node:http'
    declare const appId: string, secret: string, identityId: string, homeTenantId: string, tenantId: string, id: string
    declare const link: string, colleagueId: string, callerId: string
    declare const request: IncomingMessage, body: unknown, tokens: unknown, calling: Calling, call: LiveCall
    declare function reply(status: number): void
    declare function firstTime(callId: string): Promise<boolean>
    export async function use(): Promise<unknown> {
      ${snippet.replace(/^import .*$/gm, '')}
      return tokens
    }`
}

/** How most find the package's modules. */
const byExports: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
}

/** What TypeScript has against files beside the package; writes their JavaScript. No DOM, and the package's types are checked too. */
function compile(texts: Record<string, string>, resolution = byExports): string[] {
  const files = Object.entries(texts).map(([name, text]) => {
    const file = join(place, name)
    writeFileSync(file, text)
    return file
  })
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    typeRoots: [join(place, 'node_modules', '@types')],
    ...resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    outDir: place,
  })
  const { diagnostics } = program.emit()
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(
    ({ file, start, messageText }) =>
      `${file?.fileName} ${start}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  )
}

let made: ClientPackage
let bot: string
let complaints: string[]
beforeAll(() => {
  made = buildClientPackage(root, join(place, 'made'))
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', made.tarball, '-C', installed, '--strip-components=1'])
  for (const name of [...Object.keys(made.dependencies), '@types/node']) {
    const link = join(place, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link, 'junction')
  }
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }')

  const [first = '', ...snippets] = blocksOf('README.md')
  const pieces = snippets.map((snippet, n) => [`snippet${n}.ts`, inSurroundings(snippet)])
  bot = first
  const modules = made.files.flatMap((file) => /^dist\/(\w+)\.js$/.exec(file)?.[1] ?? [])
  const all = modules.map((name) => `export * as ${name} from '${packageName}/${name}'`).join('\n')
  complaints = compile({ 'consumer.ts': consumer, 'all.ts': all, 'bot.ts': bot, ...Object.fromEntries(pieces) })
}, 120_000)
afterAll(() => rmSync(place, { recursive: true, force: true }))

describe('the package', () => {
  it('is imported by plain Node, whole and by its parts, and gives what index.ts gives', () => {
    const script = `
      const whole = await import('${packageName}')
      const { calls } = await import('./all.js')
      if (calls.createCalls !== whole.createCalls) throw new Error('There are two of one.')
      process.stdout.write(JSON.stringify(Object.keys(whole)))`
    const names = execFileSync(process.execPath, ['--input-type=module', '-e', script], { ...plain, encoding: 'utf8' })
    expect(JSON.parse(names).sort()).toEqual(Object.keys(index).sort())
  })

  it('has types that a strict program can use, and so do the pieces of its README', () => {
    expect(blocksOf('README.md').length).toBeGreaterThan(2)
    expect(complaints).toEqual([])
  })

  it('has types also for a program that knows no `exports` (moduleResolution node10)', () => {
    const asBefore = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10 }
    expect(
      compile(
        { 'old.ts': consumer, 'wrong.ts': `import { x } from '${packageName}/call'\nexport const y = x` },
        asBefore,
      ),
    ).toEqual([expect.stringMatching(/wrong\.ts.*has no exported member 'x'/)])
  })

  it.each([
    ['parseJoinUrl', 'joinUrl', 6_000],
    ['parseJoinUrl', '', 6_000],
    ['parseNotifications', 'notifications', 16_000],
    ['describeResult', 'results', 24_000],
    ['cloud', 'clouds', 2_000],
  ])('%s can be had without what it does not need (from "%s")', async (name, file, mostBytes) => {
    const from = file ? `${packageName}/${file}` : packageName
    const { outputFiles, metafile } = await build({
      stdin: { contents: `import { ${name} } from '${from}'\nconsole.log(${name})`, resolveDir: place },
      ...{ bundle: true, minify: true, format: 'esm', platform: 'node', write: false, metafile: true },
    })
    const [output] = Object.values(metafile.outputs)
    const taken = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    expect(
      taken.map(([input]) => input).filter((input) => !input.includes(packageName) && input !== '<stdin>'),
    ).toEqual([])
    expect(outputFiles[0]?.contents.length).toBeLessThan(mostBytes)
  })

  it('holds nothing of this house, of its tests or of this machine', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(installed.length + 1)
          .replaceAll('\\', '/'),
      )
    expect(files.sort()).toEqual(made.files.sort())
    for (const file of files) {
      expect(file).toMatch(/^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/\w+\.(js|d\.ts))$/)
      const text = textOf(file)
      expect(text, file).not.toMatch(/\breact\b|prisma|['"]#\w+\/|\.test\.|testing\/|vitest/i)
      for (const path of [root, place]) expect(text, file).not.toContain(path)
      if (file.startsWith('dist')) expect(text, file).not.toMatch(/from\s+['"]\.[^'"]*(?<!\.js)['"]/)
    }
  })

  it('can be published, and depends on what it imports and on nothing else', () => {
    const {
      name,
      version,
      license,
      type,
      private: isPrivate,
      engines,
      dependencies,
    } = JSON.parse(textOf('package.json'))
    const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect({ name, version, license, type, isPrivate, engines }).toEqual({
      ...{ name: packageName, version: ours.version, license: 'MIT', type: 'module' },
      ...{ isPrivate: undefined, engines: ours.engines },
    })
    expect(dependencies).toEqual(
      Object.fromEntries(['@azure/msal-node', 'jose', 'undici'].map((one) => [one, `^${ours.dependencies[one]}`])),
    )
  })

  it('is as large as its README says', () => {
    const stated =
      /about\s+(\d+)\s+kB to download\s+and\s+(\d+)\s+kB\s+unpacked[\s\S]*?are\s+(\d+)\s+packages\s+and\s+(\d+)\s+MB/.exec(
        textOf('README.md'),
      )
    const [packed, unpacked, packages, megabytes] = stated?.slice(1).map(Number) ?? []
    const { packedBytes, unpackedBytes, footprint } = made
    const within = (said: number | undefined, true_: number) => Math.abs((said ?? 0) / true_ - 1) < 0.15
    const figures = { packedBytes, unpackedBytes, ...footprint, stated: stated?.[0] }
    expect(within(packed, packedBytes / 1000), JSON.stringify(figures)).toBe(true)
    expect(within(unpacked, unpackedBytes / 1000), JSON.stringify(figures)).toBe(true)
    expect(within(packages, footprint.packages), JSON.stringify(figures)).toBe(true)
    expect(within(megabytes, footprint.bytes / 1_000_000), JSON.stringify(figures)).toBe(true)
  })
})

describe('the bot of the README', () => {
  const operator = '550fae72-d251-43ec-868c-373732c2704f'
  let line: Line
  let port: number
  beforeAll(async () => {
    port = await freePort(12_000 + Math.floor(Math.random() * 18_000))
    line = await startLine(
      { addresses: { [publicUrl]: `http://127.0.0.1:${port}` } },
      // What the README tells people to consent to.
      { permissions: textOf('README.md').match(/Calls\.\w+\.All/g) ?? [] },
    )
  })
  afterAll(() => line.close())

  it('is the one that is tested here, in less than 80 lines', () => {
    const sample = readFileSync(join(root, 'test', 'samples', 'simpleIvr.ts'), 'utf8')
    expect(bot).toBe(sample.replace(/'#communications\/(?:\w+\/)?(\w+)\.ts'/g, `'${packageName}/$1'`))
    expect(bot.trimEnd().split('\n').length).toBeLessThan(80)
  })

  it('takes a call from beginning to end', async () => {
    writeFileSync(
      join(place, 'run.js'),
      `import { startSimpleIvr } from './bot.js'
      process.once('message', async ({ audio, ...settings }) => {
        const files = new Map(Object.entries(audio).map(([name, base64]) => [name, Buffer.from(base64, 'base64')]))
        const onError = (error) => process.send({ error: String(error) })
        await startSimpleIvr({ ...settings, audio: files, onError })
        process.send('ready')
      })`,
    )
    const said: unknown[] = []
    const running = fork(join(place, 'run.js'), plain)
    try {
      const ready = new Promise((resolve, reject) => {
        running.on('message', (message) => {
          if (message === 'ready') resolve(null)
          else said.push(message)
        })
        running.once('exit', (code) => reject(new Error(`the bot ended with ${code}`)))
      })
      const { emulatorOrigin: graphUrl } = line
      const openIdUrl = `${graphUrl}/v1/.well-known/OpenIdConfiguration`
      const speech = (ms: number) => Buffer.from(wav({ ms })).toString('base64')
      running.send({
        ...{
          app: { appId, secret },
          publicUrl,
          port,
          operatorId: operator,
          emulator: { loginUrl: graphUrl, graphUrl, openIdUrl },
        },
        audio: { menu: speech(60_000), hours: speech(200), goodbye: speech(200), nobody: speech(200) },
      })
      await ready

      /** Waits until all this has begun to sound, in this order. */
      const hears = (id: string, ...names: string[]) =>
        vi.waitFor(async () => {
          const { transcript } = await line.view(id)
          expect(transcript.flatMap((entry) => (entry.kind === 'prompt' ? [entry.resourceId] : []))).toEqual(names)
        }, 10_000)
      const end = (id: string) =>
        vi.waitFor(async () => {
          const last = (await line.view(id)).transcript.at(-1)
          expect(last?.kind).toBe('ended')
          return last
        }, 10_000)
      const presses = (id: string, tones: string) => line.request('POST', `/emulator/calls/${id}/tones`, { tones })

      const through = await line.dial({ transfers: 'accept' })
      await hears(through, 'menu')
      await presses(through, '1')
      expect(await end(through)).toMatchObject({ by: 'service' })
      expect((await line.view(through)).transcript).toContainEqual(
        expect.objectContaining({ kind: 'transfer', to: 'user', id: operator }),
      )

      const curious = await line.dial()
      await hears(curious, 'menu')
      await presses(curious, '2')
      await hears(curious, 'menu', 'hours', 'menu')
      await presses(curious, '*')
      await hears(curious, 'menu', 'hours', 'menu', 'goodbye')
      expect(await end(curious)).toMatchObject({ by: 'bot' })
      expect(said).toEqual([])
    } finally {
      running.kill()
    }
  }, 60_000)
})
