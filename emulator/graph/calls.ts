import * as z from 'zod'
import { callDirections, callStates, rejectReasons } from '#communications/wire/enums.ts'
import type { Call as GraphCall } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Bearer } from '../wire/entra.ts'
import { Refusal } from '../wire/refusal.ts'
import { answer, hangUp, redirect, reject } from '../world/answer.ts'
import type { Call } from '../world/call.ts'
import { isGroup } from '../world/conversation.ts'
import { createCall } from '../world/dial.ts'
import { hasTwice } from '../world/identity.ts'
import { expectKeepAlive } from '../world/lifecycle.ts'
import type { CreateCall } from '../world/taken.ts'
import { transfer } from '../world/transfers.ts'
import {
  chatInfo,
  clientContext,
  each,
  graphType,
  incomingCallOptions,
  invitationParticipantInfo,
  mediaConfig,
  meetingInfo,
  modality,
  named,
  namedCallOptions,
  noBody,
  participantInfo,
  text,
  unread,
  unreadList,
  unreadObject,
} from './bodies.ts'
import { calling, join, type Needs } from './needs.ts'
import { active, callsPath, onCall, onCalls, readable } from './onCall.ts'
import { action, contextOf } from './operation.ts'

/** Calls: made, taken, kept and ended. */

const createCallBody = (callbackUri: z.ZodType<string>) =>
  graphType('call', {
    callbackUri,
    source: participantInfo.nullish(),
    targets: z.array(invitationParticipantInfo.nullable()).max(5).nullish(),
    requestedModalities: z.array(modality).min(1),
    mediaConfig,
    callOptions: namedCallOptions.nullish(),
    chatInfo: chatInfo.nullish(),
    meetingInfo: meetingInfo.nullish(),
    ...each('tenantId subject callChainId myParticipantId replacesContext terminationReason', text),
    direction: z.enum(callDirections).nullish(),
    id: z.string().optional(),
    ...each('activeModalities routingPolicies', z.array(z.string()).optional()),
    ringingTimeoutInSeconds: z.number().int().nullish(),
    ...each('answeredBy applicationMetadata incomingContext mediaState meetingCapability resultInfo', unreadObject),
    ...each('toneInfo transcription', unreadObject),
    ...each('audioRoutingGroups callRoutes contentSharingSessions operations participants', unreadList),
    ...each('isModeratedMeeting participantLeftDuration', unread),
    state: z.enum(callStates).nullish(),
  }).superRefine(({ targets, meetingInfo, chatInfo }, context) => {
    if (!targets?.length && !meetingInfo) {
      context.addIssue({ code: 'custom', path: ['targets'], message: 'a call needs targets or meetingInfo' })
    }
    if (meetingInfo?.['@odata.type'] === '#microsoft.graph.organizerMeetingInfo' && chatInfo?.threadId === undefined) {
      const message = 'organizerMeetingInfo needs chatInfo'
      context.addIssue({ code: 'custom', path: ['chatInfo', 'threadId'], message })
    }
  })

const guid = z.guid('must be a GUID')
const deviceType = 'microsoft.graph.teleconferenceDeviceQuality'
const isoDuration = z
  .string()
  .regex(/^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/, 'must be an ISO 8601 duration')
  .nullish()
