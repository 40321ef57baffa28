import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CommsOperation, Call as GraphCall } from '#communications/words.ts'
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
import type { AccessTokens, Bearer } from './entra.ts'
import type { Exchange } from './exchange.ts'
import { type GraphAnswer, openGraphDoor } from './graphDoor.ts'
import { parseOrRefuse, Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'
import { notFound, refuseWrongState } from './states.ts'

/** The calls API of Microsoft Graph v1.0. Each route is one line of the table below: authorize, parse, check the state, act. */

const callsPath = '/communications/calls'

type Deps = { settings: Settings; exchange: Exchange; tokens: AccessTokens }

export async function graphRoutes(server: FastifyInstance, { settings, exchange, tokens }: Deps): Promise<void> {
  const { authorize, requirePermissions, send } = openGraphDoor(server, { settings, tokens })

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
    return send(request, reply, { status: 201, location: `${callsPath}/${call.id}`, body: resourceOf(call) })
  })

  /** A request on one call, both under its short name and its qualified one. */
  function onCall<Body extends z.ZodType>(
    operation: string,
    method: 'GET' | 'POST' | 'DELETE',
    action: string | null,
    schema: Body,
    act: (call: Call, body: z.output<Body>) => GraphAnswer,
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
  const operationOf = (call: Call, operation: CommsOperation): GraphAnswer => ({
    status: 200,
    body: operation,
    location: `${callsPath}/${call.id}/operations/${operation.id}`,
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
