import * as z from 'zod'
import { isLoopbackName } from '#ground/loopback.ts'
import { toneNames } from '../world/tones.ts'

/**
 * Bodies of the requests that the service takes: closed types, canonical spellings, documented limits (contract:
 * schemas/requests.v1.json, which bodies.test.ts compares with).
 */

/** Annotations may stand beside the members of any type. */
const annotation = /@odata\.|@microsoft\.graph\./

/**
 * One of Graph's types: nothing beside its members but annotations. OData lets the # of a type be left out; nobody here looks at it, so
 * the types of the client, which always writes it, fit.
 */
export function graphType<Name extends string, Members extends z.ZodRawShape>(name: Name, members: Members) {
  const type = z.enum([`#microsoft.graph.${name}`, `microsoft.graph.${name}`])
  return z
    .looseObject({ '@odata.type': (type as unknown as z.ZodType<`#microsoft.graph.${Name}`>).optional(), ...members })
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (!(key in members) && !annotation.test(key)) {
          context.addIssue({ code: 'unrecognized_keys', keys: [key], input: value })
        }
      }
    })
}

/** A type that has to be named, because its base is abstract. */
function named<Name extends string, Members extends z.ZodRawShape>(name: Name, members: Members) {
  const schema = graphType(name, members).refine((value) => value['@odata.type'] !== undefined, {
    message: '@odata.type is missing',
  })
  return schema as unknown as z.ZodType<z.output<typeof schema> & { '@odata.type': `#microsoft.graph.${Name}` }> // just refined so
}

const text = z.string().nullish()
/** Members that are legal and that the emulator does not read. */
const unread = z.unknown().optional()
const clientContext = z.string().max(256).nullish()

const identityMembers = { id: text, displayName: text, tenantId: text, identityProvider: text, email: text }
const communicationsIdentities = {
  communicationsUserIdentity: {},
  communicationsPhoneIdentity: {},
  communicationsGuestIdentity: {},
  communicationsEncryptedIdentity: {},
  communicationsApplicationIdentity: { applicationType: text, hidden: z.boolean().nullish() },
  communicationsApplicationInstanceIdentity: { hidden: z.boolean().nullish() },
  azureCommunicationServicesUserIdentity: { azureCommunicationServicesResourceId: text },
}
const identity = z
  .union([
    graphType('identity', identityMembers),
    ...Object.entries(communicationsIdentities).map(([name, more]) => named(name, { ...identityMembers, ...more })),
  ])
  .nullish()

const identitySetMembers = {
  application: identity,
  device: identity,
  user: identity,
  phone: identity,
  guest: identity,
  applicationInstance: identity,
  encrypted: identity,
  onPremises: identity,
}
const endpointTypes = [
  'default',
  'voicemail',
  'skypeForBusiness',
  'skypeForBusinessVoipPhone',
  'unknownFutureValue',
] as const
const endpointType = z.enum(endpointTypes).nullish()
export const identitySet = z.union([
  graphType('identitySet', identitySetMembers),
  named('communicationsIdentitySet', {
    ...identitySetMembers,
    assertedIdentity: identity,
    azureCommunicationServicesUser: identity,
    endpointType,
  }),
])

const participantMembers = { id: text, participantId: text, endpointType, region: text, languageId: text }
const participantInfo = graphType('participantInfo', {
  ...participantMembers,
  countryCode: text,
  identity: identitySet.optional(),
})
const invitationParticipantInfo = graphType('invitationParticipantInfo', {
  ...participantMembers,
  identity: identitySet,
  hidden: z.boolean().nullish(),
  replacesCallId: text,
  removeFromDefaultAudioRoutingGroup: z.boolean().nullish(),
})

const mediaInfo = graphType('mediaInfo', { uri: z.string(), resourceId: text })
const mediaConfig = z.union([
  named('serviceHostedMediaConfig', {
    preFetchMedia: z.array(mediaInfo.nullable()).optional(),
    removeFromDefaultAudioGroup: z.boolean().optional(),
  }),
  named('appHostedMediaConfig', { blob: text, removeFromDefaultAudioGroup: z.boolean().optional() }),
])
const modality = z
  .enum(['audio', 'video', 'videoBasedScreenSharing', 'data', 'unknownFutureValue', 'unknown'])
  .nullable()

