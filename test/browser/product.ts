import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { freePort } from '#scripts/start/ports.ts'

const root = join(import.meta.dirname, '..', '..')

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  process.env.CHROMIUM ?? '',
]
const executablePath = browsers.find((path) => path !== '' && existsSync(path))

/** A machine without a browser leaves these tests out and says so; CI has one. */
export const browserIsHere = executablePath !== undefined || Boolean(process.env.CI)
if (!browserIsHere)
  process.stderr.write('No Chromium is installed (set CHROMIUM to its path): browser tests are skipped.\n')

/** Where screenshots go; they are looked at by people and not kept in the repository. */
export const pictures = join(root, 'build', 'screenshots')

/** `npm start` with a data folder and ports of its own, unless others are given, and a browser beside it. */
export async function openProduct({
  dataDir = mkdtempSync(join(tmpdir(), 'call-flows-')),
  // Below 32768, where the system picks ports for outgoing connections.
  first = 12_000 + Math.floor(Math.random() * 18_000),
} = {}) {
  mkdirSync(pictures, { recursive: true })
  chmodSync(dataDir, 0o755) // as root, PostgreSQL runs as another user
  const [port, botPort, emulatorPort] = [
    await freePort(first),
    await freePort(first + 100),
    await freePort(first + 200),
  ]
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'start.ts')], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      BOT_PORT: String(botPort),
      EMULATOR_PORT: String(emulatorPort),
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = await untilSays(child, /Ctrl\+C ends all of it/)
  const browser = await launchBrowser()
  const ended = new Promise((done) => child.once('exit', done))
  return {
    pid: child.pid,
    dataDir,
    port,
    url: `http://localhost:${port}`,
    botUrl: `http://127.0.0.1:${botPort}`,
    emulatorUrl: `http://127.0.0.1:${emulatorPort}`,
    said,
    browser,
    page: (options: PageOptions = {}) => openPage(browser, options),
    /** Ends all as the system does when it kills: nothing is tidied up. */
    async kill() {
      await browser.close()
      child.kill('SIGKILL')
      await ended
    },
    async close() {
      await browser.close()
      child.kill('SIGINT')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Product = Awaited<ReturnType<typeof openProduct>>

function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=user-gesture-required',
    ],
  })
}

type PageOptions = { colorScheme?: 'light' | 'dark'; width?: number; height?: number }

/** A page of its own in this theme. Errors in its console fail the test that asks for them. */
async function openPage(browser: Browser, { colorScheme = 'light', width = 1440, height = 900 }: PageOptions) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-US' })
  const page: Page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /hydrat/i.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  const foreign: string[] = []
  page.on('request', (request) => {
    const address = new URL(request.url())
    if (address.protocol.startsWith('http') && address.hostname !== 'localhost') foreign.push(request.url())
  })
  return { page, errors, foreign, close: () => context.close() }
}

function untilSays(child: ChildProcess, words: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (data: Buffer) => {
      said += data
      if (words.test(said)) resolve(said)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`npm start has ended:\n${said}`)))
  })
}
