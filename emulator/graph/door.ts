import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorBody } from '#communications/wire/types.ts'
import { bareAnswer } from '#ground/bareAnswer.ts'
import { type AccessTokens, resources } from '../wire/entra.ts'
import { answerControlError } from '../wire/guard.ts'
import { originOf } from '../wire/openid.ts'
import { Refusal, refusalOf } from '../wire/refusal.ts'
import type { World } from '../world/world.ts'
import type { Operation } from './operation.ts'
import { Zip } from './zip.ts'

/** Not documented. */
const maxPackageBytes = 10_000_000

type Deps = { world: World; tokens: AccessTokens }

/** The door of one version of Microsoft Graph: every operation of its list, for whoever has a token (else 401). */
export async function openGraphDoor(
  server: FastifyInstance,
  operations: readonly Operation[],
  deps: Deps,
): Promise<void> {
  answerAsGraph(server)
  // What is in no list, as today all of Graph's beta. A 404 would say that the call is gone, which may well live.
  server.setNotFoundHandler(async ({ headers }) => {
    await deps.tokens.read(headers.authorization, resources.graph)
    throw new Refusal(501, 'notImplemented', 'The emulator does not know this request. See emulator/differences.md.')
  })
  for (const operation of operations) if (!operation.takesZip) mount(server, operation, deps)
  server.register(async (below) => {
    below.addContentTypeParser(
      'application/zip',
      { parseAs: 'buffer', bodyLimit: maxPackageBytes },
      (_request, body, done) => done(null, new Zip(Buffer.from(body))),
    )
    for (const operation of operations) if (operation.takesZip) mount(below, operation, deps)
  })
}

function mount(server: FastifyInstance, operation: Operation, { world, tokens }: Deps): void {
  for (const url of operation.paths) {
    server.route<{ Params: Record<string, string> }>({
      method: operation.method,
      url,
      config: { operation: operation.operation },
      handler: async (request, reply) => {
        const { params, query, headers, body } = request
        const bearer = await tokens.read(headers.authorization, resources.graph)
        const origin = originOf(request)
        const answer = operation.answer({ world, bearer, params, query: textsIn(query), headers, body, origin })
        if (answer.location) reply.header('location', `${origin}/v1.0${answer.location}`)
        if (answer.type) reply.type(answer.type)
        return reply.status(answer.status).send(answer.body)
      },
    })
  }
}

/** Query options that were given once. One that was given twice is not legal in OData, and the emulator takes the last. */
function textsIn(query: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query ?? {}).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  )
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

/**
 * For addresses that lead to no route, because they are wrongly encoded or hold an id that is too long to be one: as Graph where the
 * address is one of Graph's, else as the control API. What Graph says to them is not in the contract.
 */
export function answerBadAddress({ statusCode }: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal =
    statusCode === 414
      ? new Refusal(404, 'NotFound', 'There is nothing of so long an id.')
      : new Refusal(400, 'BadRequest', 'The address is not encoded as addresses are.')
  if (!/^\/(v1\.0|beta)\//.test(request.url)) return answerControlError(refusal, request, reply)
  nameAnswer(request, reply)
  return answerGraphError(refusal, request, reply)
}

const unread: Record<string, Refusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal(408, 'RequestTimeout', 'The request did not arrive whole in time.'),
  HPE_HEADER_OVERFLOW: new Refusal(431, 'RequestHeaderFieldsTooLarge', 'The headers are too large.'),
}

/**
 * For what never became a request, be it too slow or not HTTP: there is only a connection to answer, and no address to tell whose form
 * is wanted. What Graph says is not in the contract.
 */
export function answerUnread({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const refusal = unread[code ?? ''] ?? new Refusal(400, 'BadRequest', 'This is not a request of HTTP.')
  const ids = { 'request-id': randomUUID(), 'client-request-id': randomUUID() }
  socket.end(bareAnswer(refusal.status, bodyOf(refusal, ids), ids), () => socket.destroy())
}

function answerGraphError(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
  // A body that is no JSON, or too large, is the client's fault; all else is ours.
  const refusal = refusalOf(error, (fault) =>
    fault
      ? new Refusal(fault.statusCode, '8523', 'The request body is not readable.')
      : new Refusal(500, 'InternalServerError', 'The emulator has a mistake.'),
  )
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds)
  const ids = {
    'request-id': String(reply.getHeader('request-id')),
    'client-request-id': String(reply.getHeader('client-request-id')),
  }
  return reply.status(refusal.status).send(bodyOf(refusal, ids))
}

type Ids = Record<'request-id' | 'client-request-id', string>

/** The documented error body. The ids are those of the response's headers. */
const bodyOf = (refusal: Refusal, ids: Ids): ErrorBody => ({
  error: {
    ...wordsOf(refusal),
    innerError: {
      ...ids,
      date: new Date().toISOString().slice(0, 19),
      // As the throttling page prints it (contract: result-codes.json, errorBody.throttled).
      ...(refusal.status === 429 && { code: '429', message: 'Please retry after', status: '429' }),
    },
  },
})

/** 7503 was observed as JSON text inside the message, so clients meet that form here too (contract: result-codes.json). */
function wordsOf({ code, message }: Refusal): { code: string; message: string } {
  if (code !== '7503') return { code, message }
  return { code: 'UnknownError', message: JSON.stringify({ errorCode: code, message, instanceAnnotations: [] }) }
}
