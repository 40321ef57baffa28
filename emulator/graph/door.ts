import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { ErrorBody } from '#communications/wire/types.ts'
import type { App, Settings } from '../settings.ts'
import { type AccessTokens, type Bearer, resources } from '../wire/entra.ts'
import { answerControlError } from '../wire/guard.ts'
import { originOf } from '../wire/openid.ts'
import { Refusal } from '../wire/refusal.ts'
import { permissionsFor } from './permissions.ts'

/** What a request to Graph is answered with. `location` is a path below /v1.0. */
export type GraphAnswer = { status: number; body?: unknown; location?: string }

/** What every resource of Graph has in common: who asks, what that app may do, and the form of answers and refusals. */
export type GraphDoor = {
  /** Throws a Refusal: 401/7501 for a token that is none, 403/7503 for an app without calling. */
  authorize(request: FastifyRequest): Promise<{ bearer: Bearer; app: App }>
  /** Throws a Refusal 403/7504 when the app lacks what `permissionsFor` the operation asks. */
  requirePermissions(operation: string, body: unknown, bearer: Bearer, call?: { isGroup: boolean }): void
  send(request: FastifyRequest, reply: FastifyReply, answer: GraphAnswer): FastifyReply
}

/** Gives the server Graph's headers and error bodies. */
export function answerAsGraph(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => nameAnswer(request, reply))
  server.setErrorHandler(answerGraphError)
}

function nameAnswer({ headers }: FastifyRequest, reply: FastifyReply): void {
  const given = headers['client-request-id']
  reply.header('request-id', randomUUID())
  reply.header('client-request-id', typeof given === 'string' ? given : randomUUID())
}

/** Gives the server what Graph's routes need, besides Graph's headers and error bodies. */
export function openGraphDoor(
  server: FastifyInstance,
  { settings, tokens }: { settings: Settings; tokens: AccessTokens },
): GraphDoor {
  answerAsGraph(server)
  server.setNotFoundHandler(() => {
    throw new Refusal(501, 'notImplemented', 'The emulator does not know this request. See emulator/differences.md.')
  })

  return {
    async authorize(request) {
      const bearer = await tokens.read(request.headers.authorization, resources.graph)
      // No calls API takes the token of a signed-in user (permissionsDelegated of the contract is empty for all of them).
      if (bearer.user) throw new Refusal(403, '7504', 'Insufficient tenant permissions for this operation.')
      const app = settings.apps.find(({ appId }) => appId === bearer.appId)
      if (!app?.webhook) throw new Refusal(403, '7503', 'Application is not registered in our store.')
      return { bearer, app }
    },
    requirePermissions(operation, body, { permissions }, call) {
      const needed = permissionsFor(operation, body, settings, call)
      if (needed.every((oneOf) => oneOf.some((permission) => permissions.includes(permission)))) return
      throw new Refusal(403, '7504', 'Insufficient tenant permissions for this operation.')
    },
    send(request, reply, { status, body, location }) {
      if (location) reply.header('location', `${originOf(request)}${server.prefix}${location}`)
      return reply.status(status).send(body)
    },
  }
}

/**
 * For addresses that lead to no route, because they are wrongly encoded or hold an id that is too long to be one: as Graph where the
 * address is one of Graph's, else as the control API. What Graph says to them is not in the contract.
 */
export function answerBadAddress({ statusCode }: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal =
    statusCode === 414
      ? new Refusal(404, 'NotFound', 'There is nothing of so long an id.')
      : new Refusal(400, 'BadRequest', 'The address is not encoded as addresses are.')
  if (!request.url.startsWith('/v1.0/')) return answerControlError(refusal, request, reply)
  nameAnswer(request, reply)
  return answerGraphError(refusal, request, reply)
}

/** The documented error body. `requestId` and `clientRequestId` are those of the response's headers. */
function answerGraphError(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
  const refusal = error instanceof Refusal ? error : ofFastify(error)
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds)
  const body: ErrorBody = {
    error: {
      ...wordsOf(refusal),
      innerError: {
        'request-id': String(reply.getHeader('request-id')),
        'client-request-id': String(reply.getHeader('client-request-id')),
        date: new Date().toISOString().slice(0, 19),
        // As the throttling page prints it (contract: result-codes.json, errorBody.throttled).
        ...(refusal.status === 429 && { code: '429', message: 'Please retry after', status: '429' }),
      },
    },
  }
  return reply.status(refusal.status).send(body)
}

/** 7503 was observed as JSON text inside the message, so clients meet that form here too (contract: result-codes.json). */
function wordsOf({ code, message }: Refusal): { code: string; message: string } {
  if (code !== '7503') return { code, message }
  return { code: 'UnknownError', message: JSON.stringify({ errorCode: code, message, instanceAnnotations: [] }) }
}

const fastifyError = z.object({ statusCode: z.number().int().min(400).max(499) })

/** A body that is no JSON, or too large, is the client's fault; all else is ours. */
function ofFastify(error: unknown): Refusal {
  const parsed = fastifyError.safeParse(error)
  if (parsed.success) return new Refusal(parsed.data.statusCode, '8523', 'The request body is not readable.')
  return new Refusal(500, 'InternalServerError', 'The emulator has a mistake.')
}
