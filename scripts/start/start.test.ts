import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { createChildren } from './children.ts'
import { localIdentity } from './identity.ts'
import { freePort } from './ports.ts'

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
