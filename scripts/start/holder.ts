import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import { ifThere } from '#ground/ifThere.ts'

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
  const word = randomUUID()
  const server = createServer((socket) => socket.on('error', () => {}).end(word)).unref()
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const giveBack = async (isOurs: boolean) => {
    if (isOurs) rmSync(file, { force: true })
    await new Promise((done) => server.close(done))
  }
  if (await place(file, JSON.stringify({ port, word }))) return () => giveBack(true)
  await giveBack(false)
  return null
}

/** Puts the text there whole, in nobody's place but that of a process that is no more. False where somebody has it. */
async function place(file: string, text: string): Promise<boolean> {
  const mine = `${file}.${randomUUID()}`
  writeFileSync(mine, text, { mode: 0o600 })
  try {
    for (;;) {
      if (linked(mine, file)) return true
      const there = ifThere(() => readFileSync(file, 'utf8'))
      if (there === null) continue
      if (await isHeld(there)) return false
      // Two that found the same one dead: whoever moves the other's away puts it back.
      const moved = `${mine}.old`
      if (ifThere(() => renameSync(file, moved)) === null) continue
      const wasDead = readFileSync(moved, 'utf8') === there
      if (!wasDead) linked(moved, file)
      rmSync(moved, { force: true })
      if (!wasDead) return false
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** False where there is a file of that name already. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isHeld(text: string): Promise<boolean> {
  try {
    const { port, word } = Held.parse(JSON.parse(text))
    return (await wordAt(port)) === word
  } catch {
    return false // It is nobody's word, or nobody says it any more.
  }
}

function wordAt(port: number): Promise<string> {
  return new Promise((done, fail) => {
    let heard = ''
    const socket = createConnection({ port, host: '127.0.0.1' })
    // In all, whatever it says meanwhile: another service may have the port by now.
    const limit = setTimeout(() => socket.destroy(new Error('It does not end.')), answerLimitMs)
    socket.setEncoding('utf8').on('data', (text) => {
      heard = (heard + text).slice(0, 100)
    })
    socket.once('error', fail).once('end', () => done(heard))
    socket.once('close', () => clearTimeout(limit))
  })
}
