import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { botBundle, botFlags, bundleBot } from './bot.ts'
import { createChildren, type Ending } from './children.ts'
import { buildDesigner } from './designer.ts'
import { createEndings, type Endings } from './endings.ts'
import { holdFolder } from './holder.ts'
import { type Identity, localDataKey, localIdentity } from './identity.ts'
import { freePort } from './ports.ts'
import { readSettings, type Settings } from './settings.ts'

const root = resolve(import.meta.dirname, '..', '..')
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const tsx = createRequire(import.meta.url).resolve('tsx/cli')

const startLimitMs = 60_000
/** Stands for the bot's public address while everything is on one machine; the emulator leads it here. */
const localPublicUrl = 'https://bot.localhost'

/** `dev`: parts start again when sources change. `real`: the bot speaks to Teams, and no emulator is started. */
type Mode = { dev: boolean; real: boolean }
type PartName = 'emulator' | 'bot' | 'designer'
type Ports = Record<PartName, number>
type Addresses = Record<PartName, string>
/** What Node is to run, and what only this part has to know. */
type Part = { name: PartName; args: string[]; env: Record<string, string> }

const say = (line: string) => console.log(line)

/** Starts everything, and says where it is. Ends the process, with a sentence, when something does not start. */
export async function startAll({ dev }: { dev: boolean }) {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
  const read = readSettings(process.env)
  if ('fault' in read) return giveUp(read.fault)

  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'generate.ts')], { stdio: 'inherit' })
  const fault = dev ? null : buildDesigner(root, next, say)
  if (fault) return giveUp(`The designer could not be built.\n${fault}`)
  if (!dev) await bundleBot(root)

  const endings = createEndings()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void endings.end().then(() => process.exit(0)))
  }
  const fail = async (message: string) => {
    await endings.end()
    giveUp(message)
  }
  try {
    await startParts(read.settings, { dev, real: read.real }, endings, fail)
  } catch (error) {
    await fail(error instanceof Error ? error.message : String(error))
  }
}

async function startParts(settings: Settings, mode: Mode, endings: Endings, fail: (message: string) => Promise<void>) {
  const dataDir = resolve(root, settings.DATA_DIR)
  const giveBack = await holdFolder(dataDir).catch((error: Error) => {
    throw new Error(`DATA_DIR leads to ${dataDir}, and it cannot be written: ${error.message}
Give this user leave to write there, or set DATA_DIR to another folder.`)
  })
  if (!giveBack)
    throw new Error(`${dataDir} is in use by another start. End that one, or set DATA_DIR to another folder.`)
  endings.add(giveBack)
  const { seed, startDatabase } = await import('./database.ts') // not before the Prisma client has been generated
  const databaseUrl = await startDatabase(settings.DATABASE_URL, { dataDir, endings, say })

  const ports = await choosePorts(settings, mode)
  const addresses: Addresses = {
    designer: `http://localhost:${ports.designer}`,
    bot: `http://127.0.0.1:${ports.bot}`,
    emulator: `http://127.0.0.1:${ports.emulator}`,
  }
  const identity = mode.real ? null : localIdentity(dataDir)
  const firstTime = await seed(databaseUrl, identity?.tenantId ?? settings.BOT_TENANT_ID ?? '')

  let isStarted = false
  const children = createChildren({
    logs: join(dataDir, 'logs'),
    mayBeginAgain: () => isStarted || mode.dev,
    onEnd: (ending) => (ending.againInMs === null ? void fail(wordsOf(ending)) : say(wordsOf(ending))),
  })
  endings.add(() => children.stop())
  const parts = partsAt(ports, mode)
  const DATA_KEY = settings.DATA_KEY ?? (mode.real ? '' : localDataKey(dataDir))
  const common = { DATA_DIR: dataDir, DATA_KEY, ...environmentOf(databaseUrl, addresses, identity) }
  for (const { name, args, env } of parts) children.start(name, args, { ...common, ...env })
  for (const { name } of parts) await healthy(name, addresses[name])
  isStarted = true

  const wished: Ports = { designer: settings.PORT, bot: settings.BOT_PORT, emulator: settings.EMULATOR_PORT }
  for (const name of ['designer', 'bot', 'emulator'] as const) {
    if (ports[name] !== wished[name]) say(`Port ${wished[name]} is taken, so the ${name} uses ${ports[name]}.`)
  }
  say(welcome(settings, mode, { addresses, dataDir, firstTime }))
}

