import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#scripts/start/ports.ts'

const root = join(import.meta.dirname, '..', '..')

/** `npm start` with a data folder and ports of its own, unless others are given. */
export async function npmStart({
  dataDir = mkdtempSync(join(tmpdir(), 'call-flows-')),
  // Below 32768, where the system picks ports for outgoing connections.
  first = 12_000 + Math.floor(Math.random() * 18_000),
  /** Hosts of this machine that flows may ask. */
  localServices = '',
} = {}) {
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
      LOCAL_SERVICES: localServices,
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = await untilSays(child, /Ctrl\+C ends all of it/)
  const ended = new Promise((done) => child.once('exit', done))
  return {
    pid: child.pid,
    dataDir,
    port,
    /** What a test needs of it that did not start it. */
    place: {
      url: `http://localhost:${port}`,
      botUrl: `http://127.0.0.1:${botPort}`,
      emulatorUrl: `http://127.0.0.1:${emulatorPort}`,
      said,
    },
    /** Ends all as the system does when it kills: nothing is tidied up. */
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async close() {
      child.kill('SIGINT')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Place = Awaited<ReturnType<typeof npmStart>>['place']

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
