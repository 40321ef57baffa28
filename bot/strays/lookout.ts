import type { Calls } from '#communications/requests/calls.ts'
import { type Clock, sleep, steadyTime } from '#ground/clock.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { LiveCall, Process } from '#store/processes.ts'
import type { Log } from '../log.ts'
import { backgroundClock } from '../timers.ts'
import { type Beats, observe, silenceMs, silentIn } from './beats.ts'
import { createHangUps, type HangUps } from './hangUps.ts'
import type { Journal } from './journal.ts'
import { takeJournals } from './journals.ts'
import { isAlive } from './presence.ts'
import type { Ended, Stray } from './stray.ts'

type Processes = {
  beat(process: Process): Promise<{ id: string | null; beat: number | null }[]>
  claim(process: Process, from: string | null, most: number): Promise<LiveCall[]>
  forget(tenantId: string, id: string): Promise<void>
}

type Deps = {
  /** This one. */
  process: Process
  processes: Processes
  /** Null when none could be made. */
  journal: Journal | null
  folder: string
  calls: Pick<Calls, 'hangUp'>
  /** Into the books, and into the journal. */
  record(entry: HistoryEntry): void
  log: Log
  onTrouble(error: unknown, message: string): void
  signal: AbortSignal
  clock?: Clock
}

/** Between two looks, and between two beats. */
const everyMs = 5_000
/** Of one question to the database. */
const mostClaimed = 500

/** What a lookout remembers from one look to the next. */
type Memory = { beats: Beats; readAt: number | null; dead: Set<string | null> }

/**
 * Looks after the calls of processes that are no more, from the start on and until the end: those in journals on this machine at
 * once, those in the database once their process has been silent for long. They are hung up, and only then are they over in the
 * books. Nothing in one of the two keeps the other from its work.
 */
export function lookOut(deps: Deps) {
  const { signal, onTrouble, clock = backgroundClock } = deps
  const hangUps = createHangUps({ ...deps, clock, onGone: (stray) => putInBooks(deps, stray, endNow(stray, clock)) })
  const memory: Memory = { beats: new Map(), readAt: null, dead: new Set() }
  const now = steadyTime(clock)

  const fromFolder = tellingOnce(onTrouble, 'Journals could not be read')
  const fromTables = tellingOnce(onTrouble, 'Calls of other processes could not be looked for')

  async function look() {
    await fromFolder(() => fromJournals(deps, memory, hangUps))
    const isRead = await fromTables(() => fromDatabase(deps, memory, now, hangUps))
    if (!isRead) memory.readAt = null
  }

  async function keepLooking() {
    while (!signal.aborted) {
      await look()
      await sleep(clock, everyMs, signal)
    }
  }

  return {
    /** Resolves when `signal` has ended it. */
    done: keepLooking(),
    /** Callers who are still to be hung up. */
    get waiting() {
      return hangUps.waiting
    },
  }
}

/** What goes wrong over and over is told the first time. */
function tellingOnce(onTrouble: Deps['onTrouble'], message: string) {
  let isWell = true
  return async (act: () => Promise<void>): Promise<boolean> => {
    try {
      await act()
      isWell = true
    } catch (error) {
      if (isWell) onTrouble(error, message)
      isWell = false
    }
    return isWell
  }
}

async function fromJournals({ process, folder, journal, record, log }: Deps, memory: Memory, hangUps: HangUps) {
  const deps = { folder, process: process.id, appId: process.appId, isSilent: (id: string) => isSilent(memory, id) }
  for (const { process: dead, open, ended, done } of await takeJournals(deps)) {
    // In this order: whenever this process is killed, they stand in one of the two.
    if (journal?.adopt([...open.map((call) => ({ call })), ...ended])) done()
    memory.dead.add(dead)
    for (const { call, end } of ended) putInBooks({ record }, call, end)
    log.warn({ process: dead, calls: open.length }, 'A process before this one has left calls behind')
    hangUps.know(ended.map(({ call }) => call.id))
    hangUps.add(open)
  }
}

const isSilent = ({ beats }: Memory, id: string) => (beats.get(id)?.silentMs ?? 0) >= silenceMs

async function fromDatabase(
  { process, processes, journal, folder, log }: Deps,
  memory: Memory,
  now: () => number,
  hangUps: HangUps,
) {
  const seen = await processes.beat(process)
  const at = now()
  // A machine that slept has not watched.
  const sinceMs = memory.readAt === null ? 0 : Math.min(at - memory.readAt, 2 * everyMs)
  memory.beats = observe(memory.beats, seen, sinceMs)
  memory.readAt = at
  for (const dead of new Set([...memory.dead, ...silentIn(memory.beats)])) {
    // One of this machine can be asked, and may only have lost its way to the database.
    if (dead !== null && !memory.dead.has(dead) && (await isAlive(folder, dead))) continue
    for (let claimed = mostClaimed; claimed === mostClaimed; ) {
      const calls = await processes.claim(process, dead, mostClaimed)
      claimed = calls.length
      // Where that cannot be written, the tables say whose they are now; those of a journal stand nowhere else.
      journal?.adopt(calls.map((call) => ({ call })))
      if (claimed > 0) log.warn({ process: dead, calls: claimed }, 'Calls of a process that is no more were taken over')
      hangUps.add(calls)
    }
    if (dead !== null) await processes.forget(process.tenantId, dead)
    memory.dead.delete(dead)
  }
}

/** Without a journal nobody has said that it began; with one, the database may not have heard of it. */
function putInBooks({ record }: Pick<Deps, 'record'>, { at, outcome: _, ...call }: Stray, end: Ended): void {
  record({ ...call, kind: 'began', at: new Date(at), caller: { name: null, id: null }, called: null })
  const { id, tenantId } = call
  record({ ...end, kind: 'ended', id, tenantId, at: new Date(end.at), unlessEnded: true })
}

/** Nobody was told how it ended: as its process had meant it to, or lost. */
const endNow = ({ outcome }: Stray, clock: Clock): Ended => ({
  at: clock.now(),
  outcome: outcome ?? 'lost',
  endCode: null,
  endSubcode: null,
})
