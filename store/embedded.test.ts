import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type EmbeddedPostgres, startPostgres } from './embedded.ts'

let dataDir: string
const running: EmbeddedPostgres[] = []

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'embedded-'))
  chmodSync(dataDir, 0o755) // As root, PostgreSQL runs as another user, who must get through to its folder.
})

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop()
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function start({ port = 0, durable = false } = {}) {
  const postgres = await startPostgres({ dataDir, port, durable })
  running.push(postgres)
  return postgres
}

it('keeps its data from one start to the next, under the same password', async () => {
  const first = await start()
  await ask(first.databaseUrl, 'create table kept (word text)')
  await ask(first.databaseUrl, `insert into kept values ('zoë')`)
  await first.stop()
  await expect(ask(first.databaseUrl, 'select 1')).rejects.toThrow()

  const second = await start()
  expect(await ask(second.databaseUrl, 'select word from kept')).toEqual([{ word: 'zoë' }])
  expect(new URL(second.databaseUrl).password).toBe(new URL(first.databaseUrl).password)
})

it('listens to this machine only, and keeps its password to itself', async () => {
  const { databaseUrl } = await start()
  expect(await ask(databaseUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  expect(await ask(databaseUrl, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600)
  const url = new URL(databaseUrl)
  url.password = 'guessed'
  await expect(ask(url.href, 'select 1')).rejects.toThrow('password authentication failed')
})

it('takes the next port when another program has the first', async () => {
  const other = createServer()
  const taken = await new Promise<number>((done) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      done(typeof address === 'object' && address ? address.port : 0)
    })
  })
  const { port, databaseUrl } = await start({ port: taken })
  expect(port).toBeGreaterThan(taken)
  expect(await ask(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  other.close()
})

it('takes over a database that a killed process left running', async () => {
  const first = await start()
  const second = await start()
  expect(second.databaseUrl).toBe(first.databaseUrl)
  expect(await ask(second.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  await second.stop()
  await expect(ask(first.databaseUrl, 'select 1')).rejects.toThrow()
})

it('starts after an end without warning, with what was written', async () => {
  const first = await start({ durable: true })
  await ask(first.databaseUrl, 'create table written (word text)')
  process.kill(pidOf(dataDir), 'SIGQUIT') // "immediate shutdown", as after a failure of the machine
  await first.stop()
  const second = await start()
  expect(await ask(second.databaseUrl, 'select * from written')).toEqual([])
})

it('tells that it has ended, and starts again at the same address or not at all', async () => {
  const first = await start({ durable: true })
  await ask(first.databaseUrl, 'create table lasting (word text)')
  process.kill(pidOf(dataDir), 'SIGKILL')
  await first.ended
  const again = () => startPostgres({ dataDir, port: first.port, onlyPort: true })
  const other = createServer()
  await new Promise<void>((done) => other.listen(first.port, '127.0.0.1', done))
  await expect(again()).rejects.toThrow(`Port ${first.port} is taken.`)
  await new Promise((done) => other.close(done))
  // Until its last connections have noticed, PostgreSQL refuses.
  const second = await vi.waitFor(again, { timeout: 15_000, interval: 200 })
  running.push(second)
  expect(second.databaseUrl).toBe(first.databaseUrl)
  expect(await ask(second.databaseUrl, 'select * from lasting')).toEqual([])
})

it('starts where the process id that it left behind is another program’s by now', async () => {
  const first = await start()
  const left = readFileSync(pidFileOf(dataDir), 'utf8')
  await first.stop()
  const otherDir = join(dataDir, 'other')
  const other = await startPostgres({ dataDir: otherDir, port: 0, durable: false })
  running.push(other)
  writeFileSync(pidFileOf(dataDir), left.replace(/^\d+/, String(pidOf(otherDir))))

  const second = await start()
  expect(second.port).not.toBe(other.port)
  expect(await ask(other.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

it.runIf(process.getuid?.() === 0)('starts for root in a folder that nobody else may pass through', async () => {
  const locked = mkdtempSync(join(tmpdir(), 'locked-'))
  const folder = join(locked, 'postgres')
  const first = await startPostgres({ dataDir: folder, port: 0, durable: false })
  await first.stop()
  const lodging = realpathSync(join(folder, 'cluster-is-here'))
  const second = await startPostgres({ dataDir: folder, port: 0, durable: false })
  await second.stop()
  expect(realpathSync(join(folder, 'cluster-is-here'))).toBe(lodging)
  for (const path of [locked, lodging]) rmSync(path, { recursive: true })
})

it('says why it cannot start', async () => {
  const { stop } = await start()
  await stop()
  const settings = join(dataDir, 'cluster', 'postgresql.conf')
  appendFileSync(settings, 'no_such_setting = 1\n')
  await expect(start()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('no_such_setting'),
  })
  expect(existsSync(pidFileOf(dataDir))).toBe(false)
})

const pidFileOf = (folder: string) => join(folder, 'cluster', 'postmaster.pid')
const pidOf = (folder: string) => Number(readFileSync(pidFileOf(folder), 'utf8').split('\n')[0])

async function ask(databaseUrl: string, sql: string) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
