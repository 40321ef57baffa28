import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { isAlive, showPresence, socketOf } from '#bot/strays/presence.ts'
import { ifThere } from '#ground/ifThere.ts'
import { json } from '#ground/json.ts'

/** Who has a folder, and whether it can be asked in that folder, or among the temporary files of its machine. */
const Held = z.object({ holder: z.guid(), beside: z.boolean() })
type Held = z.infer<typeof Held>

/**
 * Takes a data folder for this process, until it ends: two starts on one database would end each other's.
 * Who has it listens at an address in the folder, so that neither a clock nor a process id that somebody else has by now is asked:
 * whatever ends the process closes it, one that is only stopped (Ctrl+Z, a debugger) keeps it, and containers that share the folder
 * of one machine see it too, unless its path is too long for an address. On a volume of several machines nobody can tell a holder
 * that is dead from one of another machine: such an address leads nowhere there, and locks of files are not kept by all of them.
 * @returns how to give it back; null when another process has it
 */
export async function holdFolder(dataDir: string): Promise<(() => Promise<void>) | null> {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'held-by.json')
  const holder = randomUUID()
  // A path may be too long for an address, and some shared folders take none.
  const shown = await showPresence(dataDir, holder).catch(() => null)
  const presence = shown ?? (await showPresence(tmpdir(), holder))
  const text = JSON.stringify({ holder, beside: shown !== null } satisfies Held)
  if (!(await place(dataDir, file, text))) {
    presence.close()
    return null
  }
  return async () => {
    rmSync(file, { force: true })
    presence.close()
  }
}

/** Puts the text there whole, in nobody's place but that of a process that is no more. False where somebody has it. */
async function place(dataDir: string, file: string, text: string): Promise<boolean> {
  const mine = `${file}.${randomUUID()}`
  writeFileSync(mine, text, { mode: 0o600 })
  try {
    for (;;) {
      if (linked(mine, file)) return true
      const there = ifThere(() => readFileSync(file, 'utf8'))
      if (there === null) continue
      if (await isHeld(dataDir, there)) return false
      // Two that found the same one dead: whoever moves the other's away puts it back.
      const moved = `${mine}.old`
      if (ifThere(() => renameSync(file, moved)) === null) continue
      const wasDead = readFileSync(moved, 'utf8') === there
      if (!wasDead) linked(moved, file)
      else sweepAfter(dataDir, there)
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

const addressOf = (dataDir: string, { beside }: Held) => (beside ? dataDir : tmpdir())

async function isHeld(dataDir: string, text: string): Promise<boolean> {
  const held = Held.safeParse(json(text)).data
  return held !== undefined && (await isAlive(addressOf(dataDir, held), held.holder))
}

/** Takes away what a holder that was killed could not. */
function sweepAfter(dataDir: string, text: string): void {
  const held = Held.safeParse(json(text)).data
  if (held && process.platform !== 'win32') rmSync(socketOf(addressOf(dataDir, held), held.holder), { force: true })
}
