import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createProof } from '#communications/inbound/proof.ts'
import { createCalls } from '#communications/requests/calls.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { sleep } from '#ground/clock.ts'
import { openFlite } from '#speech/flite.ts'
import { createSpeaker } from '#speech/speak.ts'
import { openChanges } from '#store/changes.ts'
import { openStore } from '#store/database.ts'
import { openHistory, type Stray } from '#store/history.ts'
import { createAudioCache } from './audio.ts'
import { createAnswer } from './chat/answer.ts'
import { botbuilderAdapter } from './chat/botbuilder.ts'
import { hangUpInsisting } from './hangUp.ts'
import { insist } from './insist.ts'
import { createLiveCalls, type LiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import { createMessages } from './messages.ts'
import { makeProgram, type Program, type PromptAudio, promptUri } from './program.ts'
import { createRouting } from './routing.ts'
import { buildServer } from './server.ts'
import { readSettings } from './settings.ts'
import { backgroundClock } from './timers.ts'

const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

/** Never in a log line, wherever they may stand in it. */
const redact = ['req.headers.authorization', '*.secret', '*.token', '*.phone', '*.text', '*.digits', '*.displayName']

/** Between two tries of what the database has to be there for. */
const retryMs = 3_000
/** Between the hang-ups of calls that a process before left behind. */
const betweenStraysMs = 50

export type Bot = { port: number; liveCalls: LiveCalls; stop(): Promise<void> }

/**
 * Starts the bot and gives back how to stop it.
 * @throws SettingsError before anything is opened, when a setting is missing or not safe
 */
export async function start(environment: Record<string, string | undefined>): Promise<Bot> {
  const settings = readSettings(environment)
  const { appId, tenantId, databaseUrl, publicUrl, services } = settings

  const store = openStore({ databaseUrl, poolSize: 4 })
  const tokens = createTokens({ appId, credential: settings.credential, ...pick('loginUrl', services.loginUrl) })
  const calls = createCalls({ tokens, ...pick('graphUrl', services.graphUrl) })
  const audio = createAudioCache(async (publicId) => {
    const prompt = await store.prompts.wav(publicId)
    return prompt && { wav: prompt.wav, etag: prompt.key, text: prompt.text }
  })
  const voice = openFlite()

  /** A version ready for calls. Its prompts were spoken when it was published; what is missing is spoken now. */
  async function loadProgram(tenant: string, versionId: string): Promise<Program> {
    const found = await store.versions.get(tenant, versionId)
    const speaker = createSpeaker({
      voice,
      find: (keys) => store.prompts.find(tenant, keys),
      save: async (prompt) => ({ publicId: await store.prompts.save(tenant, prompt) }),
    })
    const bare = makeProgram(found, new Map())
    const texts = bare.prompts.map((text) => ({ text, language: found.flow.language }))
    const kept = await speaker.prepare(texts)
    const addresses = new Map<string, PromptAudio>()
    for (const prompt of texts) {
      const key = speaker.keyOf(prompt)
      const found = kept.get(key)
      if (found === undefined) continue
      const { publicId, durationMs } = found
      addresses.set(prompt.text, { uri: promptUri(publicUrl, publicId), resourceId: key, durationMs })
      await audio.get(publicId) // so that it is there when Graph asks, whatever happens to the database
    }
    return { ...bare, audio: addresses }
  }

  const trouble = (error: unknown, message: string) => server.log.error({ err: error }, message)
  const history = openHistory({
    databaseUrl,
    onTrouble: (error) => trouble(error, 'The history could not be written'),
  })
  const changes = openChanges(databaseUrl, (error) => trouble(error, 'The database is not heard'))
  const routing = createRouting({
    loadRouting: () => store.routes.loadRouting(),
    loadProgram,
    onChange: (listener) => changes.on('routes', listener),
  })

  const log = {
    info: (what: Record<string, unknown>, message: string) => server.log.info(what, message),
    warn: (what: Record<string, unknown>, message: string) => server.log.warn(what, message),
    error: (what: Record<string, unknown>, message: string) => server.log.error(what, message),
  }
  const liveCalls = createLiveCalls({
    calls,
    sessions: createMemorySessions(),
    route: routing.route,
    record: history.record,
    callbackUri: `${publicUrl}/api/calls`,
    log,
    maxLiveCalls: settings.maxLiveCalls,
  })

  const callsProof = createProof({ appId, tenants: [tenantId], ...pick('openIdUrl', services.callsOpenIdUrl) })
  const messagesProof = createProof({
    appId,
    openIdUrl: services.messagesOpenIdUrl ?? 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuers: ['https://api.botframework.com'],
    tenantClaim: 'optional',
    requireEndorsement: true,
  })
  const answer = createAnswer({
    designerUrl: environment.TAB_URL || null,
    async answering() {
      const flows = new Map((await store.flows.list(tenantId)).map((flow) => [flow.id, flow]))
      return (await store.routes.list(tenantId)).flatMap(({ called, flowId }) => {
        const flow = flows.get(flowId)
        return flow?.published ? [{ called, flow: flow.name, version: flow.published.number }] : []
      })
    },
  })
  const server = buildServer({
    liveCalls,
    callsProof,
    messages: createMessages({
      proof: messagesProof,
      tenantId,
      adapter: botbuilderAdapter({
        appId,
        tenantId,
        token: (tenant, scope) => tokens.forTenant(tenant, scope),
        answer,
      }),
      onTrouble: (error) => trouble(error, 'A message could not be answered'),
    }),
    audio,
    version,
    logger: { level: settings.logLevel, redact },
    async health() {
      const database = await store.ready().then(
        () => 'ok',
        () => 'away',
      )
      // Calls go on without the database once routes are known; see decisions/database-away.md.
      return {
        ok: routing.ready,
        checks: { database, liveCalls: liveCalls.count, historyWaiting: history.waiting() },
      }
    },
  })
  // Before the first call can come: calls that began earlier are those of a process that is no more.
  const startedAt = new Date()
  await server.listen({ port: settings.port, host: settings.host })
  const { port } = server.server.address() as AddressInfo
  server.log.info({ port }, 'The bot takes calls')

  // Behind the listening, until it is done: neither a database that hangs nor prompts to be spoken keep the bot from calls.
  const stopping = new AbortController()
  const { signal } = stopping
  void insist(() => routing.warm(), {
    signal,
    pauseMs: () => retryMs,
    onFailure: (error) => trouble(error, 'Flows could not be loaded yet'),
  })
  void insist(async () => void hangUpStrays(await history.endStrays(startedAt)), {
    signal,
    pauseMs: () => retryMs,
    onFailure: (error) => trouble(error, 'Old calls could not be closed'),
  })
  /** Their callers may still be on the line, in silence. A few at a time: the calls of now come first. */
  async function hangUpStrays(strays: readonly Stray[]) {
    for (const { tenantId, graphCallId } of strays) {
      if (signal.aborted) return
      void hangUpInsisting({ id: graphCallId, tenantId }, { calls, log, signal })
      await sleep(backgroundClock, betweenStraysMs, signal)
    }
  }

  return {
    port,
    liveCalls,
    async stop() {
      stopping.abort()
      // Side by side: a request that does not end must not keep callers in silence.
      await Promise.all([server.close(), liveCalls.close()])
      await history.close()
      routing.close()
      await Promise.all([
        changes.close(),
        store.close(),
        calls.close(),
        voice.close(),
        callsProof.close(),
        messagesProof.close(),
      ])
    },
  }
}

/** A setting that is left out when it is not given. */
const pick = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [P in K]: V })
