import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { peersFolder } from './sharedBench.ts'

/** A program on a core of its own, for plain Node. Ends with this process. */
export function onCore(core: number, args: string[], environment: Record<string, string>): ChildProcess {
  const child = spawn('taskset', ['-c', String(core), process.execPath, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BENCH_PEERS: peersFolder, ...environment },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

/** Waits until somebody listens there. */
export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await wait(5)
  }
  throw new Error(`Nobody listens at port ${port} within half a minute.`)
}

export async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}
