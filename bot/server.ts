import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import type { Proof, Proven } from '#communications/inbound/proof.ts'
import { cut } from '#ground/cut.ts'
import { storableText } from '#ground/storableText.ts'
import type { AudioCache } from './audio.ts'
import type { ChatGate } from './chat/gate.ts'
import { authorizationOf, refusal } from './http.ts'
import type { LiveCalls } from './liveCalls.ts'

export type Services = {
  liveCalls: Pick<LiveCalls, 'take'>
  /** Proof that the Teams calling service sent a request. */
  callsProof: Proof
  messages: ChatGate
  audio: AudioCache
  /** Test telephones on this machine are told what a prompt says; nobody else is. */
  showsText?: boolean
  /** What the bot is and whether it can serve. */
  health(): Promise<{ ok: boolean; checks: Record<string, unknown> }>
  version: string
  logger?: boolean | { level: string; redact: string[] }
}

/** Largest body of a notification, in bytes: real ones are a few kilobytes. */
const mostBytes = 256 * 1024

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose call it is, once the token has been verified. */
    proven?: Proven
  }
}

/** Builds the bot's server and does not listen, so that a test can ask it without a port. */
export function buildServer(services: Services): FastifyInstance {
  const server = Fastify({
    logger: services.logger ?? false,
    bodyLimit: mostBytes,
    // Addresses hold ids of calls and prompts; what matters is logged where it happens.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
  })

  // JSON and nothing else: Fastify would take plain text too.
  server.removeContentTypeParser('text/plain')

  server.setErrorHandler((error: { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'A request failed')
    const code = status >= 500 ? 'internal' : (error.code ?? 'badRequest')
    return reply.code(status).send({ error: { code, message: sentences[code] ?? 'The request could not be read.' } })
  })
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'notFound', message: 'There is nothing at this address.' } }),
  )

  server.get('/api/health', async (_request, reply) => {
    const { ok, checks } = await services.health()
    return reply.code(ok ? 200 : 503).send({ name: 'bot', ok, version: services.version, checks })
  })

  server.post(
    '/api/calls',
    {
      // Before anything of the body is read: a stranger can make us check a token and nothing else.
      onRequest: async (request, reply) => {
        try {
          request.proven = await services.callsProof.verify(authorizationOf(request))
        } catch (error) {
          request.log.warn({ code: codeOf(error) }, 'A call notification was refused')
          return reply.code(401).send(refusal)
        }
      },
    },
    async (request, reply) => {
      const { proven } = request
      if (!proven) return reply.code(401).send(refusal)
      const parsed = readNotifications(request.body)
      if (parsed === null) return reply.code(400).send(badNotification)
      // Graph sends the old form first; 204 asks for its own (Teams platform page on call notifications).
      if (parsed.kind === 'legacy') return reply.code(204).send()
      reply.code(202).send()
      for (const notification of parsed.notifications) void services.liveCalls.take(notification, proven.tenantId)
      return reply
    },
  )

  server.post(
    '/api/messages',
    { onRequest: async (request, reply) => services.messages.gate(request, reply) },
    (request, reply) => services.messages.handle(request, reply),
  )

  servePrompts(server, services)

  return server
}

/** So much of a text stands in a header; percent-encoded it is up to nine times as long, and clients take 16 kB of headers. */
const mostTextInHeader = 1_000

/** The audio of prompts, for whoever knows its address. It never changes, so its random id is all that a cache needs to know it by. */
function servePrompts(server: FastifyInstance, { audio: prompts, showsText }: Pick<Services, 'audio' | 'showsText'>) {
  server.get<{ Params: { file: string } }>('/prompts/:file', async (request, reply) => {
    const publicId = /^([0-9a-f-]{36})\.wav$/.exec(request.params.file)?.[1]
    const audio = publicId === undefined ? null : await prompts.get(publicId)
    if (!audio) return reply.code(404).send({ error: { code: 'notFound', message: 'There is no such prompt.' } })
    const etag = `"${publicId}"`
    reply.header('etag', etag).header('cache-control', 'public, max-age=31536000, immutable')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    if (showsText)
      reply.header('x-prompt-text', encodeURIComponent(cut(storableText(audio.text, '\ufffd'), mostTextInHeader)))
    return reply.type('audio/wav').send(audio.wav)
  })
}

const sentences: Record<string, string> = {
  internal: 'Something went wrong here. It has been logged.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be sent as application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 256 KB.',
}

const badNotification = {
  error: {
    code: 'notANotification',
    message: 'The body is not a Graph calls notification. Sending it again will not help.',
  },
} as const

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : 'unknown')

function readNotifications(body: unknown): ReturnType<typeof parseNotifications> | null {
  try {
    return parseNotifications(body)
  } catch {
    return null
  }
}
