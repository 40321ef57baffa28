import { execFileSync } from 'node:child_process'
import { createConnection } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { browserIsHere } from './browser.ts'
import { openProduct, type Product } from './product.ts'

// One part's death is not another's: each is killed as the system kills, and what is left goes on.

const parts = ['app/main.ts', 'build/bot.mjs', 'emulator/main.ts', 'bin/postgres']

describe.runIf(browserIsHere)('what npm start has started', () => {
  let product: Product
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  it.each(parts)('begins again alone when it was killed: %s', async (part) => {
    const before = pidsOf(product)
    const victim = before[part]
    if (victim === undefined) throw new Error(`${part} does not run.`)
    process.kill(victim, 'SIGKILL')
    await vi.waitFor(() => expect(pidsOf(product)[part]).not.toBe(before[part]), 20_000)
    await vi.waitFor(async () => expect(await areHealthy(product)).toBe(true), { timeout: 30_000, interval: 200 })
    const after = pidsOf(product)
    for (const other of parts) {
      if (other !== part) expect([other, after[other]]).toEqual([other, before[other]])
    }
  })

  it('ends a request within 20 s whose body comes a byte at a time', async () => {
    const addresses = [`${product.url}/api/flows`, `${product.emulatorUrl}/emulator/calls`]
    const ms = await Promise.all(addresses.map(trickle))
    for (const one of ms) expect(one).toBeLessThan(20_000)
  })

  it('refuses a second start on the same data, and leaves the first alone', async () => {
    const second = openProduct({ dataDir: product.dataDir })
    await expect(second).rejects.toThrow('is in use by another start')
    expect(await areHealthy(product)).toBe(true)
  })

  it('leaves nothing that takes a port or the database from the next start when it is killed itself', async () => {
    const before = pidsOf(product)
    await product.kill()
    await vi.waitFor(() => expect(parts.filter((part) => isThere(before[part]))).toEqual(['bin/postgres']), 20_000)
    product = await openProduct({ dataDir: product.dataDir, first: product.port })
    expect(product.said).not.toContain('is taken')
    expect(await areHealthy(product)).toBe(true)
  })

  it('leaves nothing that goes on when it is told to end', async () => {
    await product.close()
    for (const url of [product.url.replace('localhost', '127.0.0.1'), product.emulatorUrl]) {
      await expect(fetch(`${url}/api/health`)).rejects.toThrow()
    }
  })
})

/** How long a request is borne that never ends. */
function trickle(address: string): Promise<number> {
  const began = Date.now()
  const { hostname, port, host, pathname } = new URL(address)
  const socket = createConnection(Number(port), hostname.replace('localhost', '127.0.0.1'))
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n`,
  )
  const drip = setInterval(() => socket.write(' '), 1_000)
  return new Promise((done) => {
    socket.on('error', () => {}).resume()
    socket.once('close', () => {
      clearInterval(drip)
      done(Date.now() - began)
    })
  })
}

/** The process of each part. */
function pidsOf({ pid }: Product): Record<string, number> {
  const found = lines('--ppid', String(pid), '-o', 'pid=,args=').flatMap((line) => {
    const [, child, args = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? []
    const part = parts.find((name) => args.includes(name))
    return part ? [[part, Number(child)] as const] : []
  })
  return Object.fromEntries(found)
}

const isThere = (pid = 0) => lines('-p', String(pid), '-o', 'stat=').some((state) => !state.startsWith('Z'))

function lines(...flags: string[]): string[] {
  try {
    return execFileSync('ps', flags, { encoding: 'utf8' }).split('\n').filter(Boolean)
  } catch {
    return [] // There is no such process.
  }
}

async function areHealthy({ url, botUrl, emulatorUrl }: Product): Promise<boolean> {
  const answers = await Promise.allSettled([url, botUrl, emulatorUrl].map((one) => fetch(`${one}/api/health`)))
  return answers.every((answer) => answer.status === 'fulfilled' && answer.value.ok)
}
