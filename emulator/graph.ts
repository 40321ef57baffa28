import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { CommsOperation, ErrorBody, Call as GraphCall } from '#communications/words.ts'
import {
  answerBody,
  createCallBody,
  keepAliveBody,
  playPromptBody,
  rejectBody,
  toneOrCancelBody,
  transferBody,
} from './bodies.ts'
import type { Call } from './call.ts'
import { type AccessTokens, type Bearer, resources } from './entra.ts'
import type { Exchange } from './exchange.ts'
import { originOf } from './openid.ts'
import { permissionsFor } from './permissions.ts'
import { parseOrRefuse, Refusal } from './refusal.ts'
import type { App, Settings } from './settings.ts'
import { notFound, refuseWrongState } from './states.ts'

/** The calls API of Microsoft Graph v1.0. Each route is one line of the table below: authorize, parse, check the state, act. */

const callsPath = '/communications/calls'

type Answer = { status: number; body?: unknown; location?: string }
type Deps = { settings: Settings; exchange: Exchange; tokens: AccessTokens }

export async function graphRoutes(server: FastifyInstance, { settings, exchange, tokens }: Deps): Promise<void> {
  server.addHook('onRequest', async (request, reply) => {
    const given = request.headers['client-request-id']
    reply.header('request-id', randomUUID())
    reply.header('client-request-id', typeof given === 'string' ? given : randomUUID())
  })
  server.setErrorHandler(answerGraphError)
  server.setNotFoundHandler(() => {
    throw new Refusal(501, 'notImplemented', 'The emulator does not know this request. See emulator/differences.md.')
  })

  async function authorize(request: FastifyRequest): Promise<{ bearer: Bearer; app: App }> {
    const bearer = await tokens.read(request.headers.authorization, resources.graph)
    const app = settings.apps.find(({ appId }) => appId === bearer.appId)
    if (!app?.webhook) throw new Refusal(403, '7503', 'Application is not registered in our store.')
    return { bearer, app }
  }

  function requirePermissions(operation: string, body: unknown, { permissions }: Bearer) {
    const needed = permissionsFor(operation, body, settings.permissionReading)
    if (needed.every((oneOf) => oneOf.some((permission) => permissions.includes(permission)))) return
    throw new Refusal(403, '7504', 'Insufficient tenant permissions for this operation.')
  }

  const send = (request: FastifyRequest, reply: FastifyReply, { status, body, location }: Answer) => {
    if (location) reply.header('location', `${originOf(request)}${server.prefix}${callsPath}/${location}`)
    return reply.status(status).send(body)
  }

  server.post(callsPath, { config: { operation: 'create-call' } }, async (request, reply) => {
    const { bearer, app } = await authorize(request)
    const body = parseOrRefuse(createCallBody, request.body, '8523')
    refuseForeignIdentity(body, bearer)
    requirePermissions('create-call', body, bearer)
    if (body.meetingInfo || body.targets?.length !== 1) {
      throw new Refusal(501, 'notImplemented', 'The emulator has no meetings and group calls yet.')
    }
    if (body.targets[0]?.identity.phone && !body.source?.identity?.applicationInstance) {
      throw new Refusal(400, '8523', 'source: a call to a phone number needs an applicationInstance.')
    }
    const call = exchange.createCall(app, bearer.tenantId, body)
    return send(request, reply, { status: 201, location: call.id, body: resourceOf(call) })
  })

  /** A request on one call, both under its short name and its qualified one. */
  function onCall<Body extends z.ZodType>(
    operation: string,
    method: 'GET' | 'POST' | 'DELETE',
    action: string | null,
    schema: Body,
    act: (call: Call, body: z.output<Body>) => Answer,
  ) {
    const paths = action ? [`/${action}`, `/microsoft.graph.${action}`] : ['']
    for (const path of paths) {
      server.route<{ Params: { id: string } }>({
        method,
        url: `${callsPath}/:id${path}`,
        config: { operation },
        handler: async (request, reply) => {
          const { bearer } = await authorize(request)
          const call = exchange.find(request.params.id)
          if (!call || call.appId !== bearer.appId) throw notFound()
          if (call.tenantId !== bearer.tenantId)
            throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
          const body = parseOrRefuse(schema, request.body, '8523')
          requirePermissions(operation, body, bearer)
          refuseWrongState(operation, call.state)
          return send(request, reply, act(call, body))
        },
      })
    }
  }

  /** 200 with the operation, and where it would be found. */
  const operationOf = (call: Call, operation: CommsOperation): Answer => ({
    status: 200,
    body: operation,
    location: `${call.id}/operations/${operation.id}`,
  })

  const nothing = z.unknown()
  onCall('call-get', 'GET', null, nothing, (call) => ({ status: 200, body: resourceOf(call) }))
  onCall('call-delete', 'DELETE', null, nothing, (call) => {
    exchange.hangUp(call)
    return { status: 204 }
  })
  onCall('call-keepalive', 'POST', 'keepAlive', keepAliveBody, (call) => {
    exchange.keepAlive(call)
    return { status: 200 }
  })
  onCall('call-answer', 'POST', 'answer', answerBody, (call, body) => {
    exchange.answer(call, body)
    return { status: 202 }
  })
  onCall('call-reject', 'POST', 'reject', rejectBody, (call, body) => {
    exchange.reject(call, body)
    return { status: 202 }
  })
  onCall('call-transfer', 'POST', 'transfer', transferBody, (call, body) => {
    exchange.transfer(call, body)
    return { status: 202 }
  })
  onCall('call-playprompt', 'POST', 'playPrompt', playPromptBody, (call, body) =>
    operationOf(call, exchange.playPrompt(call, body)),
  )
  onCall('call-subscribetotone', 'POST', 'subscribeToTone', toneOrCancelBody, (call, { clientContext }) =>
    operationOf(call, exchange.subscribeToTone(call, clientContext)),
  )
  onCall('call-cancelmediaprocessing', 'POST', 'cancelMediaProcessing', toneOrCancelBody, (call, { clientContext }) =>
    operationOf(call, exchange.cancelMedia(call, clientContext)),
  )
}

/** The call as create-call and call-get print it: what is not known is null. */
function resourceOf(call: Call): Record<string, unknown> {
  const { id, state, direction, callbackUri, source, targets, myParticipantId, tenantId } = call
  return {
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#communications/calls/$entity',
    '@odata.type': '#microsoft.graph.call',
    ...({ id, state, direction, callbackUri, source, targets, myParticipantId, tenantId } satisfies GraphCall),
    callChainId: call.chainId,
    requestedModalities: ['audio'],
    mediaConfig: call.media && { '@odata.type': `#microsoft.graph.${call.media}MediaConfig` },
    mediaState: call.audio && { '@odata.type': '#microsoft.graph.callMediaState', audio: call.audio },
    subject: null,
    resultInfo: call.result,
    chatInfo: null,
    meetingInfo: null,
    transcription: null,
    toneInfo: null,
  }
}

function refuseForeignIdentity({ tenantId, source }: z.output<typeof createCallBody>, bearer: Bearer): void {
  if (tenantId && tenantId !== bearer.tenantId) {
    throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
  }
  const application = source?.identity?.application?.id
  if (application && application !== bearer.appId) {
    throw new Refusal(403, '7507', 'Call source identity does not match the application of the token.')
  }
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
