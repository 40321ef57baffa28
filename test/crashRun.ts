import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { buildEmulator } from '#emulator/emulator.ts'
import { allCallPermissions } from '#emulator/settings.ts'
import type { CallView } from '#emulator/world/views.ts'
import { frontDesk } from '#flow/sample.ts'
import { freePort } from '#scripts/start/ports.ts'
import { openStore } from '#store/database.ts'
import { type Control, callIn, createControl } from './caller.ts'
import { freshDatabase } from './database.ts'
import { numbers } from './property/faultLine.ts'
import { openWire } from './wire.ts'

/**
 * Callers, and a bot that is killed again and again: the real process, the emulator, a real PostgreSQL. What happens when is drawn from
 * a seed; what comes out is compared with what the emulator has seen.
 */
export type CrashPlan = {
  seed: number
  calls: number
  crashes: number
  /** The folder of each process goes with it, as a container's does: only the database remembers. */
  losesFolder?: boolean
}

const by = 'test'
/** After the last start. The second also waits for the silence of a process that nobody can ask. */
const patienceMs = { withFolder: 40_000, withoutFolder: 100_000 }

/** @returns what was wrong, one sentence each, and figures */
export async function runCrashes(postgresUrl: string, plan: CrashPlan) {
  const random = numbers(plan.seed)
  const place = await openPlace(postgresUrl, plan)
  try {
    const begun = Date.now()
    // Each of them is up for so long that people get through to it, and some to their end.
    const lifeMs = 4_000 + plan.calls * 10
    const calling: Promise<void>[] = []
    await place.start()
    await place.somebodyIsAnswered()
    for (let n = 0; n < plan.crashes; n++) {
      calling.push(place.callersCome(Math.round(plan.calls / plan.crashes), lifeMs * 1.2, random))
      await wait(lifeMs * (0.4 + 0.6 * random()))
      if (random() < 0.4 && !plan.losesFolder) place.wire.freeze()
      await wait(300 * random())
      await place.kill()
      await wait(600 * random())
      const isStuck = random() < 0.3
      if (!isStuck) place.wire.mend()
      await place.start({ untilReady: !isStuck && random() < 0.7 })
      if (isStuck) void wait(4_000 * random()).then(() => place.wire.mend())
    }
    const lastStart = Date.now()
    await Promise.all(calling)
    await place.untilAll(plan.losesFolder ? patienceMs.withoutFolder : patienceMs.withFolder)
    const clearedMs = Date.now() - lastStart
    return { ...(await place.judge()), clearedMs, tookMs: Date.now() - begun }
  } finally {
    await place.close()
  }
}

type Life = { from: number; to: number }

/** A database behind a wire, an emulator, and how a bot is begun between them. */
async function openSurroundings(postgresUrl: string) {
  const database = await freshDatabase(postgresUrl)
  const wire = await openWire(database.databaseUrl)
  const identity = { appId: randomUUID(), tenantId: randomUUID(), secret: randomUUID() }
  const port = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  const publicUrl = 'https://bot.localhost'
  const emulator = buildEmulator({
    apps: [{ ...identity, webhook: `${publicUrl}/api/calls`, permissions: allCallPermissions }],
    addresses: { [publicUrl]: `http://127.0.0.1:${port}` },
    playbackSpeed: 100,
  })
  const emulatorUrl = await emulator.server.listen({ port: 0, host: '127.0.0.1' })
  await publish(database.databaseUrl, identity.tenantId)
  const spawnBot = (at: number, dataDir: string) =>
    spawnProcess({
      BOT_PORT: String(at),
      BOT_APP_ID: identity.appId,
      BOT_APP_SECRET: identity.secret,
      BOT_TENANT_ID: identity.tenantId,
      PUBLIC_URL: publicUrl,
      EMULATOR_URL: emulatorUrl,
      DATABASE_URL: wire.url,
      DATA_DIR: dataDir,
    })
  return { database, wire, emulator, port, spawnBot, control: createControl(emulatorUrl) }
}

