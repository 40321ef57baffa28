import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '..', '..')
/** Linux counts a process's time in these. */
const ticksPerSecond = 100
const stopLimitMs = 8000

/**
 * Starts one of our programs as a process of its own, and waits until it says at `url` that it is well. What it complains of is shown.
 * Linux only: figures are those of /proc.
 */
export async function startChild(file: string, url: string, environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, file)], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((done) => child.once('exit', done))
  const stopNow = () => child.kill('SIGKILL')
  process.once('exit', stopNow)
  const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'latin1')
  await untilHealthy(url)
  return {
    /** Seconds of processor time so far, of user and system. */
    cpuSeconds() {
      // The name of the program, in brackets, may hold spaces; user and system time are the 12th and 13th field after it.
      const [user = 0, system = 0] = proc('stat').split(') ').at(-1)?.split(' ').slice(11, 13).map(Number) ?? []
      return (user + system) / ticksPerSecond
    },
    /** Resident memory in MB. */
    rssMb: () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1] ?? 0) / 1024),
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(stopNow, stopLimitMs)
      await ended
      clearTimeout(late)
      process.off('exit', stopNow)
    },
  }
}

async function untilHealthy(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { ok } = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).catch(() => ({ ok: false }))
    if (ok) return
    await wait(100)
  }
  throw new Error(`Nobody is well at ${url} within a minute.`)
}
