import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createProof } from '#communications/inbound/proof.ts'
import { createClient } from '#communications/requests/client.ts'
import { downloadRecording } from '#communications/requests/recordings.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { withTimeout } from '#ground/timeout.ts'
import { openRequester } from '#outbound/requester.ts'
import { openFlite } from '#speech/flite.ts'
import { openChanges } from '#store/changes.ts'
import { openStore } from '#store/database.ts'
import { type HistoryEntry, openHistory } from '#store/history.ts'
import { createAudioCache } from './audio.ts'
import { workInBackground } from './background.ts'
import { openChat } from './chat/chat.ts'
import { keepForgetting } from './forgetting.ts'
import { createFresh } from './fresh.ts'
import { healthOf, type Standing } from './health.ts'
import { watchLateness } from './lateness.ts'
import { createLiveCalls, type LiveCalls } from './liveCalls.ts'
import { type Log, redact } from './log.ts'
import { createMemorySessions } from './memorySessions.ts'
import { keepNamedValues } from './namedValues.ts'
import { answerWhoIsThere } from './people.ts'
import { saysValues } from './program.ts'
import { loadProgram } from './prompts.ts'
import { createRecordings } from './recordings.ts'
import { createRouting } from './routing.ts'
import { buildServer } from './server.ts'
import { readSettings, type Settings } from './settings.ts'
import { type Journal, openJournal } from './strays/journal.ts'
import { lookOut } from './strays/lookout.ts'
import { backgroundClock } from './timers.ts'
import { warmUp } from './warmUp.ts'

const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

/** Of a database that hangs: what is not done then, the next process does. */
const goodbyeLimitMs = 1_000

/** A voice that calls may need at any moment keeps its thread: to begin one takes half a second. */
const voiceRestsMs = 24 * 3_600_000
/** The values of one prompt are spoken at the same time, and those of two callers in turn. */
const voicesOfCalls = 2

export type Bot = { port: number; liveCalls: LiveCalls; stop(): Promise<void> }

/**
 * Starts the bot and gives back how to stop it.
 * @throws SettingsError before anything is opened, when a setting is missing or not safe
 */
export async function start(environment: Record<string, string | undefined>): Promise<Bot> {
  const settings = readSettings(environment)
  const process = { id: randomUUID(), tenantId: settings.tenantId, appId: settings.appId }
  const parts = buildParts(settings, process)
  const { kept, graph, liveCalls, recordings, lateness, chat, server, log, trouble, record, later } = parts
  const { processes } = kept.store
  const folder = join(settings.dataDir, 'journals')
  // Before the first call can come, which is written there.
  const journal = await openJournalIn(folder, process, parts)
  const stopping = new AbortController()
  const { signal } = stopping
  const warmed = warmUp()
    .catch((error: unknown) => trouble(error, 'The bot could not warm up'))
    .then(() => {
      later.isWarm = true
    })
  const background = workInBackground({
    warm: () => warmed.then(() => Promise.all([kept.routing.warm(), kept.named.warm()])).then(() => {}),
    loadKeys: graph.proof.load,
    token: () => graph.tokens.forTenant(settings.tenantId),
    onTrouble: trouble,
    signal,
  })
  const { calls } = graph
  const strays = lookOut({ process, processes, journal, folder, calls, record, log, onTrouble: trouble, signal })
  Object.assign(later, { journal, token: background.token, strays: () => strays.waiting } satisfies Partial<Later>)
  const forgetting = forgetOldCalls(settings, parts, signal)
  const stopAnswering = answerWhoIsThere({
    search: graph.users.search,
    onNews: (listener) => kept.changes.on('people', listener),
    answer: kept.store.people.answer,
    tenantId: settings.tenantId,
    onTrouble: (error) => trouble(error, 'Somebody could not be looked for by name'),
  })
  const port = await listen(server, settings)
  return {
    port,
    liveCalls,
    async stop() {
      stopping.abort()
      stopAnswering()
      lateness.close()
      // Side by side: a request that does not end must not keep callers in silence.
      await Promise.all([server.close(), liveCalls.close(), withTimeout(strays.done, goodbyeLimitMs, () => {})])
      await Promise.all([kept.history.close(), recordings.close(), forgetting])
      journal?.close()
      const forgotten = processes.forget(process.tenantId, process.id).catch(() => {})
      await withTimeout(forgotten, goodbyeLimitMs, () => {})
      await Promise.all([kept.close(), graph.close(), chat.close()])
    },
  }
}