const int32 = z.int32()
const rate = z.number().nullish()
const mediaQualities = {
  channelIndex: int32.optional(),
  ...each('inboundPackets networkLinkSpeedInBytes outboundPackets', z.int().nullish()),
  ...each('localPort remotePort', int32.nullish()),
  ...each('localIPAddress remoteIPAddress', text),
  ...each('mediaDuration averageInboundJitter averageInboundRoundTripDelay averageOutboundJitter', isoDuration),
  ...each('averageOutboundRoundTripDelay maximumInboundJitter maximumInboundRoundTripDelay', isoDuration),
  ...each('maximumOutboundJitter maximumOutboundRoundTripDelay', isoDuration),
  ...each('averageInboundPacketLossRateInPercentage averageOutboundPacketLossRateInPercentage', rate),
  ...each('maximumInboundPacketLossRateInPercentage maximumOutboundPacketLossRateInPercentage', rate),
}
const pictureQualities = {
  ...mediaQualities,
  ...each('averageInboundBitRate averageInboundFrameRate averageOutboundBitRate averageOutboundFrameRate', rate),
}
const mediaQuality = z.union([
  named('teleconferenceDeviceAudioQuality', mediaQualities),
  named('teleconferenceDeviceVideoQuality', pictureQualities),
  named('teleconferenceDeviceScreenSharingQuality', pictureQualities),
])
/** An open type: the emulator reads only what it is sure of. */
const teleconferenceDeviceQuality = z.looseObject({
  '@odata.type': z.enum([`#${deviceType}`, deviceType]).optional(),
  ...each('callChainId participantId mediaLegId', guid.optional()),
  ...each('deviceName deviceDescription', z.string().optional()),
  ...each('cloudServiceName cloudServiceInstanceName', text),
  ...each('cloudServiceDeploymentEnvironment cloudServiceDeploymentId', text),
  mediaQualityList: z.array(mediaQuality).optional(),
})

export const callOperations = [
  onCalls('create-call', 'POST', '', {
    body: createCallBody,
    refuse: refuseForeignIdentity,
    needsFor: ({ body }) => needsToCall(body),
    act({ world, app, bearer, body }) {
      refuseNobody(body)
      const call = createCall(world, app, bearer.tenantId, body)
      return { status: 201, location: `${callsPath}/${call.id}`, body: resourceOf(call) }
    },
  }),
  onCall('call-get', 'GET', '', {
    needs: calling('Calls.AccessMedia.All', 'Calls.Initiate.All'),
    states: readable,
    inLobby: true,
    act: ({ call }) => ({ body: resourceOf(call) }),
  }),
  onCall('call-delete', 'DELETE', '', {
    states: active,
    inLobby: true,
    status: 204,
    act: ({ world, call }) => hangUp(world, call),
  }),
  onCall('call-keepalive', 'POST', action('/keepAlive'), {
    body: noBody,
    states: ['establishing', 'established', 'transferring', 'transferAccepted'],
    inLobby: true,
    act: ({ world, call }) => expectKeepAlive(world, call),
  }),
  onCall('call-answer', 'POST', action('/answer'), {
    body: (callbackUri) =>
      z.strictObject({
        /** May be missing, as the page says; the metadata marks it non-nullable. */
        callbackUri: callbackUri.optional(),
        mediaConfig,
        acceptedModalities: z.array(z.enum(['audio', 'video', 'videoBasedScreenSharing', 'data'])).min(1),
        participantCapacity: z.number().int().nullish(),
        callOptions: incomingCallOptions.nullish(),
      }),
    // Answering a person who calls the bot directly needs none (concept page).
    needsFor: ({ call }) => (isGroup(call.conversation) ? [calling(...join)] : []),
    states: ['incoming'],
    status: 202,
    act: ({ world, call, body }) => answer(world, call, body),
  }),
  onCall('call-reject', 'POST', action('/reject'), {
    body: (callbackUri) =>
      z.strictObject({
        reason: z.enum(rejectReasons).optional(),
        callbackUri: callbackUri.optional(),
      }),
    states: ['incoming'],
    status: 202,
    act: ({ world, call, body }) => reject(world, call, body),
  }),
  onCall('call-redirect', 'POST', action('/redirect'), {
    body: (callbackUri) =>
      z.strictObject({
        targets: z.array(invitationParticipantInfo).min(1).max(25),
        timeout: z.number().int().min(15).max(90).nullish(),
        callbackUri: callbackUri.optional(),
        /** Undeclared in v1.0, in a documented example. */
        routingPolicies: z.array(z.string()).optional(),
      }),
    needs: calling('Calls.Initiate.All'),
    states: ['incoming'],
    status: 202,
    act: ({ world, call, body }) => redirect(world, call, body),
  }),
  onCall('call-transfer', 'POST', action('/transfer'), {
    body: z.strictObject({
      transferTarget: invitationParticipantInfo,
      transferee: participantInfo.nullish(),
      /** Undeclared in v1.0, in a documented example. */
      clientContext,
    }),
    needs: calling('Calls.Initiate.All'),
    status: 202,
    act: ({ world, call, body }) => transfer(world, call, body),
  }),
  // Quality of a device, about a call that the emulator need not know.
  onCalls('call-logteleconferencedevicequality', 'POST', action('/logTeleconferenceDeviceQuality'), {
    body: z.strictObject({ quality: teleconferenceDeviceQuality }),
    needs: calling('Calls.AccessMedia.All'),
    act: () => {},
  }),
]

