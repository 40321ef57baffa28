import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { expect, vi } from 'vitest'
import { start } from '#bot/start.ts'
import { buildEmulator } from '#emulator/emulator.ts'
import { allCallPermissions, type SettingsInput } from '#emulator/settings.ts'
import type { Flow } from '#flow/flow.ts'
import { freePort } from '#scripts/start/ports.ts'
import { openStore, type Store } from '#store/database.ts'
import { type Control, callIn, createControl, type Dialled } from './caller.ts'
import { freshDatabase } from './database.ts'
import { openWire } from './wire.ts'

// A machine with much else to do makes the bot late, and then it rightly turns callers away (lateness.test.ts, bench/overload.ts).
vi.mock('#bot/lateness.ts', () => ({ watchLateness: () => ({ turnsAway: () => false, close: () => {} }) }))

/**
 * The whole product without its pages: a database, the emulator and the real bot, all over HTTP with signed
 * notifications, and people who call. Prompts play many times faster than life.
 */
export async function openTelephone(
  postgresUrl: string,
  overrides: Partial<SettingsInput> = {},
  /** Further settings of the bot. */
  more: Record<string, string> = {},
) {
  const database = await freshDatabase(postgresUrl)
  // The bot's way to the database goes through a wire that a test can cut.
  const wire = await openWire(database.databaseUrl)
  const store = openStore({ databaseUrl: database.databaseUrl, dataKey: more.DATA_KEY ?? null })
  const pool = new pg.Pool({ connectionString: database.databaseUrl, max: 1 })
  const identity = { appId: randomUUID(), tenantId: randomUUID(), secret: randomUUID() }
  const botPort = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  const publicUrl = 'https://bot.localhost'
  const botUrl = `http://127.0.0.1:${botPort}`
  const emulator = buildEmulator({
    apps: [
      { ...identity, displayName: 'Front desk', webhook: `${publicUrl}/api/calls`, permissions: allCallPermissions },
    ],
    addresses: { [publicUrl]: botUrl },
    playbackSpeed: 100,
    answerWithinMs: 60_000, // how long a busy machine speaks before it answers is shown elsewhere
    delays: { establishing: 1, established: 1, audioActive: 1, transferring: 1, terminated: 1, person: 1 },
    ...overrides,
  })
  const emulatorUrl = await emulator.server.listen({ port: 0, host: '127.0.0.1' })
  const dataDir = mkdtempSync(join(tmpdir(), 'bot-'))
  const environment = {
    DATA_DIR: dataDir,
    BOT_PORT: String(botPort),
    DATABASE_URL: wire.url,
    PUBLIC_URL: publicUrl,
    EMULATOR_URL: emulatorUrl,
    BOT_APP_ID: identity.appId,
    BOT_APP_SECRET: identity.secret,
    BOT_TENANT_ID: identity.tenantId,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...more,
  }
  let bot = await start(environment)

  const { tenantId } = identity
  const control = createControl(emulatorUrl)
  return {
    identity,
    store,
    databaseUrl: database.databaseUrl,
    wire,
    botUrl,
    emulatorUrl,
    get liveCalls() {
      return bot.liveCalls
    },
    control,
    sql: async <Row extends pg.QueryResultRow>(text: string) => (await pool.query<Row>(text)).rows,
    requests: () => requestsOf(control),
    /** On a busy machine the bot asks for the keys twice, half a minute apart; until then it can tell no call from a made-up one. */
    isReady: () =>
      vi.waitFor(async () => expect((await fetch(`${botUrl}/readyz`)).status).toBe(200), { timeout: 90_000 }),
    publish: (flow: Flow, existing?: string) => publish(store, tenantId, flow, existing),
    dial: (call?: Dialled) => dial(control, store, tenantId, call),
    async restartBot() {
      await bot.stop()
      bot = await start(environment)
    },
    async close() {
      await bot.stop()
      await emulator.server.close()
      await store.close()
      await pool.end()
      await wire.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Telephone = Awaited<ReturnType<typeof openTelephone>>

/** Publishes a flow and gives back its id. The first one answers all calls. */
async function publish({ flows, versions }: Store, tenantId: string, flow: Flow, existing?: string) {
  const by = 'test'
  const { id: flowId, revision: before } =
    existing === undefined ? await flows.create(tenantId, { flow, by }) : await flows.get(tenantId, existing)
  const { revision } = await flows.saveDraft(tenantId, flowId, { flow, revision: before, by })
  const { number } = await versions.publish(tenantId, flowId, { revision, note: '', by })
  return { flowId, number }
}

/** Somebody calls, and one may look what the bot asked for and wrote down. */
async function dial(control: Control, store: Store, tenantId: string, call?: Dialled) {
  const caller = await callIn(control, call)
  const { id } = caller
  return {
    ...caller,
    /** Names of the operations that the bot asked for, in order. */
    requests: async () =>
      (await requestsOf(control))
        .filter((one) => one.kind === 'request' && one.callId === id)
        .map(({ operation }) => operation),
    /** The call as the history has it, once it is written. */
    async history(timeoutMs = 5_000) {
      for (let n = 0; n < timeoutMs / 50; n++) {
        const found = await store.calls.get(tenantId, id).catch(() => null)
        if (found && found.state === 'ended') return found
        await wait(50)
      }
      throw new Error('The call did not come to the history.')
    },
  }
}

type RequestRecord = { kind: string; operation?: string; callId?: string; body?: unknown; status?: number; at: string }
const requestsOf = (control: Control) => control<RequestRecord[]>('GET', '/requests')