const callOptions = (name: string) =>
  graphType(name, {
    hideBotAfterEscalation: z.boolean().nullish(),
    isContentSharingNotificationEnabled: z.boolean().nullish(),
    isDeltaRosterEnabled: z.boolean().nullish(),
    isInteractiveRosterEnabled: z.boolean().nullish(),
  })
/** On a call the options must say which of the two they are. */
const namedCallOptions = z.union(
  ['incomingCallOptions', 'outgoingCallOptions'].map((name) =>
    callOptions(name).refine((value) => value['@odata.type'] !== undefined, { message: '@odata.type is missing' }),
  ),
)

const chatInfo = graphType('chatInfo', { threadId: text, messageId: text, replyChainMessageId: text })
const withoutHost = { allowConversationWithoutHost: z.boolean().nullish() }
const meetingInfo = z.union([
  named('organizerMeetingInfo', { organizer: identitySet, ...withoutHost }),
  named('tokenMeetingInfo', { token: z.string(), ...withoutHost }),
  named('joinMeetingIdMeetingInfo', { joinMeetingId: z.string(), passcode: text, ...withoutHost }),
])

const prompt = named('mediaPrompt', { mediaInfo })
/** recordResponse: all three timers, documented as 1 to 120 s. */
const recordSeconds = z.number().int().min(1).max(120).nullish()

const audioRoutingGroup = graphType('audioRoutingGroup', {
  id: z.string().optional(),
  routingMode: z.enum(['oneToOne', 'multicast', 'unknownFutureValue']).optional(),
  sources: z.array(z.string().nullable()).optional(),
  receivers: z.array(z.string().nullable()).optional(),
})

const guid = z.string().regex(/^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/, 'must be a GUID')
/** An open type: the emulator reads only what it is sure of. */
const teleconferenceDeviceQuality = z.looseObject({
  '@odata.type': z
    .enum(['#microsoft.graph.teleconferenceDeviceQuality', 'microsoft.graph.teleconferenceDeviceQuality'])
    .optional(),
  callChainId: guid.optional(),
  participantId: guid.optional(),
  mediaLegId: guid.optional(),
  deviceName: z.string().optional(),
  deviceDescription: z.string().optional(),
  cloudServiceName: text,
  cloudServiceInstanceName: text,
  cloudServiceDeploymentEnvironment: text,
  cloudServiceDeploymentId: text,
  mediaQualityList: z.array(z.looseObject({})).optional(),
})

