import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { manualClock } from '#communications/testing/manualClock.ts'
import type { Clock } from '#ground/clock.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { Beat, LiveCall } from '#store/processes.ts'
import { silenceMs } from './beats.ts'
import { callsIn, endLine, headLine, openLine } from './lines.ts'
import { lookOut } from './lookout.ts'
import type { Stray } from './stray.ts'
import { appId, end, journalIn, newFolder, stray } from './testing/strays.ts'

/** Between two looks. */
const everyMs = 5_000

/** The two tables, as two bots see them. */
function tables() {
  const beats = new Map<string, number>()
  const live: (LiveCall & { process: string | null })[] = []
  return {
    beats,
    live,
    isAway: false,
    beat(id: string): Beat[] {
      beats.set(id, (beats.get(id) ?? 0) + 1)
      const silent = new Set(live.map(({ process }) => process).filter((one) => one !== id && !beats.has(one ?? '')))
      return [
        ...[...beats].filter(([other]) => other !== id).map(([other, beat]) => ({ id: other, beat })),
        ...[...silent].map((other) => ({ id: other, beat: null })),
      ]
    },
    claim(id: string, from: string | null, most: number): LiveCall[] {
      const claimed = live.filter(({ process }) => process === from).slice(0, most)
      for (const call of claimed) call.process = id
      return claimed.map(({ process: _, ...call }) => call)
    },
  }
}

type Given = { folder: string; books: ReturnType<typeof tables>; withJournal?: boolean; graphRefuses?: () => boolean }

async function botIn({ folder, books, withJournal = true, graphRefuses = () => false }: Given) {
  const clock = manualClock()
  let rests = 0
  /** That of the bot, and how often it has rested from a look, which takes real time. */
  const watched: Clock = {
    now: clock.now,
    after(ms, act) {
      if (ms === everyMs) rests += 1
      return clock.after(ms, act)
    },
  }
  const rested = async (times: number) => {
    while (rests < times) await new Promise(setImmediate)
  }
  const stop = new AbortController()
  const { process: id, journal, troubles } = await journalIn(folder)
  const hungUp: string[] = []
  const entries: HistoryEntry[] = []
  const whenThere = <T>(act: () => T): T => {
    if (books.isAway) throw new Error('The database is away')
    return act()
  }
  const onTrouble = vi.fn()
  const strays = lookOut({
    process: { id, tenantId: 'tenant', appId },
    processes: {
      beat: async () => whenThere(() => books.beat(id)),
      claim: async (_, from, most) => whenThere(() => books.claim(id, from, most)),
      forget: async (_, other) => void books.beats.delete(other),
    },
    journal: withJournal ? journal : null,
    folder,
    calls: {
      async hangUp({ id }) {
        if (graphRefuses()) throw new Error('not now')
        hungUp.push(id)
      },
    },
    record(entry) {
      journal.note(entry)
      entries.push(entry)
    },
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    onTrouble,
    signal: stop.signal,
    clock: watched,
  })
  const end = async () => {
    if (stop.signal.aborted) return
    stop.abort()
    await strays.done
    journal.close()
  }
  onTestFinished(end)
  return {
    ...{ id, clock, hungUp, entries, strays, journal, troubles, onTrouble, end },
    outcomes: () => entries.flatMap((entry) => (entry.kind === 'ended' ? [[entry.id, entry.outcome]] : [])),
    looks: async (ms = everyMs) => {
      await rested(1)
      for (let passed = 0; passed < ms; passed += everyMs) {
        const next = rests + 1
        await clock.pass(everyMs)
        await rested(next)
      }
      await clock.pass(500)
    },
  }
}

function leave(folder: string, calls: Stray[], ended: Stray[] = []) {
  const process = randomUUID()
  const lines = [...calls.map(openLine), ...ended.map(({ id }) => endLine(id, end))]
  const text = headLine({ process, appId, host: hostname() }) + lines.join('')
  writeFileSync(join(folder, `${process}.0.journal`), text)
  return process
}

const live = (process: string | null) => ({ ...stray(), process })

it('hangs up what a dead process wrote down, though the database never heard of it and does not answer', async () => {
  const [folder, books] = [newFolder(), tables()]
  books.isAway = true
  const calls = [stray({ at: 2 }), stray({ at: 1, outcome: 'endedByFlow' })] as const
  leave(folder, [...calls])
  const bot = await botIn({ folder, books })
  await bot.looks()
  expect(bot.hungUp).toEqual([calls[1].graphCallId, calls[0].graphCallId])
  expect(bot.entries.map(({ kind }) => kind)).toEqual(['began', 'ended', 'began', 'ended'])
  expect(bot.outcomes()).toEqual([[calls[1].id, 'endedByFlow'], [calls[0].id, 'lost']]) // biome-ignore format: two rows
  expect(bot.onTrouble).toHaveBeenCalledOnce() // and not at each look
})

