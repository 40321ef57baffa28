import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { LiveCall } from '#communications/calling/call.ts'
import { createCalling } from '#communications/calling/calling.ts'
import { OperationError } from '#communications/calling/operations.ts'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import { createProof, ProofError } from '#communications/inbound/proof.ts'
import { createClient } from '#communications/requests/client.ts'
import { GraphError } from '#communications/road/error.ts'
import { createTokens } from '#communications/road/tokens.ts'
import type { ToneInfo } from '#communications/wire/types.ts'
import { type Clock, realClock, sleep } from '#ground/clock.ts'

export type BotSettings = {
  app: { appId: string; secret: string; tenantId: string }
  /** https, as Teams reaches the bot, which itself listens on `port`. */
  publicUrl: string
  port: number
  /** WAV files (PCM, mono, 16 bit, 16 kHz) by name. */
  audio: ReadonlyMap<string, Uint8Array>
  onError: (error: unknown) => void
  clock?: Clock
  emulator?: { loginUrl: string; graphUrl: string; openIdUrl: string }
}

/** What the bot can be asked for over HTTP besides calls, such as `POST /reminders`: from the JSON of the request to that of the answer. */
export type Routes = Record<string, (body: unknown) => object | Promise<object>>

export type Bot = Awaited<ReturnType<typeof startBot>>

/**
 * What the sample bots share: the way to Graph, the webhook, the sounds that Graph fetches, and routes of their own. Those ask for
 * `Authorization: Bearer <key>`, since whoever reaches them can make the bot call people (Microsoft's samples leave them open). A bot
 * with routes only calls out.
 */
export async function startBot(
  settings: BotSettings,
  { key = '', routes = {} }: { key?: string; routes?: Routes } = {},
) {
  const { app, publicUrl, port, audio, onError, clock = realClock, emulator } = settings
  const tokens = createTokens({ appId: app.appId, credential: { secret: app.secret }, clock, ...emulator })
  const client = createClient({ tokens, clock, ...emulator })
  const proof = createProof({ appId: app.appId, tenants: [app.tenantId], clock, ...emulator })
  const calling = createCalling({ client, clock, callbackUri: `${publicUrl}/api/calls`, onError })
  // A call from before a restart: nobody knows any more what was said, so it is not kept waiting.
  calling.on('unknown', (call) => client.calls.hangUp(call))
  if (key !== '') calling.on('incoming', (call) => call.reject({ reason: 'forbidden' }))

  const sounds = new Map(audio)
  /** The same name is the same sound: Graph may keep it. */
  const prompt = (name: string) => ({ uri: `${publicUrl}/audio/${name}`, resourceId: name })

  /** Says one thing after the other. Who hangs up or presses a key meanwhile has heard enough. */
  const say = (call: LiveCall, ...names: string[]) =>
    call.playPrompt({ prompts: names.map(prompt) }).catch(unless('cancelled', 'callEnded'))

  /** Asks for a key, which may come before the end of the question; null when none has come `patienceMs` after it. */
  async function ask(call: LiveCall, question: string, patienceMs = 15_000): Promise<ToneInfo | null> {
    const answered = new AbortController()
    const silence = say(call, question).then(() => sleep(clock, patienceMs, answered.signal))
    const key = await Promise.race([call.until('tone'), silence]).finally(() => answered.abort())
    if (!key) return null
    await call.cancelMediaProcessing()
    return key
  }

  async function reply(request: IncomingMessage): Promise<[status: number, body?: object]> {
    const { method = '', url = '', headersDistinct } = request
    const route = routes[`${method} ${url}`]
    if (route) {
      if (!isKey(headersDistinct.authorization, key)) return [401]
      return [200, await route(method === 'GET' ? null : await json(request))]
    }
    if (method === 'GET') {
      const sound = sounds.get(url.replace('/audio/', ''))
      return sound ? [200, sound] : [404]
    }
    const { tenantId } = await proof.verify(headersDistinct.authorization)
    const parsed = parseNotifications(await json(request))
    if (parsed.kind === 'graph') calling.hear(parsed.notifications, { tenantId })
    // What handlers have begun goes on after the answer, which does not wait for it.
    return [parsed.kind === 'legacy' ? 204 : 202]
  }

  const server = createServer(async (request, response) => {
    const [status, body] = await reply(request).catch(refusal)
    if (body instanceof Uint8Array) response.writeHead(status, { 'content-type': 'audio/wav' }).end(body)
    else response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(port, resolve))

  const stopping = new AbortController()
  return {
    ...{ calling, client, sounds, prompt, say, ask },
    stopping: stopping.signal,
    /** Nobody is left in silence: calls are hung up first. */
    async close() {
      stopping.abort()
      await Promise.allSettled(calling.calls.map((call) => call.hangUp()))
      calling.close()
      server.close().closeAllConnections()
      await Promise.all([client.close(), tokens.close(), proof.close()])
    },
  }
}

/** Nothing is told to who is not Microsoft; who has the key is told what was wrong. */
function refusal(error: unknown): [status: number, body?: object] {
  if (error instanceof ProofError) return [403]
  return [error instanceof GraphError ? 502 : 400, { message: error instanceof Error ? error.message : 'It failed.' }]
}

/** Hashes are equally long, and comparing them tells nothing by the time it takes. */
function isKey(given: readonly string[] | undefined, key: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return key !== '' && given?.length === 1 && timingSafeEqual(hash(given[0] ?? ''), hash(`Bearer ${key}`))
}

/** Null for an error that is no surprise. */
export const unless =
  (...codes: string[]) =>
  (error: unknown): null => {
    if (error instanceof OperationError && codes.includes(error.code)) return null
    throw error
  }
