import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { start } from '#bot/start.ts'
import { buildEmulator } from '#emulator/emulator.ts'
import { allCallPermissions, type SettingsInput } from '#emulator/settings.ts'
import type { Entry } from '#emulator/world/transcript.ts'
import type { Flow } from '#flow/flow.ts'
import { freePort } from '#scripts/start/ports.ts'
import { openStore, type Store } from '#store/database.ts'
import { freshDatabase } from './database.ts'
import { openWire } from './wire.ts'

/**
 * The whole product without its pages: a database, the emulator and the real bot, all over HTTP with signed
 * notifications, and people who call. Prompts play many times faster than life.
 */
export async function openTelephone(postgresUrl: string, overrides: Partial<SettingsInput> = {}) {
  const database = await freshDatabase(postgresUrl)
  // The bot's way to the database goes through a wire that a test can cut.
  const wire = await openWire(database.databaseUrl)
  const store = openStore({ databaseUrl: database.databaseUrl })
  const identity = { appId: randomUUID(), tenantId: randomUUID(), secret: randomUUID() }
  const botPort = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  const publicUrl = 'https://bot.localhost'
  const emulator = buildEmulator({
    apps: [
      { ...identity, displayName: 'Front desk', webhook: `${publicUrl}/api/calls`, permissions: allCallPermissions },
    ],
    addresses: { [publicUrl]: `http://127.0.0.1:${botPort}` },
    playbackSpeed: 100,
    delays: { establishing: 1, established: 1, audioActive: 1, transferring: 1, terminated: 1, person: 1 },
    ...overrides,
  })
  const emulatorUrl = await emulator.server.listen({ port: 0, host: '127.0.0.1' })
  const environment = {
    BOT_PORT: String(botPort),
    DATABASE_URL: wire.url,
    PUBLIC_URL: publicUrl,
    EMULATOR_URL: emulatorUrl,
    BOT_APP_ID: identity.appId,
    BOT_APP_SECRET: identity.secret,
    BOT_TENANT_ID: identity.tenantId,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  }
  let bot = await start(environment)

  const { tenantId } = identity
  const control = createControl(emulatorUrl)
  return {
    identity,
    store,
    database,
    wire,
    emulatorUrl,
    get botUrl() {
      return `http://127.0.0.1:${botPort}`
    },
    get liveCalls() {
      return bot.liveCalls
    },
    control,
    requests: () => requestsOf(control),
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
      await wire.close()
      await database.drop()
    },
  }
}

export type Telephone = Awaited<ReturnType<typeof openTelephone>>

type Control = ReturnType<typeof createControl>

/** The end of the emulator that tests hold: people, and what they see. */
const createControl =
  (emulatorUrl: string) =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${emulatorUrl}/emulator${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const said = (await answer.json().catch(() => ({}))) as T & { error?: { message: string } }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said.error?.message ?? ''}`)
    return said
  }

/** Publishes a flow and gives back its id. The first one answers all calls. */
async function publish(
  store: Store,
  tenantId: string,
  flow: Flow,
  existing?: string,
): Promise<{ flowId: string; number: number }> {
  if (existing === undefined) {
    const { id, revision } = await store.flows.create(tenantId, { flow, by: 'test' })
    const { number } = await store.versions.publish(tenantId, id, { revision, note: '', by: 'test' })
    return { flowId: id, number }
  }
  const { revision } = await store.flows.get(tenantId, existing)
  const saved = await store.flows.saveDraft(tenantId, existing, { flow, revision, by: 'test' })
  const { number } = await store.versions.publish(tenantId, existing, {
    revision: saved.revision,
    note: '',
    by: 'test',
  })
  return { flowId: existing, number }
}

type Dialled = { from?: unknown; to?: unknown; transfers?: 'accept' | 'decline' | 'noAnswer' | 'ask' }

/** Somebody calls. */
async function dial(control: Control, store: Store, tenantId: string, call: Dialled = {}) {
  const { id } = await control<{ id: string }>('POST', '/calls', {
    from: { user: { id: randomUUID(), displayName: 'Anna Berger' } },
    ...call,
  })
  let seen = 0
  const waitFor = async (query: string, timeoutMs = 8_000): Promise<Entry> => {
    const entry = await control<Entry>('GET', `/calls/${id}/wait?${query}&after=${seen}&timeoutMs=${timeoutMs}`)
    seen = entry.n
    return entry
  }
  return {
    id,
    /** Waits until a prompt begins that says this. */
    hears: (text: string, timeoutMs?: number) => waitFor(`prompt=${encodeURIComponent(text)}`, timeoutMs),
    isIn: (state: string) => waitFor(`state=${state}`),
    ends: () => waitFor('ended=1'),
    presses: (tones: string) => control('POST', `/calls/${id}/tones`, { tones }),
    hangsUp: () => control('POST', `/calls/${id}/hangUp`),
    transferTurns: (outcome: string) => control('POST', `/calls/${id}/transfer`, { outcome }),
    transcript: async () => (await control<{ transcript: Entry[] }>('GET', `/calls/${id}`)).transcript,
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

type RequestRecord = { kind: string; operation?: string; callId?: string; body?: unknown; status?: number }
const requestsOf = (control: Control) => control<RequestRecord[]>('GET', '/requests')
