import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { Proof } from '#communications/inbound/proof.ts'
import { bareAnswer } from '#ground/bareAnswer.ts'
import { cut } from '#ground/cut.ts'
import { storableText } from '#ground/storableText.ts'
import { StoreError } from '#store/error.ts'
import type { AudioCache } from './audio.ts'
import type { ChatGate } from './chat/gate.ts'
import { createDoor } from './door.ts'
import type { Fresh } from './fresh.ts'
import type { Health } from './health.ts'
import { mostBytes, type RefusalCode, refusalOf, retryAfterSeconds } from './http.ts'
import type { LiveCalls } from './liveCalls.ts'
import { tallied } from './tally.ts'

export type Services = {
  liveCalls: Pick<LiveCalls, 'take'>
  /** Proof that the Teams calling service sent a request. */
  callsProof: Pick<Proof, 'verify'>
  messages: ChatGate
  audio: Pick<AudioCache, 'get'>
  /** What is spoken for one call only. */
  fresh?: Pick<Fresh, 'get'>
  /** Test telephones on this machine are told what a prompt says; nobody else is. */
  showsText?: boolean
  /** How the bot is, and whether it can serve. */
  health(): Promise<Pick<Health, 'ready'>>
  version: string
  logger?: boolean | { level: string; redact: string[] }
}

/** A request must have arrived by then, in milliseconds; Node looks for late ones so often. Together below 20 s. */
const arrival = { requestTimeout: 15_000, connectionsCheckingInterval: 2_500 }

/** Builds the bot's server and does not listen. `limits` are for tests. */
export function buildServer(services: Services, limits = arrival): FastifyInstance {
  const server = Fastify({
    logger: services.logger ?? false,
    bodyLimit: mostBytes,
    // Addresses hold ids of calls and prompts; what matters is logged where it happens.
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (others) => {
      const http = createServer({ ...limits, keepAliveTimeout: 72_000 }, (request, response) =>
        door.isFor(request) ? door.answer(request, response) : others(request, response),
      )
      return http.setTimeout(60_000)
    },
    clientErrorHandler: refuseUnread,
    frameworkErrors: (error, _request, reply) => refuseAs(reply, codes[error.code] ?? 'badRequest'),
  })
  const { log } = server
  const door = createDoor({ ...services, log })
  server.addHook('preClose', async () => door.close())

  // JSON and nothing else: Fastify would take plain text too.
  server.removeContentTypeParser('text/plain')

  const noteAway = tallied(log, 'Requests found no database')
  server.setErrorHandler((error: { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof StoreError && error.code === 'unavailable') {
      noteAway(error.detail.why ?? error.code)
      return refuseAs(reply, 'busy')
    }
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'A request failed')
    return refuseAs(reply, status >= 500 ? 'internal' : (codes[error.code ?? ''] ?? 'badRequest'))
  })
  server.setNotFoundHandler((_request, reply) => refuseAs(reply, 'notFound'))

  serveHealth(server, services)

  server.post(
    '/api/messages',
    { onRequest: async (request, reply) => services.messages.gate(request, reply) },
    (request, reply) => services.messages.handle(request, reply),
  )

  servePrompts(server, services)

  return server
}

/**
 * For those who start and stop bots: `/livez` says that the process lives and need not be started anew, `/readyz` whether calls may
 * come here (the names that Kubernetes uses), and `/api/health` the same in the way of all processes of this product.
 */
function serveHealth(server: FastifyInstance, { health, version }: Pick<Services, 'health' | 'version'>) {
  server.get('/livez', async () => ({ name: 'bot', live: true, version }))
  for (const address of ['/readyz', '/api/health']) {
    server.get(address, async (_request, reply) => {
      const found = await health()
      if (!found.ready) reply.code(503).header('retry-after', retryAfterSeconds)
      return { name: 'bot', version, ...found }
    })
  }
}

/** So much of a text stands in a header; percent-encoded it is up to nine times as long, and clients take 16 kB of headers. */
const mostTextInHeader = 1_000

/** The audio of prompts, for whoever knows its address. It never changes, so its random id is all that a cache needs to know it by. */
function servePrompts(
  server: FastifyInstance,
  { audio: prompts, fresh, showsText }: Pick<Services, 'audio' | 'fresh' | 'showsText'>,
) {
  server.get<{ Params: { file: string } }>('/prompts/:file', async (request, reply) => {
    const publicId = /^([0-9a-f-]{36})\.wav$/.exec(request.params.file)?.[1]
    const ofOneCall = publicId === undefined ? null : (fresh?.get(publicId) ?? null)
    const audio = ofOneCall ?? (publicId === undefined ? null : await prompts.get(publicId))
    if (!audio) return refuseAs(reply, 'notFound')
    const etag = `"${publicId}"`
    reply.header('etag', etag).header('cache-control', ofOneCall ? 'no-store' : 'public, max-age=31536000, immutable')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    if (showsText)
      reply.header('x-prompt-text', encodeURIComponent(cut(storableText(audio.text, '\ufffd'), mostTextInHeader)))
    return reply.type('audio/wav').send(audio.wav)
  })
}

/** Our words for what the framework refuses. */
const codes: Record<string, RefusalCode> = {
  FST_ERR_BAD_URL: 'badAddress',
  FST_ERR_MAX_PARAM_LENGTH: 'addressTooLong',
  FST_ERR_CTP_INVALID_JSON_BODY: 'notJson',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'emptyBody',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrongType',
  FST_ERR_CTP_BODY_TOO_LARGE: 'tooLarge',
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'tooSlow',
}

function refuseAs(reply: FastifyReply, code: RefusalCode) {
  const { status, body } = refusalOf(code)
  if (status === 503) reply.header('retry-after', retryAfterSeconds)
  return reply.code(status).send(body)
}

/** Of a request that never was one, or that came too slowly, there is nothing to answer but the connection. */
function refuseUnread({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, body } = refusalOf(codes[code ?? ''] ?? 'badRequest')
  socket.end(bareAnswer(status, body), () => socket.destroy())
}