it('leaves for the next what it could not finish: nothing is over before Graph says so', async () => {
  const [folder, books] = [newFolder(), tables()]
  const calls = Array.from({ length: 5 }, (_, n) => stray({ at: n }))
  leave(folder, calls)
  let refuses = true
  for (let deaths = 0; deaths < 3; deaths++) {
    const bot = await botIn({ folder, books, graphRefuses: () => refuses })
    await bot.looks(20_000)
    expect([bot.hungUp, bot.outcomes(), bot.strays.waiting]).toEqual([[], [], 5])
    await bot.end()
    expect(callsIn(readFileSync(join(folder, `${bot.id}.0.journal`), 'utf8')).open).toEqual(calls)
  }
  refuses = false
  const last = await botIn({ folder, books, graphRefuses: () => refuses })
  await last.looks()
  expect(last.hungUp).toEqual(calls.map(({ graphCallId }) => graphCallId))
  await last.end()
  expect(readdirSync(folder)).toEqual([])
})

it('keeps a journal that it cannot write into its own, and hangs up all the same', async () => {
  const [folder, books] = [newFolder(), tables()]
  const call = stray()
  leave(folder, [call])
  const bot = await botIn({ folder, books, withJournal: false })
  await bot.looks()
  expect(bot.hungUp).toEqual([call.graphCallId])
  expect(readdirSync(folder).filter((name) => name.endsWith('.journal') && !name.includes('.0.'))).toHaveLength(1)
})

it('takes over in the database the calls of a process that has long been silent, and of before there were processes', async () => {
  const [folder, books] = [newFolder(), tables()]
  const dead = randomUUID()
  books.beats.set(dead, 12)
  books.live.push(live(dead), live(dead), live(null))
  const bot = await botIn({ folder, books })
  await bot.looks(silenceMs - 10_000)
  expect(bot.hungUp).toEqual([])
  await bot.looks(20_000)
  expect(bot.hungUp).toHaveLength(3)
  expect(bot.outcomes().map(([, outcome]) => outcome)).toEqual(['lost', 'lost', 'lost'])
  expect(books.beats.has(dead)).toBe(false)
})

it('does not wait for the silence of a process whose journal says that it is dead', async () => {
  const [folder, books] = [newFolder(), tables()]
  const [written, unwritten] = [stray(), stray()]
  const dead = leave(folder, [written])
  books.beats.set(dead, 3)
  books.live.push({ ...written, process: dead }, { ...unwritten, process: dead })
  const bot = await botIn({ folder, books })
  await bot.looks()
  expect(bot.hungUp.sort()).toEqual([written.graphCallId, unwritten.graphCallId].sort())
})

it('does not call lost what a dead process has seen the end of, though the database has not heard of it', async () => {
  const [folder, books] = [newFolder(), tables()]
  const call = stray()
  const dead = leave(folder, [call], [call])
  books.live.push({ ...call, process: dead })
  const bot = await botIn({ folder, books })
  await bot.looks()
  expect([bot.hungUp, bot.outcomes()]).toEqual([[], [[call.id, end.outcome]]])
})

it('of two bots on one database neither ends calls of the other, even when one is long away from it', async () => {
  const books = tables()
  const [folder, elsewhere] = [newFolder(), newFolder()]
  const bots = [
    await botIn({ folder, books }),
    await botIn({ folder, books }),
    await botIn({ folder: elsewhere, books }),
  ]
  for (const { id, journal } of bots) {
    const call = stray()
    books.live.push({ ...call, process: id })
    journal.adopt([{ call }])
  }
  for (let n = 0; n < 30; n++) for (const bot of bots) await bot.looks()
  // The second says nothing more in the database, for ten minutes; it lives on the same machine as the first, which asks it.
  for (let n = 0; n < 120; n++) await bots[0]?.looks()
  expect(bots[0]?.hungUp).not.toContain(books.live[1]?.graphCallId)
  expect(bots.slice(1).flatMap(({ hungUp }) => hungUp)).toEqual([])
  expect(books.live[1]?.process).toBe(bots[1]?.id)
})

it('does not take for dead who was silent while the database was away', async () => {
  const [folder, books] = [newFolder(), tables()]
  books.live.push(live(randomUUID()))
  const bot = await botIn({ folder, books })
  await bot.looks(silenceMs - 10_000)
  books.isAway = true
  await bot.looks(600_000)
  books.isAway = false
  await bot.looks(5_000)
  expect(bot.hungUp).toEqual([])
  await bot.looks(20_000)
  expect(bot.hungUp).toHaveLength(1)
})

it('knows nothing of the time of day: a clock that is set back an hour changes nothing', async () => {
  const [folder, books] = [newFolder(), tables()]
  const call = stray({ at: Date.now() + 3_600_000 })
  leave(folder, [call])
  const bot = await botIn({ folder, books })
  await bot.looks()
  expect(bot.hungUp).toEqual([call.graphCallId])
  expect(existsSync(join(folder, `${bot.id}.0.journal`))).toBe(true)
})
