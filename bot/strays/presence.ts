import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { withTimeout } from '#ground/timeout.ts'

/**
 * Whether a process of this machine lives, without clocks and without numbers of processes, which are given again: it listens at an
 * address in the folder that it works in, and the system ends that with it, however it dies.
 */

const answerLimitMs = 1_000

/** A socket's path may have 107 bytes on Linux and 103 on macOS, so the shorter of two ways to write it. */
function addressOf(folder: string, process: string): string {
  if (globalThis.process.platform === 'win32') return `\\\\.\\pipe\\call-flows-${process}`
  const whole = socketOf(folder, process)
  const short = relative(globalThis.process.cwd(), whole)
  return short.length < whole.length ? short : whole
}

/** The file of that address, where it is one. */
export const socketOf = (folder: string, process: string): string =>
  resolve(join(folder, `${process.slice(0, 8)}.sock`))

/** From here on others find this process alive. Rejects when the address cannot be had. */
export async function showPresence(folder: string, process: string): Promise<{ close(): void }> {
  const server = createServer((visitor) => visitor.destroy()).listen(addressOf(folder, process))
  server.unref()
  await once(server, 'listening')
  server.on('error', () => {}) // A visitor that could not be let in: it finds us alive all the same.
  return { close: () => void server.close() }
}

/** False only when it is known to be dead: what keeps us from asking says nothing of the other. */
export async function isAlive(folder: string, process: string): Promise<boolean> {
  const visit = connect(addressOf(folder, process))
  const answer = new Promise<boolean>((done) => {
    visit.once('connect', () => done(true))
    visit.once('error', (error: NodeJS.ErrnoException) => done(!['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')))
  })
  try {
    return await withTimeout(answer, answerLimitMs, () => true)
  } finally {
    visit.destroy()
  }
}
