import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { isLoopbackUrl } from '#ground/loopback.ts'
import { optional, port } from '#ground/settings.ts'
import { createChildren } from './children.ts'
import { buildDesigner } from './designer.ts'
import { localIdentity } from './identity.ts'
import { freePort } from './ports.ts'

const root = resolve(import.meta.dirname, '..', '..')
const ownPort = port.refine((number) => number > 0, 'must be 1 to 65535')

export const Environment = z.object({
  PORT: ownPort.default(3000),
  BOT_PORT: ownPort.default(3978),
  EMULATOR_PORT: ownPort.default(3979),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  PUBLIC_URL: optional(z.url({ protocol: /^https$/ })),
  BOT_APP_ID: z.string().optional(),
  BOT_APP_SECRET: z.string().optional(),
  BOT_CERTIFICATE_THUMBPRINT: z.string().optional(),
  BOT_CERTIFICATE_KEY: z.string().optional(),
  BOT_TENANT_ID: z.string().optional(),
})

const startLimitMs = 60_000
/** Stands for the bot's public address while everything is on one machine; the emulator leads it here. */
const localPublicUrl = 'https://bot.localhost'

/**
 * Whether the bot is configured for Teams, or what to say when it is only in part: somebody who has given one of its
 * settings does not want to end up on this machine alone. What a setting has to look like is checked by the bot.
 */
export function modeOf(set: z.infer<typeof Environment>): { real: boolean } | { fault: string } {
  const isPublic = set.PUBLIC_URL !== undefined && !isLoopbackUrl(set.PUBLIC_URL)
  const byCertificate = !set.BOT_APP_SECRET && (set.BOT_CERTIFICATE_THUMBPRINT || set.BOT_CERTIFICATE_KEY)
  const credential = byCertificate
    ? (['BOT_CERTIFICATE_THUMBPRINT', 'BOT_CERTIFICATE_KEY'] as const)
    : (['BOT_APP_SECRET'] as const)
  const needed = (['BOT_APP_ID', ...credential, 'BOT_TENANT_ID', 'PUBLIC_URL'] as const).map((name) => ({
    name,
    given: name === 'PUBLIC_URL' ? isPublic : Boolean(set[name]),
  }))
  const given = needed.filter((one) => one.given).map(({ name }) => name)
  const missing = needed.filter((one) => !one.given).map(({ name }) => name)
  if (given.length === 0 || missing.length === 0) return { real: missing.length === 0 }
  const others = missing.map((name) => (name === 'PUBLIC_URL' ? "PUBLIC_URL (the bot's public https address)" : name))
  return {
    fault: `The bot is configured for Teams only in part: set ${list(others)} as well, or leave out ${list(given)} to try everything on this machine.`,
  }
}

const list = (names: string[]) => new Intl.ListFormat('en').format(names)

const say = (line: string) => console.log(line)