/** The bodies of all requests on calls. `callbackUri` says which addresses notifications may be sent to. */
function bodiesWith(callbackUri: z.ZodType<string>) {
  const createCall = graphType('call', {
    callbackUri,
    source: participantInfo.nullish(),
    targets: z.array(invitationParticipantInfo.nullable()).max(5).nullish(),
    requestedModalities: z.array(modality).min(1),
    mediaConfig,
    callOptions: namedCallOptions.nullish(),
    chatInfo: chatInfo.nullish(),
    meetingInfo: meetingInfo.nullish(),
    tenantId: text,
    subject: text,
    direction: z.enum(['incoming', 'outgoing']).nullish(),
    id: z.string().optional(),
    callChainId: text,
    myParticipantId: text,
    replacesContext: text,
    terminationReason: text,
    activeModalities: z.array(z.string()).optional(),
    routingPolicies: z.array(z.string()).optional(),
    ringingTimeoutInSeconds: z.number().int().nullish(),
    answeredBy: unread,
    applicationMetadata: unread,
    audioRoutingGroups: unread,
    callRoutes: unread,
    contentSharingSessions: unread,
    incomingContext: unread,
    isModeratedMeeting: unread,
    mediaState: unread,
    meetingCapability: unread,
    operations: unread,
    participantLeftDuration: unread,
    participants: unread,
    resultInfo: unread,
    state: unread,
    toneInfo: unread,
    transcription: unread,
  }).superRefine(({ targets, meetingInfo, chatInfo }, context) => {
    if (!targets?.length && !meetingInfo) {
      context.addIssue({ code: 'custom', path: ['targets'], message: 'a call needs targets or meetingInfo' })
    }
    if (meetingInfo?.['@odata.type'] === '#microsoft.graph.organizerMeetingInfo' && chatInfo?.threadId === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['chatInfo', 'threadId'],
        message: 'organizerMeetingInfo needs chatInfo',
      })
    }
  })

  return {
    createCall,
    /** `callbackUri` may be missing, as the page says; the metadata marks it non-nullable. */
    answer: z.strictObject({
      callbackUri: callbackUri.optional(),
      mediaConfig,
      acceptedModalities: z.array(z.enum(['audio', 'video', 'videoBasedScreenSharing', 'data'])).min(1),
      participantCapacity: z.number().int().nullish(),
      callOptions: callOptions('incomingCallOptions').nullish(),
    }),
    reject: z.strictObject({
      reason: z.enum(['none', 'busy', 'forbidden']).optional(),
      callbackUri: callbackUri.optional(),
    }),
    redirect: z.strictObject({
      targets: z.array(invitationParticipantInfo).min(1).max(25),
      timeout: z.number().int().min(15).max(90).nullish(),
      callbackUri: callbackUri.optional(),
      /** Undeclared in v1.0, in a documented example. */
      routingPolicies: z.array(z.string()).optional(),
    }),
    transfer: z.strictObject({
      transferTarget: invitationParticipantInfo,
      transferee: participantInfo.nullish(),
      /** Undeclared in v1.0, in a documented example. */
      clientContext,
    }),
    playPrompt: z.strictObject({ prompts: z.array(prompt).min(1).max(20), clientContext }),
    recordResponse: z.strictObject({
      prompts: z.array(prompt).max(1).nullish(),
      bargeInAllowed: z.boolean().nullish(),
      initialSilenceTimeoutInSeconds: recordSeconds,
      maxSilenceTimeoutInSeconds: recordSeconds,
      maxRecordDurationInSeconds: recordSeconds,
      playBeep: z.boolean().nullish(),
      stopTones: z.array(z.string().regex(/^[0-9*#A-Da-d]$/, 'must be a key of a telephone')).nullish(),
      clientContext,
    }),
    sendDtmfTones: z.strictObject({
      tones: z.array(z.enum(toneNames)).min(1),
      delayBetweenTonesMs: z.number().int().nullish(),
      clientContext,
    }),
    /** Operations that take nothing but a clientContext. */
    contextOnly: z.strictObject({ clientContext }),
    changeScreenSharingRole: z.strictObject({ role: z.enum(['viewer', 'sharer']) }),
    updateRecordingStatus: z.strictObject({ status: z.enum(['notRecording', 'recording', 'failed']), clientContext }),
    logTeleconferenceDeviceQuality: z.strictObject({ quality: teleconferenceDeviceQuality }),
    invite: z.strictObject({ participants: z.array(invitationParticipantInfo).min(1).max(5), clientContext }),
    startHoldMusic: z.strictObject({ customPrompt: prompt.nullish(), clientContext }),
    audioRoutingGroup,
    /** No body is expected; an empty object is tolerated. */
    none: z.union([z.null(), z.undefined(), z.strictObject({})]),
  }
}

/** As Graph takes them: notifications go to https addresses only. */
export const bodies = bodiesWith(z.string().regex(/^https:\/\//, 'must be an https address'))
export type Bodies = typeof bodies

/** With the setting `allowLoopbackHttp`: a bot on this machine needs no certificate. */
export const loopbackBodies: Bodies = bodiesWith(
  z.string().refine(isHttpsOrHere, 'must be an https address, or http on this machine'),
)

function isHttpsOrHere(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname } = new URL(uri)
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname))
}
