import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createProof } from '#communications/inbound/proof.ts'
import { createCalls } from '#communications/requests/calls.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { withTimeout } from '#ground/timeout.ts'
import { openFlite } from '#speech/flite.ts'
import { openChanges } from '#store/changes.ts'
import { openStore } from '#store/database.ts'
import { type HistoryEntry, openHistory } from '#store/history.ts'
import { createAudioCache } from './audio.ts'
import { workInBackground } from './background.ts'
import { openChat } from './chat/chat.ts'
import { keepForgetting } from './forgetting.ts'
import { watchLateness } from './lateness.ts'
import { createLiveCalls, type LiveCalls } from './liveCalls.ts'
import type { Log } from './log.ts'
import { createMemorySessions } from './memorySessions.ts'
import { loadProgram } from './prompts.ts'
import { createRouting } from './routing.ts'
import { buildServer } from './server.ts'
import { readSettings, type Settings } from './settings.ts'
import { type Journal, openJournal } from './strays/journal.ts'
import { lookOut } from './strays/lookout.ts'
import { warmUp } from './warmUp.ts'

const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

/** Never in a log line, wherever they may stand in it. */
const redact = ['req.headers.authorization', '*.secret', '*.token', '*.phone', '*.text', '*.digits', '*.displayName']

/** Of a database that hangs: what is not done then, the next process does. */
const goodbyeLimitMs = 1_000

export type Bot = { port: number; liveCalls: LiveCalls; stop(): Promise<void> }

/**
 * Starts the bot and gives back how to stop it.
 * @throws SettingsError before anything is opened, when a setting is missing or not safe
 */
export async function start(environment: Record<string, string | undefined>): Promise<Bot> {
  const settings = readSettings(environment)
  const trouble = (error: unknown, message: string) => server.log.error({ err: error }, message)
  const log: Log = {
    info: (what, message) => server.log.info(what, message),
    warn: (what, message) => server.log.warn(what, message),
    error: (what, message) => server.log.error(what, message),
  }
  const process = { id: randomUUID(), tenantId: settings.tenantId, appId: settings.appId }
  const kept = openKept(settings, process.id, trouble)
  const graph = openGraph(settings)
  const { calls } = graph
  let journal: Journal | null = null
  const record = (entry: HistoryEntry) => {
    journal?.note(entry)
    kept.history.record(entry)
  }
  const lateness = watchLateness()
  const liveCalls = createLiveCalls({
    calls,
    sessions: createMemorySessions(),
    route: kept.routing.route,
    record,
    callbackUri: `${settings.publicUrl}/api/calls`,
    log,
    maxLiveCalls: settings.maxLiveCalls,
    turnsAway: lateness.turnsAway,
  })
  const onTrouble = (error: unknown) => trouble(error, 'A message could not be answered')
  const chat = openChat({ settings, tokens: graph.tokens, store: kept.store, onTrouble })
  const server = buildServer({
    liveCalls,
    callsProof: graph.proof,
    messages: chat.gate,
    audio: kept.audio,
    showsText: settings.local,
    version,
    logger: { level: settings.logLevel, redact },
    health: () => healthOf(kept, liveCalls, isWarm),
  })
  const folder = join(settings.dataDir, 'journals')
  // Before the first call can come, which is written there.
  journal = await openJournal({
    folder,
    process: process.id,
    appId: process.appId,
    isWritten: () => kept.history.waiting() === 0,
    onTrouble: (error) => trouble(error, 'The journal of calls could not be written'),
  }).catch((error: unknown) => {
    trouble(error, 'There is no journal of calls')
    return null
  })
  const port = await listen(server, settings)
  // Behind the listening, so that a call which comes already is heard.
  let isWarm = false
  const warmed = warmUp()
    .catch((error: unknown) => trouble(error, 'The bot could not warm up'))
    .then(() => {
      isWarm = true
    })
  const stopping = new AbortController()
  const { signal } = stopping
  workInBackground({ warm: () => warmed.then(kept.routing.warm), onTrouble: trouble, signal })
  const { processes } = kept.store
  const strays = lookOut({ process, processes, journal, folder, calls, record, log, onTrouble: trouble, signal })
  const forgetting = keepForgetting({
    forget: kept.store.retention.forget,
    historyDays: settings.historyDays,
    onForgotten: (calls) => calls > 0 && log.info({ calls }, 'Old calls were forgotten'),
    onTrouble: (error) => trouble(error, 'Old calls could not be forgotten'),
    signal,
  })
  return {
    port,
    liveCalls,
    async stop() {
      stopping.abort()
      lateness.close()
      // Side by side: a request that does not end must not keep callers in silence.
      await Promise.all([server.close(), liveCalls.close(), withTimeout(strays.done, goodbyeLimitMs, () => {})])
      await Promise.all([kept.history.close(), forgetting])
      journal?.close()
      const forgotten = processes.forget(process.tenantId, process.id).catch(() => {})
      await withTimeout(forgotten, goodbyeLimitMs, () => {})
      await Promise.all([kept.close(), graph.close(), chat.close()])
    },
  }
}

async function listen(server: FastifyInstance, { port: wanted, host }: Settings): Promise<number> {
  await server.listen({ port: wanted, host })
  const { port } = server.server.address() as AddressInfo // it listens on TCP
  server.log.info({ port }, 'The bot takes calls')
  return port
}

/** What the bot reads and writes: the database, and what of it is kept in memory. */
function openKept(
  { databaseUrl, publicUrl }: Settings,
  process: string,
  trouble: (error: unknown, message: string) => void,
) {
  const store = openStore({ databaseUrl, poolSize: 4 })
  const voice = openFlite()
  const audio = createAudioCache(async (publicId) => {
    const prompt = await store.prompts.wav(publicId)
    return prompt && { wav: prompt.wav, text: prompt.text }
  })
  const history = openHistory({
    databaseUrl,
    process,
    onTrouble: (error) => trouble(error, 'The history could not be written'),
  })
  const changes = openChanges(databaseUrl, (error) => trouble(error, 'The database is not heard'))
  const routing = createRouting({
    loadRouting: () => store.routes.loadRouting(),
    loadProgram: (tenantId, versionId) => loadProgram({ store, voice, audio, publicUrl }, tenantId, versionId),
    onChange: (listener) => changes.on('routes', listener),
  })
  return {
    store,
    audio,
    history,
    routing,
    async close() {
      routing.close()
      await Promise.all([changes.close(), store.close(), voice.close()])
    },
  }
}

type Kept = ReturnType<typeof openKept>

/** How the bot speaks to Graph, and knows what comes from there. */
function openGraph({ appId, tenantId, credential, services }: Settings) {
  const tokens = createTokens({ appId, credential, ...pick('loginUrl', services.loginUrl) })
  const calls = createCalls({ tokens, ...pick('graphUrl', services.graphUrl) })
  const proof = createProof({ appId, tenants: [tenantId], ...pick('openIdUrl', services.callsOpenIdUrl) })
  return { tokens, calls, proof, close: () => Promise.all([calls.close(), proof.close()]) }
}

async function healthOf({ store, routing, history }: Kept, liveCalls: LiveCalls, isWarm: boolean) {
  const database = await store.ready().then(
    () => 'ok',
    () => 'away',
  )
  // Calls go on without the database once routes are known; see decisions/database-away.md.
  return {
    ok: routing.ready && isWarm,
    checks: { database, liveCalls: liveCalls.count, historyWaiting: history.waiting() },
  }
}

/** A setting that is left out when it is not given. */
const pick = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [P in K]: V })
