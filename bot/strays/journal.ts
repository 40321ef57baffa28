import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { HistoryEntry } from '#store/history.ts'
import { endLine, type Head, headLine, lineOf, openLine, withoutEnded } from './lines.ts'
import { showPresence } from './presence.ts'
import type { Ended, Stray } from './stray.ts'

type Deps = {
  /** Of this machine, not of several. Made if it is not there; nobody else may read it. */
  folder: string
  process: string
  appId: string
  /** True when the history is written: what has ended is known elsewhere then. */
  isWritten(): boolean
  onTrouble(error: unknown): void
}

export type Journal = Awaited<ReturnType<typeof openJournal>>

/** Then what has ended is taken out, if the journal is also twice as long as what was left the last time. */
const linesBeforeShorter = 8_192
/** While the history cannot be written ends are kept too, up to this; beyond it they are forgotten as the history forgets its oldest. */
const mostBytes = 64 * 1_048_576

/** `<process>.<n>.journal`. The first part says who looks after it. */
export const journalName = (process: string, n: string) => `${process}.${n}.journal`

/**
 * The calls of this process, written beside it before they are answered: whoever starts here next finds those that it leaves
 * behind, though the database never heard of them (decisions/no-caller-forgotten.md). A write goes to the system's memory and not to
 * the disk, so it outlives this process but not the machine; trouble with the disk is told, and costs no call.
 * @throws when folder, address or file cannot be made
 */
export async function openJournal({ folder, process, appId, isWritten, onTrouble }: Deps) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // First: a journal whose owner does not answer is taken over.
  const presence = await showPresence(folder, process)
  const head = { process, appId, host: hostname() }
  const path = join(folder, journalName(process, '0'))
  const file = createFile(path, head, onTrouble)

  function shorten() {
    const text = file.read()
    const kept = isWritten() || text.length > mostBytes ? withoutEnded(text) : text
    file.replace(kept)
    return kept
  }

  function append(lines: string, count: number) {
    file.append(lines, count)
    if (file.lines >= linesBeforeShorter && file.lines >= 2 * file.linesLeft) file.attempt(shorten)
  }

  return {
    /** Takes what the history is told. Written when this returns. */
    note(entry: HistoryEntry) {
      const line = lineOf(entry)
      if (line !== null) append(line, 1)
    },
    /**
     * Calls of another process that are now looked after here; with an end, those that are only to be put in the books.
     * @returns false when they could not be written
     */
    adopt(calls: readonly { call: Stray; end?: Ended }[]): boolean {
      const lines = calls.flatMap(({ call, end }) => [openLine(call), ...(end ? [endLine(call.id, end)] : [])])
      append(lines.join(''), lines.length)
      return file.isWell
    },
    /** True while it can be written. */
    get isWell() {
      return file.isWell
    },
    /** Leaves nothing when no call is open and all is in the books. */
    close() {
      file.attempt(() => {
        if (shorten() === headLine(head)) rmSync(path)
      })
      file.close()
      presence.close()
    },
  }
}

/** A file that grows at its end, and now and then is replaced by a shorter one. */
function createFile(path: string, head: Head, onTrouble: (error: unknown) => void) {
  let file = openSync(path, 'a', 0o600)
  let isWell = true
  let lines = 0
  let linesLeft = 0
  const attempt = (act: () => void) => {
    try {
      act()
      isWell = true
    } catch (error) {
      if (isWell) onTrouble(error)
      isWell = false
    }
  }
  const write = (text: string) => {
    const bytes = Buffer.from(text)
    if (writeSync(file, bytes) < bytes.length) throw new Error('The disk took a part only of a line of the journal.')
  }
  write(headLine(head))
  return {
    attempt,
    append(text: string, count: number) {
      lines += count
      // What a full disk has cut short ends where the next line begins.
      const whole = isWell ? text : `\n${text}`
      attempt(() => write(whole))
    },
    read: () => readFileSync(path, 'utf8'),
    replace(text: string) {
      lines = text.split('\n').length - 1
      linesLeft = lines
      writeFileSync(`${path}.new`, text, { mode: 0o600 })
      closeSync(file) // Windows renames over no open file
      try {
        renameSync(`${path}.new`, path)
      } finally {
        file = openSync(path, 'a', 0o600)
      }
    },
    close: () => closeSync(file),
    get isWell() {
      return isWell
    },
    get lines() {
      return lines
    },
    get linesLeft() {
      return linesLeft
    },
  }
}