type Process = { id: string; tenantId: string; appId: string }

/** What is there only when the other parts are. */
type Later = { journal: Journal | null; isWarm: boolean; token(): Standing['token']; strays(): number }

type Parts = ReturnType<typeof buildParts>

/** All parts, put together; nothing is listened to yet, and nothing done. */
function buildParts(settings: Settings, process: Process) {
  const trouble = (error: unknown, message: string) => server.log.error({ err: error }, message)
  const log: Log = {
    info: (what, message) => server.log.info(what, message),
    warn: (what, message) => server.log.warn(what, message),
    error: (what, message) => server.log.error(what, message),
  }
  const kept = openKept(settings, process.id, trouble)
  const graph = openGraph(settings)
  const later: Later = { journal: null, isWarm: false, token: () => 'asking', strays: () => 0 }
  const record = (entry: HistoryEntry) => {
    later.journal?.note(entry)
    kept.history.record(entry)
  }
  const recordings = createRecordings({
    download: (ref, signal) => downloadRecording(ref, { signal }),
    messages: kept.store.messages,
    log,
  })
  const lateness = watchLateness(graph.longestWaitMs)
  const liveCalls = createLiveCalls({
    calls: graph.calls,
    sessions: createMemorySessions(),
    fresh: kept.fresh,
    route: kept.routing.route,
    tables: kept.tables,
    callbacks: kept.store.callbacks,
    record,
    callbackUri: `${settings.publicUrl}/api/calls`,
    recordings,
    log,
    maxLiveCalls: settings.maxLiveCalls,
    turnsAway: lateness.turnsAway,
    services: { send: kept.requester.send, secret: kept.named.secret, values: kept.named.values },
  })
  const onTrouble = (error: unknown) => trouble(error, 'A message could not be answered')
  const chat = openChat({ settings, tokens: graph.tokens, store: kept.store, onTrouble })
  const server = buildServer({
    liveCalls,
    callsProof: graph.proof,
    messages: chat.gate,
    audio: kept.audio,
    fresh: kept.fresh,
    showsText: settings.local,
    version,
    logger: { level: settings.logLevel, redact },
    health: async () => healthOf(await standing({ kept, graph, later })),
  })
  return { kept, graph, liveCalls, recordings, lateness, chat, server, log, trouble, record, later }
}

/** Calls go on without it. */
const openJournalIn = (folder: string, process: Process, { kept, trouble }: Parts): Promise<Journal | null> =>
  openJournal({
    folder,
    process: process.id,
    appId: process.appId,
    isWritten: () => kept.history.waiting() === 0,
    onTrouble: (error) => trouble(error, 'The journal of calls could not be written'),
  }).catch((error: unknown) => {
    trouble(error, 'There is no journal of calls')
    return null
  })

/** As long as the process lives. */
const forgetOldCalls = ({ historyDays }: Settings, { kept, log, trouble }: Parts, signal: AbortSignal): Promise<void> =>
  keepForgetting({
    forget: kept.store.retention.forget,
    historyDays,
    onForgotten: (calls) => calls > 0 && log.info({ calls }, 'Old calls were forgotten'),
    onTrouble: (error) => trouble(error, 'Old calls could not be forgotten'),
    signal,
  })

type Watched = { kept: Kept; graph: ReturnType<typeof openGraph>; later: Later }

