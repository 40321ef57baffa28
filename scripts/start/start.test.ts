import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { partsAt } from './all.ts'
import { createChildren } from './children.ts'
import { holdFolder } from './holder.ts'
import { localDataKey, localIdentity } from './identity.ts'
import { pauseBefore } from './pause.ts'
import { freePort } from './ports.ts'
import { Environment, modeOf, readSettings } from './settings.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'start-'))

it('takes the next free port when the one that was wished for is taken', async () => {
  const wished = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  const server = createServer()
  await new Promise<void>((done) => server.listen(wished, '127.0.0.1', done))
  try {
    expect(await freePort(wished)).toBeGreaterThan(wished)
    expect(await freePort(wished, new Set([wished + 1]))).toBeGreaterThan(wished + 1)
  } finally {
    server.close()
  }
})

it('makes a key for what is kept sealed once, keeps it, and lets nobody else read it', () => {
  const dir = folder()
  const key = localDataKey(dir)
  expect(readSettings({ NODE_ENV: 'test', DATA_KEY: key })).toMatchObject({ settings: { DATA_KEY: key } })
  expect(localDataKey(dir)).toBe(key)
  expect(localDataKey(folder())).not.toBe(key)
  expect(statSync(join(dir, 'data.key')).mode & 0o077).toBe(0)
  expect(readSettings({ NODE_ENV: 'test', DATA_KEY: 'too short' })).toMatchObject({
    fault: expect.stringContaining('openssl rand'),
  })
})

it('makes the local bot’s identity once, keeps it, and lets nobody else read it', () => {
  const dir = folder()
  const identity = localIdentity(dir)
  expect(localIdentity(dir)).toEqual(identity)
  expect(localIdentity(folder())).not.toEqual(identity)
  expect(statSync(join(dir, 'identity.json')).mode & 0o077).toBe(0)
  rmSync(dir, { recursive: true })
})

it.each([true, false])('keeps the bot’s secrets from the designer (real: %s)', (real) => {
  const parts = partsAt({ designer: 1, bot: 2, emulator: 3 }, { dev: false, real })
  const envOf = (name: string) => parts.find((part) => part.name === name)?.env
  expect(envOf('designer')).toMatchObject({ BOT_APP_SECRET: '', BOT_CERTIFICATE_KEY: '' })
  expect(envOf('bot')).not.toHaveProperty('BOT_APP_SECRET')
})

const children = (logs: string, deps: Partial<Parameters<typeof createChildren>[0]> = {}) =>
  createChildren({ logs, mayBeginAgain: () => false, onEnd: () => {}, ...deps })

it('ends the processes that it started', async () => {
  const dir = folder()
  const started = children(dir)
  const script = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')`
  started.start('willing', ['-e', script], {})
  await vi.waitFor(() => expect(statSync(join(dir, 'willing.log')).size).toBeGreaterThan(0), 5000)
  expect(statSync(join(dir, 'willing.log')).mode & 0o077).toBe(0)
  await started.stop()
  rmSync(dir, { recursive: true })
})

it('tells when a process ends by itself while a start is not done, with its last words', async () => {
  const dir = folder()
  const onEnd = vi.fn()
  const started = children(dir, { onEnd })
  started.start('brief', ['-e', `console.error('no database'); process.exit(3)`], {})
  const told = { name: 'brief', how: 'code 3', lastLines: ['no database'], againInMs: null }
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledWith(told), 5000)
  await started.stop()
  rmSync(dir, { recursive: true })
})

it('begins a part again that was killed, alone, after a pause that grows', async () => {
  const dir = folder()
  const onEnd = vi.fn()
  const started = children(dir, { mayBeginAgain: () => true, onEnd })
  started.start('killed', ['-e', `console.log(process.pid); setInterval(() => {}, 1000)`], {})
  started.start('other', ['-e', `console.log(process.pid); setInterval(() => {}, 1000)`], {})
  const pids = (name: string) =>
    readFileSync(join(dir, `${name}.log`), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(Number)
  for (const times of [1, 2]) {
    await vi.waitFor(() => expect(pids('killed')).toHaveLength(times), 5000)
    process.kill(pids('killed').at(-1) ?? 0, 'SIGKILL')
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(times), 5000)
  }
  expect(onEnd.mock.calls.map(([{ name, how, againInMs }]) => [name, how, againInMs])).toEqual([
    ['killed', 'SIGKILL', 500],
    ['killed', 'SIGKILL', 1000],
  ])
  await vi.waitFor(() => expect(pids('killed')).toHaveLength(3), 5000)
  expect(pids('other')).toHaveLength(1)
  await started.stop()
  expect(isThere(pids('killed').at(-1) ?? 0)).toBe(false)
  rmSync(dir, { recursive: true })
})

