import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '#scripts/start/ports.ts'

it('listens while the database hangs, and ends some ten seconds after SIGTERM even when a request does not', async () => {
  // Takes connections and never says a word.
  const hanging = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => void hanging.close())
  await once(hanging, 'listening')
  const { port: databasePort } = hanging.address() as AddressInfo
  const dataDir = mkdtempSync(join(tmpdir(), 'bot-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const port = await freePort(31_000 + Math.floor(Math.random() * 1_000))
  const bot = spawn(process.execPath, ['--import', 'tsx', 'bot/main.ts'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      BOT_PORT: String(port),
      BOT_APP_ID: crypto.randomUUID(),
      BOT_APP_SECRET: crypto.randomUUID(),
      BOT_TENANT_ID: crypto.randomUUID(),
      PUBLIC_URL: 'https://bot.localhost',
      EMULATOR_URL: `http://127.0.0.1:${databasePort}`,
      DATABASE_URL: `postgres://bot:bot@127.0.0.1:${databasePort}/bot`,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
    },
  })
  onTestFinished(() => void bot.kill('SIGKILL'))
  const health = () => fetch(`http://127.0.0.1:${port}/api/health`)
  // How long a start takes is the machine's affair, and not shown here.
  await vi.waitFor(async () => expect((await health()).status).toBe(503), { timeout: 60_000, interval: 200 })

  const request = connect(port, '127.0.0.1')
  request.on('error', () => {}) // cut off, as it should be
  onTestFinished(() => void request.destroy())
  request.write('GET /api/health HTTP/1.1\r\nHost: bot\r\n')
  await new Promise((done) => setTimeout(done, 100))
  const began = Date.now()
  const ended = once(bot, 'exit')
  bot.kill('SIGTERM')
  expect(await ended).toEqual([1, null]) // by its own limit
  expect(Date.now() - began).toBeLessThan(12_000)
}, 90_000)