function wordsOf({ name, how, lastLines, againInMs }: Ending): string {
  const again = againInMs === null ? '' : ` It is started again in ${againInMs / 1000} s, and the others go on.`
  const last = lastLines.length === 0 ? '' : ` Its last words:\n${lastLines.join('\n')}`
  return `The ${name} has ended by itself (${how}).${again}${last}`
}

/** The ports in the settings, or the next that are free. */
async function choosePorts(settings: Settings, { real }: Mode): Promise<Ports> {
  const taken = new Set<number>()
  const choose = async (wished: number) => {
    const free = await freePort(wished, taken)
    taken.add(free)
    return free
  }
  const [designer, bot] = [await choose(settings.PORT), await choose(settings.BOT_PORT)]
  return { designer, bot, emulator: real ? settings.EMULATOR_PORT : await choose(settings.EMULATOR_PORT) }
}

/** In the order in which they start. */
export function partsAt(ports: Ports, { dev, real }: Mode): Part[] {
  const run = (file: string) => [...(dev ? [tsx, 'watch'] : ['--import', 'tsx']), join(root, file)]
  const parts: Part[] = [
    { name: 'emulator', args: run('emulator/main.ts'), env: { EMULATOR_PORT: String(ports.emulator) } },
    {
      name: 'bot',
      args: dev ? run('bot/main.ts') : ['--enable-source-maps', ...botFlags, botBundle(root)],
      env: { BOT_PORT: String(ports.bot) },
    },
    {
      name: 'designer',
      args: dev ? [next, 'dev', '-H', '127.0.0.1'] : run('app/main.ts'),
      env: {
        PORT: String(ports.designer),
        NODE_ENV: dev ? 'development' : 'production',
        // By which the bot signs in; whoever breaks into the designer shall not. Empty and not absent, or Next would read them from .env.
        BOT_APP_SECRET: '',
        BOT_CERTIFICATE_KEY: '',
      },
    },
  ]
  return parts.filter(({ name }) => !real || name !== 'emulator')
}

/** What all parts have to know. Without an identity of this machine the bot is configured for Teams. */
function environmentOf(databaseUrl: string, addresses: Addresses, identity: Identity | null) {
  return {
    DATABASE_URL: databaseUrl,
    TAB_URL: process.env.TAB_URL ?? addresses.designer,
    NEXT_TELEMETRY_DISABLED: '1',
    // A bot that is configured for real speaks to Teams, and the local sign-in is impossible.
    ...(!identity && { LOCAL_MODE: '0', EMULATOR_URL: undefined }),
    ...(identity && {
      BOT_APP_ID: identity.appId,
      BOT_APP_SECRET: identity.secret,
      BOT_TENANT_ID: identity.tenantId,
      PUBLIC_URL: localPublicUrl,
      EMULATOR_URL: addresses.emulator,
      BOT_URL: addresses.bot,
      LOCAL_MODE: '1',
    }),
  }
}

function welcome(
  settings: Settings,
  { dev, real }: Mode,
  { addresses, dataDir, firstTime }: { addresses: Addresses; dataDir: string; firstTime: boolean },
): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const nextStep = real
    ? 'publish a flow in the designer, then call the bot in Teams.'
    : firstTime
      ? 'open the designer, choose "Call Front desk", press 2.'
      : 'open the designer, open a flow, choose "Test call".'
  return [
    '',
    `  Call flows ${version}${dev ? ', starting again when sources change' : ''}`,
    `  Designer   ${addresses.designer}`,
    `  Bot        ${addresses.bot}${real ? `, publicly ${settings.PUBLIC_URL}` : ''}`,
    ...(real ? [] : [`  Emulator   ${addresses.emulator}`]),
    `  Data       ${dataDir}`,
    '',
    `  Next: ${nextStep}`,
    '  Ctrl+C ends all of it.',
    '',
  ].join('\n')
}

async function healthy(name: PartName, address: string): Promise<void> {
  const url = `${address.replace('localhost', '127.0.0.1')}/api/health`
  const until = Date.now() + startLimitMs
  for (;;) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    if (Date.now() > until) throw new Error(`The ${name} did not start within a minute. Look into its log.`)
    await wait(100)
  }
}

function giveUp(message: string): never {
  console.error(`\n${message}\n`)
  process.exit(1)
}