async function standing({ kept, graph, later }: Watched): Promise<Standing> {
  const database = await kept.store.ready().then(
    () => 'ok' as const,
    () => 'away' as const,
  )
  return {
    warm: later.isWarm,
    keys: graph.proof.ready,
    routes: kept.routing.ready,
    token: later.token(),
    database,
    history: { waiting: kept.history.waiting(), failing: kept.history.failing() },
    journal: later.journal?.isWell ? 'ok' : 'away',
    strays: later.strays() > 0,
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
  { databaseUrl, dataKey, publicUrl, tenantId, named: fixed, localServices }: Settings,
  process: string,
  trouble: (error: unknown, message: string) => void,
) {
  const store = openStore({ databaseUrl, poolSize: 4, dataKey })
  // Who writes a table waits for those before. Meanwhile others look up, and routes and flows of new calls wait for neither.
  const lookUps = openStore({ databaseUrl, poolSize: 2 })
  const writes = openStore({ databaseUrl, poolSize: 2 })
  const voice = openFlite()
  // One for calls alone: a version that is made ready must not keep a caller waiting, nor may the start of a thread.
  const voiceOfCalls = openFlite({ workers: voicesOfCalls, idleMs: voiceRestsMs })
  const fresh = createFresh({ voice: voiceOfCalls, publicUrl, clock: backgroundClock })
  // Prompts have a public address: strangers who ask for thousands of them must not keep routes and flows of new calls waiting.
  const forStrangers = openStore({ databaseUrl, poolSize: 2 })
  const audio = createAudioCache(forStrangers.prompts.wav)
  const history = openHistory({
    databaseUrl,
    process,
    onTrouble: (error) => trouble(error, 'The history could not be written'),
  })
  const changes = openChanges(databaseUrl, (error) => trouble(error, 'The database is not heard'))
  const routing = createRouting({
    loadRouting: () => store.routes.loadRouting(),
    loadProgram: async (tenantId, versionId) => {
      const program = await loadProgram({ store, voice, audio, publicUrl }, tenantId, versionId)
      if (saysValues(program)) {
        for (let turn = 0; turn < voicesOfCalls; turn++)
          void voiceOfCalls.speak('.', { turn: `${turn}` }).catch(() => {})
      }
      return program
    },
    onChange: (listener) => changes.on('routes', listener),
  })
  const named = keepNamedValues({
    load: (tenant) =>
      store.namedValues.load(tenant, (error) =>
        trouble(error, 'A secret could not be opened, so requests that name it fail'),
      ),
    onChange: (listener) => changes.on('values', listener),
    tenantId,
    fixed,
    onTrouble: (error) => trouble(error, 'Secrets and values could not be loaded'),
  })
  const requester = openRequester({ localServices })
  return {
    store,
    changes,
    tables: { lookUp: lookUps.tables.lookUp, write: writes.tables.write },
    named,
    requester,
    audio,
    fresh,
    history,
    routing,
    async close() {
      routing.close()
      named.close()
      const all = [requester, changes, store, lookUps, writes, forStrangers, voice, voiceOfCalls]
      await Promise.all(all.map((one) => one.close()))
    },
  }
}

type Kept = ReturnType<typeof openKept>

/** How the bot speaks to Graph, and knows what comes from there. */
function openGraph({ appId, tenantId, credential, services }: Settings) {
  const tokens = createTokens({ appId, credential, ...pick('loginUrl', services.loginUrl) })
  const { calls, users, longestWaitMs, close } = createClient({ tokens, ...pick('graphUrl', services.graphUrl) })
  const proof = createProof({ appId, tenants: [tenantId], ...pick('openIdUrl', services.callsOpenIdUrl) })
  return {
    tokens,
    calls: { ...calls, close },
    users,
    proof,
    longestWaitMs,
    close: () => Promise.all([close(), proof.close()]),
  }
}

/** A setting that is left out when it is not given. */
const pick = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [P in K]: V })
