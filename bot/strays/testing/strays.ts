import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openJournal } from '../journal.ts'
import type { Ended, Stray } from '../stray.ts'

export const stray = (known: Partial<Stray> = {}): Stray => {
  const [id, tenantId, flowId, versionId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  return {
    id,
    tenantId,
    graphCallId: `graph-${id}`,
    flowId,
    versionId,
    test: false,
    at: 1_000,
    outcome: null,
    ...known,
  }
}

export const end: Ended = { at: 5_000, outcome: 'endedByFlow', endCode: 200, endSubcode: 7000 }

/** A folder that ends with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strays-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const appId = randomUUID()

/** The journal of a process of this bot, whose history is written unless told otherwise. */
export async function journalIn(folder: string, more: { process?: string; isWritten?: () => boolean } = {}) {
  const troubles: unknown[] = []
  const process = more.process ?? randomUUID()
  const onTrouble = (error: unknown) => void troubles.push(error)
  const journal = await openJournal({ folder, appId, isWritten: () => true, onTrouble, ...more, process })
  return { process, journal, troubles }
}