it('lets what a part starts itself wait for word from it, as the workers of Next do', async () => {
  const dir = folder()
  const started = children(dir)
  const worker = `process.on('message', (word) => { console.log(word); process.exit() }); process.send('ready')`
  // They get the options of the part, and with them what begins in it before all else.
  const part = `const { spawn } = require('node:child_process')
    const options = [...process.execArgv.slice(0, 2), '-e', ${JSON.stringify(worker)}]
    const worker = spawn(process.execPath, options, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    worker.on('message', () => setTimeout(() => worker.connected && worker.send('begun'), 500))
    worker.on('exit', (code) => console.log('ended with ' + code))`
  started.start('part', ['-e', part], {})
  const said = () => readFileSync(join(dir, 'part.log'), 'utf8')
  await vi.waitFor(() => expect(said()).toContain('ended with 0'), 10_000)
  expect(said()).toContain('begun')
  await started.stop()
  rmSync(dir, { recursive: true })
})

it('waits half a minute at most before a part begins again', () => {
  expect([1, 2, 3, 6, 7, 50].map(pauseBefore)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000])
})

it('leaves no process behind when it is killed itself', async () => {
  const dir = folder()
  const sources = new URL('./children.ts', import.meta.url).href
  const part = `const { spawn } = require('node:child_process')
    const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    console.log(process.pid + ' ' + worker.pid)
    setInterval(() => console.log('busy'), 10)`
  const parent = spawn(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '-e'],
    `const { createChildren } = await import('${sources}')
     createChildren({ logs: '${dir}', mayBeginAgain: () => true, onEnd() {} }).start('part', ['-e', ${JSON.stringify(part)}], {})`,
  ])
  const pids = await vi.waitFor(() => {
    const line = /^(\d+) (\d+)$/m.exec(readFileSync(join(dir, 'part.log'), 'utf8'))
    if (!line) throw new Error('It is not up yet.')
    return line.slice(1).map(Number)
  }, 15_000)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(pids.map(isThere)).toEqual([false, false]), 10_000)
  rmSync(dir, { recursive: true })
})

it('gives a data folder to one start at a time, and to the next when the first is over or was killed', async () => {
  const dir = folder()
  const giveBack = await holdFolder(dir)
  expect(await holdFolder(dir)).toBeNull()
  const file = readFileSync(join(dir, 'held-by.json'), 'utf8')
  await giveBack?.()
  writeFileSync(join(dir, 'held-by.json'), file) // as a killed process leaves it
  const again = await holdFolder(dir)
  expect(again).not.toBeNull()
  writeFileSync(join(dir, 'held-by.json'), '{"port":') // as one that was killed while it wrote
  const third = await holdFolder(dir)
  expect(third).not.toBeNull()
  await Promise.all([again?.(), third?.()])
  rmSync(dir, { recursive: true })
})

