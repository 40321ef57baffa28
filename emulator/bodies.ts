import { z } from 'zod'

/**
 * Bodies of the requests that the service takes: closed types, canonical spellings, documented limits (contract:
 * schemas/requests.v1.json, which bodies.test.ts compares with).
 */

/** Annotations may stand beside the members of any type. */
const annotation = /@odata\.|@microsoft\.graph\./

/** One of Graph's types: nothing beside its members but annotations. */
function graphType<S extends z.ZodRawShape>(name: string, members: S) {
  return z
    .looseObject({
      '@odata.type': z.enum([`#microsoft.graph.${name}`, `microsoft.graph.${name}`]).optional(),
      ...members,
    })
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (!(key in members) && !annotation.test(key)) {
          context.addIssue({ code: 'unrecognized_keys', keys: [key], input: value })
        }
      }
    })
}

/** A type that has to be named, because its base is abstract. */
const named = <S extends z.ZodRawShape>(name: string, members: S) =>
  graphType(name, members).refine((value) => value['@odata.type'] !== undefined, { message: '@odata.type is missing' })

const text = z.string().nullish()
const https = z.string().regex(/^https:\/\//, 'must be an https address')
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
const identitySet = z.union([
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

export const createCallBody = graphType('call', {
  callbackUri: https,
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
    context.addIssue({ code: 'custom', path: ['chatInfo', 'threadId'], message: 'organizerMeetingInfo needs chatInfo' })
  }
})

/** `callbackUri` may be missing, as the page says; the metadata marks it non-nullable. */
export const answerBody = z.strictObject({
  callbackUri: https.optional(),
  mediaConfig,
  acceptedModalities: z.array(z.enum(['audio', 'video', 'videoBasedScreenSharing', 'data'])).min(1),
  participantCapacity: z.number().int().nullish(),
  callOptions: callOptions('incomingCallOptions').nullish(),
})

export const rejectBody = z.strictObject({
  reason: z.enum(['none', 'busy', 'forbidden']).optional(),
  callbackUri: https.optional(),
})

export const playPromptBody = z.strictObject({
  prompts: z.array(named('mediaPrompt', { mediaInfo })).min(1).max(20),
  clientContext,
})

export const toneOrCancelBody = z.strictObject({ clientContext })

export const transferBody = z.strictObject({
  transferTarget: invitationParticipantInfo,
  transferee: participantInfo.nullish(),
  /** Undeclared in v1.0, in a documented example. */
  clientContext,
})

/** No body is expected; an empty object is tolerated. */
export const keepAliveBody = z.union([z.null(), z.undefined(), z.strictObject({})])

export type CreateCallBody = z.output<typeof createCallBody>
export type AnswerBody = z.output<typeof answerBody>
export type RejectBody = z.output<typeof rejectBody>
export type PlayPromptBody = z.output<typeof playPromptBody>
export type TransferBody = z.output<typeof transferBody>
