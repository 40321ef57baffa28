import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ifThere } from '#ground/ifThere.ts'
import { journalName } from './journal.ts'
import { callsIn, type Head, headOf } from './lines.ts'
import { isAlive, socketOf } from './presence.ts'
import type { Ended, Stray } from './stray.ts'

type Deps = {
  folder: string
  /** Ours. */
  process: string
  appId: string
  /** Whether another process, of a machine that cannot be asked, has long not said in the database that it lives. */
  isSilent(process: string): boolean
}

/** What a dead process left behind; `done` when it stands where a next process would find it. */
export type Left = { process: string; open: Stray[]; ended: { call: Stray; end: Ended }[]; done(): void }

const named = /^([0-9a-f-]{36})\.[0-9a-z-]+\.journal$/

/**
 * Takes over the journals whose owners are dead. Each falls to one of several that try, and is found again should that one die.
 * @throws what a file was in the way with, when no other one is left to be taken
 */
export async function takeJournals(deps: Deps): Promise<Left[]> {
  const left: Left[] = []
  const troubles: unknown[] = []
  for (const name of namesIn(deps.folder)) {
    try {
      const taken = await take(deps, name)
      if (taken) left.push(taken)
    } catch (error) {
      troubles.push(error)
    }
  }
  if (left.length === 0 && troubles.length > 0) throw troubles[0]
  return left
}

async function take(deps: Deps, name: string): Promise<Left | null> {
  const { folder, process } = deps
  const owner = named.exec(name)?.[1]
  if (owner === undefined || owner === process) return null
  const head = headOf(textOf(join(folder, name)) ?? '')
  if (!head || head.appId !== deps.appId || !(await isDead(deps, owner, head))) return null
  const mine = join(folder, journalName(process, randomUUID()))
  // Somebody else was faster.
  if (!moved(join(folder, name), mine)) return null
  const done = () => {
    rmSync(mine, { force: true })
    if (globalThis.process.platform !== 'win32') rmSync(socketOf(folder, owner), { force: true })
  }
  return { process: head.process, ...callsIn(textOf(mine) ?? ''), done }
}

/** A process of another machine, whose folder this was or is, cannot be asked. */
const isDead = async ({ folder, isSilent }: Deps, owner: string, { host }: Head): Promise<boolean> =>
  host === hostname() ? !(await isAlive(folder, owner)) : isSilent(owner)

const namesIn = (folder: string) => ifThere(() => readdirSync(folder)) ?? []
const textOf = (path: string) => ifThere(() => readFileSync(path, 'utf8'))
const moved = (from: string, to: string) => ifThere(() => renameSync(from, to)) !== null
