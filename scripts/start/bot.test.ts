import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { botFlags, bundleBot } from './bot.ts'
import { freePort } from './ports.ts'

const root = join(import.meta.dirname, '..', '..')

it('the bundle is the bot: it says what is missing, and starts with what is beside its sources', async () => {
  const file = await bundleBot(root)
  const run = (env: Record<string, string>) => {
    const bot = spawn(process.execPath, [file], { cwd: '/', env: { NODE_ENV: 'production', ...env } })
    onTestFinished(() => void bot.kill('SIGKILL'))
    return bot
  }
  const bare = run({})
  let words = ''
  bare.stderr.on('data', (chunk) => {
    words += chunk
  })
  expect(await once(bare, 'exit')).toEqual([1, null])
  expect(words).toContain('DATABASE_URL')

  const port = await freePort(32_000 + Math.floor(Math.random() * 700))
  run({
    BOT_PORT: String(port),
    BOT_APP_ID: crypto.randomUUID(),
    BOT_APP_SECRET: crypto.randomUUID(),
    BOT_TENANT_ID: crypto.randomUUID(),
    PUBLIC_URL: 'https://bot.localhost',
    EMULATOR_URL: 'http://127.0.0.1:1',
    DATABASE_URL: 'postgres://nobody:none@127.0.0.1:1/none',
    LOG_LEVEL: 'silent',
  })
  const health = async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).json()
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await vi.waitFor(async () => expect(await health()).toMatchObject({ name: 'bot', version }), { timeout: 15_000 })
})

it('npm run bot gives it the same flags', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(scripts.bot).toBe(['node', ...botFlags, '--import tsx bot/main.ts'].join(' '))
})
