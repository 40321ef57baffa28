import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Call as GraphCall } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Settings } from '../settings.ts'
import type { AccessTokens, Bearer } from '../wire/entra.ts'
import { originOf } from '../wire/openid.ts'
import { notFound, parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { answer, hangUp, redirect, reject } from '../world/answer.ts'
import { dropRoute, routeAudio, routeOf } from '../world/audioRouting.ts'
import type { Call } from '../world/call.ts'
import { findCall } from '../world/calls.ts'
import { isGroup, participantOf, participantResource, rosterFor } from '../world/conversation.ts'
import { createCall } from '../world/dial.ts'
import { invite } from '../world/invitations.ts'
import { sendDtmfTones, subscribeToTone } from '../world/keys.ts'
import { expectKeepAlive } from '../world/lifecycle.ts'
import { cancelMediaProcessing, playPrompt, recordResponse } from '../world/media.ts'
import { findOperation, type Operation } from '../world/operations.ts'
import {
  addLargeGalleryView,
  changeScreenSharingRole,
  holdMusic,
  muteParticipant,
  muteSelf,
  removeParticipant,
  updateRecordingStatus,
} from '../world/participants.ts'
import { transfer } from '../world/transfers.ts'
import type { World } from '../world/world.ts'
import { type Bodies, bodies, loopbackBodies } from './bodies.ts'
import { refuseWrongCondition } from './conditions.ts'
import { type GraphAnswer, openGraphDoor } from './door.ts'

/** The calls API of Microsoft Graph v1.0. Each route is one line of the tables below: authorize, parse, check, act. */

const callsPath = '/communications/calls'
const context = 'https://graph.microsoft.com/v1.0/$metadata#communications/calls'

type Deps = { settings: Settings; world: World; tokens: AccessTokens }
type Params = { id: string; participantId?: string; operationId?: string; groupId?: string; sessionId?: string }
/** What an action may know of its request. */
type Asked = Required<Params> & { origin: string }

export async function graphRoutes(server: FastifyInstance, { settings, world, tokens }: Deps): Promise<void> {
  const { authorize, requirePermissions, send } = openGraphDoor(server, { settings, tokens })
  const schemas: Bodies = settings.allowLoopbackHttp ? loopbackBodies : bodies

  server.post(callsPath, { config: { operation: 'create-call' } }, async (request, reply) => {
    const { bearer, app } = await authorize(request)
    const body = parseOrRefuse(schemas.createCall, request.body, '8523')
    refuseForeignIdentity(body, bearer)
    requirePermissions('create-call', body, bearer)
    refuseNobody(body)
    if (body.targets?.some((target) => target?.identity.phone) && !body.source?.identity?.applicationInstance) {
      throw new Refusal(400, '8523', 'source: a call to a phone number needs an applicationInstance.')
    }
    const call = createCall(world, app, bearer.tenantId, body)
    return send(request, reply, { status: 201, location: `${callsPath}/${call.id}`, body: resourceOf(call) })
  })

  // Quality of a device, about a call that the emulator need not know.
  for (const name of ['logTeleconferenceDeviceQuality', 'microsoft.graph.logTeleconferenceDeviceQuality']) {
    const config = { operation: 'call-logteleconferencedevicequality' }
    server.post(`${callsPath}/${name}`, { config }, async (request, reply) => {
      const { bearer } = await authorize(request)
      parseOrRefuse(schemas.logTeleconferenceDeviceQuality, request.body, '8523')
      requirePermissions(config.operation, null, bearer)
      return send(request, reply, { status: 200 })
    })
  }

  /** A request on one call: `path` below it. Actions have a short and a qualified name. */
  function onCall<Body extends z.ZodType>(
    operation: string,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    schema: Body,
    act: (call: Call, body: z.output<Body>, asked: Asked) => GraphAnswer,
  ) {
    const qualified = path.replace(/\/([a-z]\w*)$/i, '/microsoft.graph.$1')
    const isAction = method === 'POST' && path !== '/audioRoutingGroups'
    for (const url of isAction ? [path, qualified] : [path]) {
      server.route<{ Params: Params }>({
        method,
        url: `${callsPath}/:id${url}`,
        config: { operation },
        handler: async (request, reply) => {
          const { bearer } = await authorize(request)
          const call = callOf(request.params.id, bearer)
          const body = parseOrRefuse(schema, request.body, '8523')
          requirePermissions(operation, body, bearer, { isGroup: isGroup(call.conversation) })
          refuseWrongCondition(operation, call)
          return send(request, reply, act(call, body, askedOf(request)))
        },
      })
    }
  }

  function callOf(id: string, bearer: Bearer): Call {
    const call = findCall(world, id)
    if (!call || call.appId !== bearer.appId) throw notFound()
    if (call.tenantId !== bearer.tenantId) throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
    return call
  }

  /** The operation, and where it can be read again. */
  const operationOf = (call: Call, operation: Operation, status = 200): GraphAnswer => ({
    status,
    body: operation,
    location: `${callsPath}/${call.id}/operations/${operation.id}`,
  })
  const nothing = z.unknown()
  const accepted: GraphAnswer = { status: 202 }

  // The call itself
  onCall('call-get', 'GET', '', nothing, (call) => ({ status: 200, body: resourceOf(call) }))
  onCall('call-delete', 'DELETE', '', nothing, (call) => {
    hangUp(world, call)
    return { status: 204 }
  })
  onCall('call-keepalive', 'POST', '/keepAlive', schemas.none, (call) => {
    expectKeepAlive(world, call)
    return { status: 200 }
  })
  onCall('call-answer', 'POST', '/answer', schemas.answer, (call, body) => {
    answer(world, call, body)
    return accepted
  })
  onCall('call-reject', 'POST', '/reject', schemas.reject, (call, body) => {
    reject(world, call, body)
    return accepted
  })
  onCall('call-redirect', 'POST', '/redirect', schemas.redirect, (call, body) => {
    redirect(world, call, body)
    return accepted
  })
  onCall('call-transfer', 'POST', '/transfer', schemas.transfer, (call, body) => {
    transfer(world, call, body)
    return accepted
  })

  // Media
  onCall('call-playprompt', 'POST', '/playPrompt', schemas.playPrompt, (call, body) =>
    operationOf(call, playPrompt(world, call, body)),
  )
  onCall('call-recordresponse', 'POST', '/recordResponse', schemas.recordResponse, (call, body, { origin }) =>
    operationOf(call, recordResponse(world, call, body, origin)),
  )
  onCall('call-subscribetotone', 'POST', '/subscribeToTone', schemas.contextOnly, (call, { clientContext }) =>
    operationOf(call, subscribeToTone(call, clientContext)),
  )
  onCall(
    'call-cancelmediaprocessing',
    'POST',
    '/cancelMediaProcessing',
    schemas.contextOnly,
    (call, { clientContext }) => operationOf(call, cancelMediaProcessing(world, call, clientContext)),
  )
  onCall('call-senddtmftones', 'POST', '/sendDtmfTones', schemas.sendDtmfTones, (call, body) =>
    operationOf(call, sendDtmfTones(world, call, body)),
  )
  onCall('call-get-operation', 'GET', '/operations/:operationId', nothing, (call, _, { operationId }) => {
    const operation = findOperation(call, operationId)
    if (!operation) throw notFound('Operation')
    return { status: 200, body: operation }
  })

  // The bot in a group
  onCall('call-mute', 'POST', '/mute', schemas.contextOnly, (call, { clientContext }) =>
    operationOf(call, muteSelf(world, call, true, clientContext)),
  )
  onCall('call-unmute', 'POST', '/unmute', schemas.contextOnly, (call, { clientContext }) =>
    operationOf(call, muteSelf(world, call, false, clientContext)),
  )
  onCall(
    'call-changescreensharingrole',
    'POST',
    '/changeScreenSharingRole',
    schemas.changeScreenSharingRole,
    (call, { role }) => {
      changeScreenSharingRole(world, call, role)
      return accepted
    },
  )
  onCall('call-updaterecordingstatus', 'POST', '/updateRecordingStatus', schemas.updateRecordingStatus, (call, body) =>
    operationOf(call, updateRecordingStatus(world, call, body.status, body.clientContext)),
  )
  onCall('call-addlargegalleryview', 'POST', '/addLargeGalleryView', schemas.contextOnly, (call, { clientContext }) =>
    operationOf(call, addLargeGalleryView(world, call, clientContext), 202),
  )

  // Participants
  onCall('call-list-participants', 'GET', '/participants', nothing, (call) => ({
    status: 200,
    body: {
      '@odata.context': `${context}('${call.id}')/participants`,
      value: rosterFor(call).map((one) => participantResource(one)),
    },
  }))
  onCall('participant-get', 'GET', '/participants/:participantId', nothing, (call, _, { participantId }) => ({
    status: 200,
    body: participantResource(participantOf(call, participantId)),
  }))
  // The examples of invite have no Location.
  onCall('participant-invite', 'POST', '/participants/invite', schemas.invite, (call, body) => ({
    status: 200,
    body: invite(world, call, body),
  }))
  onCall(
    'participant-mute',
    'POST',
    '/participants/:participantId/mute',
    schemas.contextOnly,
    (call, { clientContext }, { participantId }) =>
      operationOf(call, muteParticipant(world, call, participantId, clientContext)),
  )
  onCall('participant-delete', 'DELETE', '/participants/:participantId', nothing, (call, _, { participantId }) => {
    removeParticipant(world, call, participantId)
    return { status: 204 }
  })
  onCall(
    'participant-startholdmusic',
    'POST',
    '/participants/:participantId/startHoldMusic',
    schemas.startHoldMusic,
    (call, { clientContext }, { participantId }) =>
      operationOf(call, holdMusic(world, call, participantId, { on: true, clientContext }), 202),
  )
  onCall(
    'participant-stopholdmusic',
    'POST',
    '/participants/:participantId/stopHoldMusic',
    schemas.contextOnly,
    (call, { clientContext }, { participantId }) =>
      operationOf(call, holdMusic(world, call, participantId, { on: false, clientContext }), 202),
  )

  // Audio routing
  const groupsOf = (call: Call) => call.audioRoutingGroups
  onCall('call-list-audioroutinggroups', 'GET', '/audioRoutingGroups', nothing, (call) => ({
    status: 200,
    body: { '@odata.context': `${context}('${call.id}')/audioRoutingGroups`, value: [...groupsOf(call).values()] },
  }))
  // 200 and not 201, as the page documents.
  onCall('call-post-audioroutinggroups', 'POST', '/audioRoutingGroups', schemas.audioRoutingGroup, (call, body) => ({
    status: 200,
    body: routeAudio(call, body),
  }))
  onCall('audioroutinggroup-get', 'GET', '/audioRoutingGroups/:groupId', nothing, (call, _, { groupId }) => ({
    status: 200,
    body: routeOf(call, groupId),
  }))
  onCall(
    'audioroutinggroup-update',
    'PATCH',
    '/audioRoutingGroups/:groupId',
    schemas.audioRoutingGroup,
    (call, body, { groupId }) => ({
      status: 200,
      body: routeAudio(call, body, routeOf(call, groupId)),
    }),
  )
  onCall('audioroutinggroup-delete', 'DELETE', '/audioRoutingGroups/:groupId', nothing, (call, _, { groupId }) => {
    dropRoute(call, routeOf(call, groupId))
    return { status: 204 }
  })

  // Content sharing
  const sessionResource = (id: string) => ({ '@odata.type': '#microsoft.graph.contentSharingSession', id })
  onCall('call-list-contentsharingsessions', 'GET', '/contentSharingSessions', nothing, (call) => ({
    status: 200,
    body: {
      '@odata.context': `${context}('${call.id}')/contentSharingSessions`,
      value: [...call.conversation.contentSharingSessions.keys()].map(sessionResource),
    },
  }))
  onCall(
    'contentsharingsession-get',
    'GET',
    '/contentSharingSessions/:sessionId',
    nothing,
    (call, _, { sessionId }) => {
      const id = [...call.conversation.contentSharingSessions.keys()].find((one) => sameId(one, sessionId))
      if (id === undefined) throw notFound('Content sharing session')
      return { status: 200, body: sessionResource(id) }
    },
  )
}

const askedOf = (request: FastifyRequest<{ Params: Params }>): Asked => ({
  participantId: '',
  operationId: '',
  groupId: '',
  sessionId: '',
  ...request.params,
  origin: originOf(request),
})

/** The call as create-call and call-get print it: what is not known is null. */
function resourceOf(call: Call): Record<string, unknown> {
  const { id, state, direction, source, targets, myParticipantId, tenantId, conversation } = call
  const { callbackUri, subject } = call.terms
  return {
    '@odata.context': `${context}/$entity`,
    '@odata.type': '#microsoft.graph.call',
    ...({ id, state, direction, callbackUri, source, targets, myParticipantId, tenantId, subject } satisfies GraphCall),
    callChainId: call.chainId,
    requestedModalities: ['audio'],
    mediaConfig: call.terms.media && { '@odata.type': `#microsoft.graph.${call.terms.media}MediaConfig` },
    mediaState: call.audio && { '@odata.type': '#microsoft.graph.callMediaState', audio: call.audio },
    resultInfo: call.result,
    chatInfo: conversation.chatInfo,
    meetingInfo: conversation.meetingInfo,
    transcription: null,
    toneInfo: null,
  }
}

function refuseForeignIdentity({ tenantId, source }: z.output<Bodies['createCall']>, bearer: Bearer): void {
  if (tenantId && !sameId(tenantId, bearer.tenantId)) {
    throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
  }
  const application = source?.identity?.application?.id
  if (application && !sameId(application, bearer.appId)) {
    throw new Refusal(403, '7507', 'Call source identity does not match the application of the token.')
  }
}

const phoneNumber = /^\+[1-9]\d{4,14}$/

/** What the schema lets pass and nobody can be called by: nulls, identities without an id, numbers that are none (the pages want E.164). */
function refuseNobody({ targets, source, meetingInfo }: z.output<Bodies['createCall']>): void {
  const refuse = (what: string) => new Refusal(400, '8523', what)
  const wanted = meetingInfo ? [] : (targets ?? [])
  for (const target of wanted) {
    const { user, phone, application, applicationInstance } = target?.identity ?? {}
    const one = user ?? phone ?? application ?? applicationInstance
    if (!one?.id) throw refuse('targets: every target needs an identity with an id.')
    if (phone?.id && !phoneNumber.test(phone.id)) throw refuse('targets: a phone number is written in E.164.')
  }
  // Group calls take VoIP users (limits.json, groupcall.targets).
  if (wanted.length > 1 && wanted.some((target) => target?.identity.phone)) {
    throw refuse('targets: a group call takes users; invite a number into it.')
  }
  const guest = source?.identity?.guest
  if (guest && !(guest.id && guest.displayName)) throw refuse('source: a guest has an id and a displayName.')
}