/** The call as create-call and call-get print it: what is not known is null. */
function resourceOf(call: Call): Record<string, unknown> {
  const { conversation, terms } = call
  return {
    ...contextOf('communications/calls/$entity'),
    '@odata.type': '#microsoft.graph.call',
    ...({
      id: call.id,
      state: call.state,
      direction: call.direction,
      callbackUri: terms.callbackUri,
      source: call.source,
      targets: call.targets,
      myParticipantId: call.myParticipantId,
      tenantId: call.tenantId,
    } satisfies GraphCall),
    callChainId: call.chainId,
    subject: null,
    ringingTimeoutInSeconds: null,
    requestedModalities: ['audio'],
    chatInfo: conversation.chatInfo,
    meetingInfo: conversation.meetingInfo,
    ...terms.repeated,
    mediaConfig: terms.media && {
      ...terms.repeated.mediaConfig,
      '@odata.type': `#microsoft.graph.${terms.media}MediaConfig`,
    },
    mediaState: call.audio && { '@odata.type': '#microsoft.graph.callMediaState', audio: call.audio },
    resultInfo: call.result,
    transcription: null,
    toneInfo: null,
  }
}

function refuseForeignIdentity({ body: { tenantId, source }, bearer }: { body: CreateCall; bearer: Bearer }): void {
  if (tenantId && !sameId(tenantId, bearer.tenantId)) {
    throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
  }
  const application = source?.identity?.application?.id
  if (application && !sameId(application, bearer.appId)) {
    throw new Refusal(403, '7507', 'Call source identity does not match the application of the token.')
  }
}

function needsToCall({ targets, meetingInfo, mediaConfig, source }: CreateCall): Needs[] {
  const use = meetingInfo
    ? source?.identity?.guest
      ? calling('Calls.JoinGroupCallAsGuest.All')
      : calling(...join, 'Calls.JoinGroupCalls.Chat')
    : calling((targets?.length ?? 0) > 1 ? 'Calls.InitiateGroupCall.All' : 'Calls.Initiate.All')
  const hostedByApp = mediaConfig['@odata.type'].endsWith('appHostedMediaConfig')
  return hostedByApp ? [use, calling('Calls.AccessMedia.All')] : [use]
}

const phoneNumber = /^\+[1-9]\d{4,14}$/

/** What the schema lets pass and nobody can be called by: nulls, identities without an id, numbers that are none (the pages want E.164). */
function refuseNobody({ targets, source, meetingInfo }: CreateCall): void {
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
  if (hasTwice(wanted.map((target) => target?.identity ?? {}))) throw refuse('targets: everybody is named once.')
  const guest = source?.identity?.guest
  if (guest && !(guest.id && guest.displayName)) throw refuse('source: a guest has an id and a displayName.')
  if (targets?.some((target) => target?.identity.phone) && !source?.identity?.applicationInstance) {
    throw refuse('source: a call to a phone number needs an applicationInstance.')
  }
}