it('gives a data folder to nobody else while who has it is stopped, as by Ctrl+Z or a debugger', async () => {
  const dir = folder()
  const module = new URL('./holder.ts', import.meta.url).href
  const script = `import { holdFolder } from '${module}'; await holdFolder('${dir}'); console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  holder.kill('SIGSTOP')
  expect(await holdFolder(dir)).toBeNull()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const next = await holdFolder(dir)
  expect(next).not.toBeNull()
  await next?.()
  expect(readdirSync(dir)).toEqual([])
  rmSync(dir, { recursive: true })
})

it('gives a data folder whose path is longer than that of a socket may be', async () => {
  const dir = join(folder(), 'd'.repeat(120))
  const giveBack = await holdFolder(dir)
  expect(giveBack).not.toBeNull()
  expect(await holdFolder(dir)).toBeNull()
  await giveBack?.()
  rmSync(dir, { recursive: true })
})

it.each(['nobody has', 'a killed process had'])('gives a data folder that %s to one of many starts', async (whose) => {
  const dir = folder()
  const dead = await holdFolder(dir)
  const file = readFileSync(join(dir, 'held-by.json'), 'utf8')
  await dead?.()
  if (whose !== 'nobody has') writeFileSync(join(dir, 'held-by.json'), file)
  const holders = (await Promise.all(Array.from({ length: 20 }, () => holdFolder(dir)))).filter((one) => one !== null)
  expect(holders).toHaveLength(1)
  expect(await holdFolder(dir)).toBeNull()
  await holders[0]?.()
  expect(readdirSync(dir)).toEqual([])
  rmSync(dir, { recursive: true })
})

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // On Linux a process whose end nobody has asked about stays in the table.
  const status = `/proc/${pid}/status`
  return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')))
}

describe('a bot', () => {
  const real = {
    BOT_APP_ID: '0efc74f7-41c3-47a4-8775-7259bfef4241',
    BOT_APP_SECRET: 'hunter2',
    BOT_TENANT_ID: '1fdd12d0-4620-44ed-baec-459b611f84b2',
    PUBLIC_URL: 'https://bot.contoso.example',
  }
  const { BOT_APP_SECRET: _, ...withoutSecret } = real
  const certificate = { BOT_CERTIFICATE_THUMBPRINT: 'ab', BOT_CERTIFICATE_KEY: 'key' }
  const mode = (environment: Record<string, string>) => modeOf(Environment.parse(environment))

  it.each<[string, Record<string, string>, boolean]>([
    ['with nothing set stays on this machine', {}, false],
    [
      'with a copy of .env.example stays on this machine',
      { BOT_APP_ID: '', BOT_APP_SECRET: '', BOT_TENANT_ID: '', PUBLIC_URL: '', BOT_CERTIFICATE_KEY: '' },
      false,
    ],
    ['with an address of this machine alone stays on it', { PUBLIC_URL: 'https://bot.localhost:3978' }, false],
    ['with all of its settings speaks to Teams', real, true],
    ['with a certificate in place of the secret speaks to Teams', { ...withoutSecret, ...certificate }, true],
  ])('%s', (_what, environment, isReal) => expect(mode(environment)).toEqual({ real: isReal }))

  const address = "PUBLIC_URL (the bot's public https address)"
  it.each<[string, Record<string, string>, string, string]>([
    ['app id', { ...real, BOT_APP_ID: '' }, 'BOT_APP_ID', 'BOT_APP_SECRET, BOT_TENANT_ID, and PUBLIC_URL'],
    ['secret', withoutSecret, 'BOT_APP_SECRET', 'BOT_APP_ID, BOT_TENANT_ID, and PUBLIC_URL'],
    ['tenant', { ...real, BOT_TENANT_ID: '' }, 'BOT_TENANT_ID', 'BOT_APP_ID, BOT_APP_SECRET, and PUBLIC_URL'],
    ['address', { ...real, PUBLIC_URL: '' }, address, 'BOT_APP_ID, BOT_APP_SECRET, and BOT_TENANT_ID'],
    [
      'address beyond this machine',
      { ...real, PUBLIC_URL: 'https://bot.localhost' },
      address,
      'BOT_APP_ID, BOT_APP_SECRET, and BOT_TENANT_ID',
    ],
    [
      'thumbprint of its certificate',
      { ...withoutSecret, BOT_CERTIFICATE_KEY: 'key' },
      'BOT_CERTIFICATE_THUMBPRINT',
      'BOT_APP_ID, BOT_CERTIFICATE_KEY, BOT_TENANT_ID, and PUBLIC_URL',
    ],
    [
      'key of its certificate',
      { BOT_CERTIFICATE_THUMBPRINT: 'ab' },
      `BOT_APP_ID, BOT_CERTIFICATE_KEY, BOT_TENANT_ID, and ${address}`,
      'BOT_CERTIFICATE_THUMBPRINT',
    ],
    [
      'anything but a public address',
      { PUBLIC_URL: real.PUBLIC_URL },
      'BOT_APP_ID, BOT_APP_SECRET, and BOT_TENANT_ID',
      'PUBLIC_URL',
    ],
  ])('without %s is not started, and it is said what is missing', (_what, environment, missing, given) => {
    expect(mode(environment)).toEqual({
      fault: `The bot is configured for Teams only in part: set ${missing} as well, or leave out ${given} to try everything on this machine.`,
    })
  })
})
