import * as z from 'zod'
import { endpointTypes, modalities } from '#communications/wire/enums.ts'
import { isLoopbackName } from '#ground/loopback.ts'

/**
 * What bodies of requests are made of: closed types, canonical spellings, documented limits (contract: schemas/requests.v1.json, which
 * bodies.test.ts compares with).
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
        if (!Object.hasOwn(members, key) && !annotation.test(key)) {
          context.addIssue({ code: 'unrecognized_keys', keys: [key], input: value })
        }
      }
    })
}

/** A type that has to be named, because its base is abstract. */
export function named<Name extends string, Members extends z.ZodRawShape>(name: Name, members: Members) {
  const schema = graphType(name, members).refine((value) => value['@odata.type'] !== undefined, {
    message: '@odata.type is missing',
  })
  return schema as unknown as z.ZodType<z.output<typeof schema> & { '@odata.type': `#microsoft.graph.${Name}` }> // just refined so
}

export const text = z.string().nullish()
// Members that are legal and that the emulator does not read. What stands inside them is not looked at.
const something = z.looseObject({})
export const unreadObject = something.nullish()
export const unreadList = z.array(something.nullable()).optional()
/** What is documented nowhere. */
export const unread = z.unknown().optional()

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text
/** Several members of one kind, by their names. */
export const each = <Names extends string, Schema extends z.ZodType>(names: Names, schema: Schema) =>
  Object.fromEntries(names.split(' ').map((name) => [name, schema])) as Record<Words<Names>, Schema> // all of them
export const clientContext = z.string().max(256).nullish()

const identityMembers = each('id displayName tenantId identityProvider email', text)
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

const identitySetMembers = each(
  'application device user phone guest applicationInstance encrypted onPremises',
  identity,
)
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

const participantMembers = { ...each('id participantId', text), endpointType, ...each('region languageId', text) }
export const participantInfo = graphType('participantInfo', {
  ...participantMembers,
  countryCode: text,
  identity: identitySet.optional(),
})
export const invitationParticipantInfo = graphType('invitationParticipantInfo', {
  ...participantMembers,
  identity: identitySet,
  hidden: z.boolean().nullish(),
  replacesCallId: text,
  removeFromDefaultAudioRoutingGroup: z.boolean().nullish(),
})

const mediaInfo = graphType('mediaInfo', { uri: z.string(), resourceId: text })
export const mediaConfig = z.union([
  named('serviceHostedMediaConfig', {
    preFetchMedia: z.array(mediaInfo.nullable()).optional(),
    removeFromDefaultAudioGroup: z.boolean().optional(),
  }),
  named('appHostedMediaConfig', { blob: text, removeFromDefaultAudioGroup: z.boolean().optional() }),
])
export const modality = z.enum([...modalities, 'unknown']).nullable()

const callOptionMembers = {
  ...each('hideBotAfterEscalation isContentSharingNotificationEnabled', z.boolean().nullish()),
  ...each('isDeltaRosterEnabled isInteractiveRosterEnabled', z.boolean().nullish()),
}
export const incomingCallOptions = graphType('incomingCallOptions', callOptionMembers)
/** On a call the options must say which of the two they are. */
export const namedCallOptions = z.union([
  named('incomingCallOptions', callOptionMembers),
  named('outgoingCallOptions', callOptionMembers),
])

export const chatInfo = graphType('chatInfo', each('threadId messageId replyChainMessageId', text))
const withoutHost = { allowConversationWithoutHost: z.boolean().nullish() }
export const meetingInfo = z.union([
  named('organizerMeetingInfo', { organizer: identitySet, ...withoutHost }),
  named('tokenMeetingInfo', { token: z.string(), ...withoutHost }),
  named('joinMeetingIdMeetingInfo', { joinMeetingId: z.string(), passcode: text, ...withoutHost }),
])

export const prompt = named('mediaPrompt', { mediaInfo })

/** Operations that take nothing but a clientContext. */
export const contextOnly = z.strictObject({ clientContext })
/** No body is expected; an empty object is tolerated. */
export const noBody = z.union([z.null(), z.undefined(), z.strictObject({})])

export const httpsOnly = z.string().regex(/^https:\/\//, 'must be an https address')
export const httpsOrHere = z.string().refine(isHttpsOrHere, 'must be an https address, or http on this machine')

function isHttpsOrHere(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname } = new URL(uri)
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname))
}