export async function startAll({ dev }: { dev: boolean }) {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
  const parsed = Environment.safeParse(process.env)
  if (!parsed.success) return giveUp(`A setting is wrong.\n${z.prettifyError(parsed.error)}`)
  const set = parsed.data
  const mode = modeOf(set)
  if ('fault' in mode) return giveUp(mode.fault)
  const { real } = mode
  const dataDir = resolve(root, set.DATA_DIR)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'generate.ts')], { stdio: 'inherit' })
  if (!dev) {
    const fault = buildDesigner(root, next, say)
    if (fault) return giveUp(`The designer could not be built.\n${fault}`)
  }

  // What belongs to this start, so that all of it ends with it.
  const endings: (() => Promise<void>)[] = []
  let ending: Promise<void> | undefined
  const end = () =>
    (ending ??= (async () => {
      for (const one of endings.reverse()) await one()
    })())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void end().then(() => process.exit(0)))
  }
  const fail = async (message: string) => {
    await end()
    giveUp(message)
  }

  try {
    const database = set.DATABASE_URL ? { databaseUrl: set.DATABASE_URL, stop: undefined } : await embedded(dataDir)
    if (database.stop) endings.push(database.stop)
    const { migrate } = await import('#store/migrate.ts')
    await migrate(database.databaseUrl)

    const taken = new Set<number>()
    const moved: string[] = []
    const port = async (name: string, wished: number) => {
      const free = await freePort(wished, taken)
      taken.add(free)
      if (free !== wished) moved.push(`Port ${wished} is taken, so the ${name} uses ${free}.`)
      return free
    }
    const ports = {
      designer: await port('designer', set.PORT),
      bot: await port('bot', set.BOT_PORT),
      emulator: real ? 0 : await port('emulator', set.EMULATOR_PORT),
    }
    const address = {
      designer: `http://localhost:${ports.designer}`,
      bot: `http://127.0.0.1:${ports.bot}`,
      emulator: `http://127.0.0.1:${ports.emulator}`,
    }
    const identity = real ? null : localIdentity(dataDir)
    const common: Record<string, string | undefined> = {
      DATABASE_URL: database.databaseUrl,
      TAB_URL: process.env.TAB_URL ?? address.designer,
      NEXT_TELEMETRY_DISABLED: '1',
      // A bot that is configured for real speaks to Teams, and the local sign-in is impossible.
      ...(real && { LOCAL_MODE: '0', EMULATOR_URL: undefined }),
      ...(identity && {
        BOT_APP_ID: identity.appId,
        BOT_APP_SECRET: identity.secret,
        BOT_TENANT_ID: identity.tenantId,
        PUBLIC_URL: localPublicUrl,
        EMULATOR_URL: address.emulator,
        BOT_URL: address.bot,
        LOCAL_MODE: '1',
      }),
    }
    const firstTime = await seed(database.databaseUrl, identity?.tenantId ?? set.BOT_TENANT_ID ?? '')

    const children = createChildren(join(dataDir, 'logs'), (name, lines) => {
      if (!dev) void fail(`The ${name} has ended by itself. Its last words:\n${lines.join('\n')}`)
    })
    endings.push(() => children.stop())
    const run = (file: string) => [...(dev ? [tsx(), 'watch'] : ['--import', 'tsx']), join(root, file)]
    if (!real) children.start('emulator', run('emulator/main.ts'), { ...common, EMULATOR_PORT: String(ports.emulator) })
    children.start('bot', run('bot/main.ts'), { ...common, BOT_PORT: String(ports.bot) })
    children.start('designer', [next, dev ? 'dev' : 'start', '-H', '127.0.0.1', '-p', String(ports.designer)], {
      ...common,
      NODE_ENV: dev ? 'development' : 'production',
    })
    for (const name of real ? (['bot', 'designer'] as const) : (['emulator', 'bot', 'designer'] as const)) {
      await healthy(name, `${address[name].replace('localhost', '127.0.0.1')}/api/health`)
    }

    for (const line of moved) say(line)
    say(
      [
        '',
        `  Call flows ${version}${dev ? ', starting again when sources change' : ''}`,
        `  Designer   ${address.designer}`,
        `  Bot        ${address.bot}${real ? `, publicly ${set.PUBLIC_URL}` : ''}`,
        ...(real ? [] : [`  Emulator   ${address.emulator}`]),
        `  Data       ${dataDir}`,
        '',
        real
          ? '  Next: publish a flow in the designer, then call the bot in Teams.'
          : firstTime
            ? '  Next: open the designer, choose "Call Front desk", press 2.'
            : '  Next: open the designer, open a flow, choose "Test call".',
        '  Ctrl+C ends all of it.',
        '',
      ].join('\n'),
    )
  } catch (problem) {
    await fail(problem instanceof Error ? problem.message : String(problem))
  }
}

async function embedded(dataDir: string): Promise<{ databaseUrl: string; stop: () => Promise<void> }> {
  const { startPostgres } = await import('#store/embedded.ts')
  const { databaseUrl, stop } = await startPostgres({ dataDir: join(dataDir, 'postgres') })
  return { databaseUrl, stop }
}

/** A new installation holds a sample that answers calls. True when there was nothing before. */
async function seed(databaseUrl: string, tenantId: string): Promise<boolean> {
  const { openStore } = await import('#store/database.ts')
  const { frontDesk } = await import('#flow/sample.ts')
  const store = openStore({ databaseUrl })
  try {
    if ((await store.flows.list(tenantId)).length > 0) return false
    const by = 'Call flows'
    const { id, revision } = await store.flows.create(tenantId, { flow: frontDesk, by })
    await store.versions.publish(tenantId, id, { revision, note: 'The sample', by })
    return true
  } finally {
    await store.close()
  }
}

async function healthy(name: string, url: string): Promise<void> {
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

const tsx = () => createRequire(import.meta.url).resolve('tsx/cli')

function giveUp(message: string): never {
  console.error(`\n${message}\n`)
  process.exit(1)
}