/** An emulator, a database, and a bot that can be started and killed. */
export async function openPlace(postgresUrl: string, { losesFolder = false }: Pick<CrashPlan, 'losesFolder'> = {}) {
  const { database, wire, emulator, port, spawnBot, control } = await openSurroundings(postgresUrl)
  const root = mkdtempSync(join(tmpdir(), 'crash-'))
  const lives: Life[] = []
  let bot: ChildProcess | undefined
  const views = () => control<CallView[]>('GET', '/calls')
  const others: ChildProcess[] = []

  return {
    wire,
    control,
    views,
    rows: () => rowsOf(database.databaseUrl),
    /** Another bot on the same database, to which no calls come. */
    async startSecond() {
      const at = await freePort(31_000 + Math.floor(Math.random() * 1_000))
      others.push(spawnBot(at, root))
      await untilItListens(at, true)
    },
    async start({ untilReady = true } = {}) {
      lives.push({ from: Date.now(), to: Number.POSITIVE_INFINITY })
      bot = spawnBot(port, losesFolder ? join(root, String(lives.length)) : root)
      await untilItListens(port, untilReady)
    },
    async kill() {
      const life = lives.at(-1)
      if (!bot || !life || bot.signalCode !== null) return
      const ended = once(bot, 'exit')
      life.to = Date.now()
      bot.kill('SIGKILL')
      await ended
    },
    /** The first time its prompts are spoken, which takes a while; from then on they are in the database. */
    async somebodyIsAnswered() {
      for (const until = Date.now() + 60_000; Date.now() < until; await wait(500)) {
        const caller = await callIn(control, {}, 30_000)
        // On a busy machine a bot that has just begun is late, and turns callers away.
        const isAnswered = await caller.hears('Welcome').then(
          () => true,
          () => false,
        )
        if (isAnswered) return caller.hangsUp()
      }
      throw new Error('Nobody was answered.')
    },
    async callersCome(count: number, withinMs: number, random: () => number) {
      await Promise.all(Array.from({ length: count }, () => comes(control, withinMs, random)))
    },
    /** Until nobody is on the line and the books say so, or for so long. */
    async untilAll(limitMs: number) {
      for (const until = Date.now() + limitMs; Date.now() < until; await wait(500)) {
        if ((await views()).some(({ state }) => state !== 'terminated')) continue
        const open = await rowsOf(database.databaseUrl)
        if (open.every(({ state }) => state === 'ended')) return
      }
    },
    judge: async () => judge(await views(), await rowsOf(database.databaseUrl), lives, losesFolder ? writingMs : 0),
    async close() {
      await this.kill()
      for (const other of others) other.kill('SIGKILL')
      await emulator.server.close()
      await wire.close()
      await database.drop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const spawnProcess = (environment: Record<string, string>) =>
  spawn(process.execPath, ['--import', 'tsx', 'bot/main.ts'], {
    stdio: process.env.CRASH_LOG ? 'inherit' : 'ignore',
    env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: process.env.CRASH_LOG ?? 'silent', ...environment },
  })

/** One caller who comes some time, and presses 2, hangs up, or waits for what comes. */
async function comes(control: Control, withinMs: number, random: () => number) {
  const [comesAt, acts, what] = [random() * withinMs, 500 + random() * 4_000, random()]
  await wait(comesAt)
  const from = { user: { id: randomUUID(), displayName: 'Anna Berger' } }
  const { id } = await control<{ id: string }>('POST', '/calls', { from })
  await wait(acts)
  // Some are gone by then, which the emulator says.
  if (what < 0.3) await control('POST', `/calls/${id}/tones`, { tones: '2' }).catch(() => {})
  else if (what < 0.5) await control('POST', `/calls/${id}/hangUp`).catch(() => {})
}

async function untilItListens(port: number, untilReady: boolean) {
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null))?.ok
  while (untilReady && !(await isReady())) await wait(100)
}

async function publish(databaseUrl: string, tenantId: string) {
  const store = openStore({ databaseUrl })
  const { id, revision } = await store.flows.create(tenantId, { flow: frontDesk, by })
  await store.versions.publish(tenantId, id, { revision, note: '', by })
  await store.close()
}

type Row = { graph_call_id: string; state: string; outcome: string | null; ended_at: Date | null }

async function rowsOf(databaseUrl: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<Row>('select graph_call_id, state, outcome, ended_at from calls')
  await client.end()
  return rows
}

/** A process and the emulator read the same clock, in milliseconds that each rounds for itself. */
const sameMomentMs = 5
/** What happened so shortly before a crash may not have been heard. */
const hearingMs = 500

/** The history is written in batches: what it was told so shortly before a crash is nowhere when the folder is lost as well. */
const writingMs = 1_000

/** Whether a call taken then may be nowhere but with the process that was killed: also what it had sent, and Graph read after its end. */
const isLastOf =
  (takenAt: number, unwrittenMs: number) =>
  ({ to }: Life, nth: number, lives: readonly Life[]) =>
    to - unwrittenMs < takenAt && takenAt < (lives[nth + 1]?.from ?? 0)

function judge(views: CallView[], rows: Row[], lives: Life[], unwrittenMs: number) {
  const rowOf = new Map(rows.map((row) => [row.graph_call_id, row]))
  const lifeAt = (at: number) => lives.findIndex(({ from, to }) => from <= at && at < to)
  const wrongs: string[] = []
  const came = { answered: 0, served: 0, lost: 0, hungUp: 0 }
  for (const view of views) {
    // When the caller was through may be after the end of the process that answered.
    const taken = view.transcript.find((entry) => entry.kind === 'state' && entry.state === 'establishing')
    const takenAt = taken ? new Date(taken.at).getTime() : null
    if (unwrittenMs > 0 && takenAt !== null && lives.some(isLastOf(takenAt, unwrittenMs))) continue
    if (view.state !== 'terminated') wrongs.push(`${view.id} is still ${view.state}`)
    if (view.answeredAt === null || view.endedAt === null) continue
    came.answered += 1
    const row = rowOf.get(view.id)
    if (row?.state !== 'ended' || !row.ended_at) {
      wrongs.push(`${view.id} is ${row?.state ?? 'not there'} in the books`)
      continue
    }
    const ended = new Date(view.endedAt).getTime()
    const by = view.transcript.find((entry) => entry.kind === 'ended')?.by
    const life = takenAt === null ? undefined : lives[lifeAt(takenAt)]
    const sawTheEnd = life !== undefined && ended < life.to - Math.max(unwrittenMs, by === 'caller' ? hearingMs : 0)
    if (row.outcome === 'lost') came.lost += 1
    if (row.outcome === 'lost' && sawTheEnd)
      wrongs.push(`${view.id} was served until its end by the ${by}, and is lost`)
    if (sawTheEnd) came[by === 'caller' ? 'hungUp' : 'served'] += 1
    const ending = view.transcript.find((entry) => entry.kind === 'state' && entry.state.startsWith('terminat'))
    const early = ending ? new Date(ending.at).getTime() - row.ended_at.getTime() : 0
    if (early > sameMomentMs) wrongs.push(`${view.id} is over in the books ${early} ms before it was`)
  }
  return { wrongs, ...came }
}
