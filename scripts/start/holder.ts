import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'

const Held = z.object({ port: z.number().int(), word: z.string() })

const answerLimitMs = 2_000

/**
 * Takes a data folder for this process, until it ends: two starts on one database would end each other's.
 * Who has it answers on a port of this machine with the word that stands in the folder, so that neither a clock nor a process id
 * that somebody else has by now is asked: whatever ends the process closes the port.
 * @returns how to give it back; null when another process has it
 */
export async function holdFolder(dataDir: string): Promise<(() => Promise<void>) | null> {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'held-by.json')
  if (await isHeld(file)) return null
  const word = randomUUID()
  const server = createServer((socket) => socket.on('error', () => {}).end(word)).unref()
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  writeFileSync(file, JSON.stringify({ port, word }), { mode: 0o600 })
  return async () => {
    rmSync(file, { force: true })
    await new Promise((done) => server.close(done))
  }
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const { port, word } = Held.parse(JSON.parse(readFileSync(file, 'utf8')))
    return (await wordAt(port)) === word
  } catch {
    return false // Nothing was left there, or half of it: whoever began to write it is no more.
  }
}

function wordAt(port: number): Promise<string> {
  return new Promise((done, fail) => {
    let heard = ''
    const socket = createConnection({ port, host: '127.0.0.1', timeout: answerLimitMs })
    socket.setEncoding('utf8').on('data', (text) => {
      heard = (heard + text).slice(0, 100)
    })
    socket.once('timeout', () => socket.destroy(new Error('It says nothing.')))
    socket.once('error', fail).once('end', () => done(heard))
  })
}
