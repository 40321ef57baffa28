import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createChildren } from './children.ts'
import { localIdentity } from './identity.ts'
import { freePort } from './ports.ts'
import { Environment, modeOf } from './settings.ts'

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

it('makes the local bot’s identity once, keeps it, and lets nobody else read it', () => {
  const dir = folder()
  const identity = localIdentity(dir)
  expect(localIdentity(dir)).toEqual(identity)
  expect(localIdentity(folder())).not.toEqual(identity)
  expect(statSync(join(dir, 'identity.json')).mode & 0o077).toBe(0)
  rmSync(dir, { recursive: true })
})

it('ends the processes that it started', async () => {
  const dir = folder()
  const children = createChildren(dir, () => {})
  const script = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')`
  children.start('willing', ['-e', script], {})
  await vi.waitFor(() => expect(statSync(join(dir, 'willing.log')).size).toBeGreaterThan(0), 5000)
  await children.stop()
  rmSync(dir, { recursive: true })
})

it('tells when a process ends by itself, with its last words', async () => {
  const dir = folder()
  const ended = vi.fn()
  const children = createChildren(dir, ended)
  children.start('brief', ['-e', `console.error('no database')`], {})
  await vi.waitFor(() => expect(ended).toHaveBeenCalledWith('brief', ['no database']), 5000)
  await children.stop()
  rmSync(dir, { recursive: true })
})

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
