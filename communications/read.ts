import type {
  Call,
  CallRoute,
  CallState,
  ChatInfo,
  CommsOperation,
  EndpointType,
  Identity,
  IdentitySet,
  IncomingContext,
  InvitationParticipantInfo,
  MediaInfo,
  MeetingInfo,
  Modality,
  OperationStatus,
  ParticipantInfo,
  ResultInfo,
  Tone,
} from './words.ts'

/**
 * What Graph sent, read into the words of `words.ts`. By hand and not by schema, since this is the hot path.
 *
 * Graph's spelling is taken as it comes: enumerations in any case, result codes as numbers or texts, `subcode` or `subCode`.
 * Members that are null, of the wrong type or unknown to us are left out, so a reader may trust the types.
 */

export type Bag = Readonly<Record<string, unknown>>

export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Graph allows one entity or a list of them in most places. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** "#microsoft.graph.call", "microsoft.graph.Call" → "call" */
export function typeName(value: unknown): string | undefined {
  return text(value)
    ?.replace(/^#?microsoft\.graph\./i, '')
    .toLowerCase()
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** Result codes are int32 in Graph's schema and in the history. */
function resultCode(value: unknown): number | undefined {
  const code = integer(value)
  return code !== undefined && code === (code | 0) ? code : undefined
}

/** A reader of one enumeration: any case, and `otherwise` for members that we do not know. */
function oneOf<T extends string>(members: readonly T[], otherwise?: T): (value: unknown) => T | undefined {
  const canonical = new Map<string, T>(members.map((member) => [member.toLowerCase(), member]))
  return (value) => (typeof value === 'string' ? (canonical.get(value.toLowerCase()) ?? otherwise) : undefined)
}

const callState = oneOf<CallState>(
  [
    'incoming',
    'establishing',
    'ringing',
    'established',
    'hold',
    'transferring',
    'transferAccepted',
    'redirecting',
    'terminating',
    'terminated',
  ],
  'unknownFutureValue',
)
const direction = oneOf(['incoming', 'outgoing'])
const mediaState = oneOf(['active', 'inactive'], 'unknownFutureValue')
const modality = oneOf<Modality>(['audio', 'video', 'videoBasedScreenSharing', 'data'], 'unknownFutureValue')
const endpointType = oneOf<EndpointType>(
  ['default', 'voicemail', 'skypeForBusiness', 'skypeForBusinessVoipPhone'],
  'unknownFutureValue',
)
const operationTypes = new Map(
  (['playPrompt', 'subscribeToTone', 'cancelMediaProcessing'] as const).map(
    (name) => [`${name}operation`.toLowerCase(), `#microsoft.graph.${name}Operation`] as const,
  ),
)
const operationStatus = oneOf<OperationStatus>(['notStarted', 'running', 'completed', 'failed'])
const tone = oneOf<Tone>([
  'tone0',
  'tone1',
  'tone2',
  'tone3',
  'tone4',
  'tone5',
  'tone6',
  'tone7',
  'tone8',
  'tone9',
  'star',
  'pound',
  'a',
  'b',
  'c',
  'd',
  'flash',
])
export const changeType = oneOf(['created', 'updated', 'deleted'])

/** The same object without the members that are undefined. */
function present<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  for (const key in members) if (members[key] === undefined) delete members[key]
  return members as T // sound: a member that is left is not undefined, and the required ones are checked by each reader
}

export function readCall(raw: unknown): Call | undefined {
  if (!isBag(raw)) return undefined
  return present<Call>({
    '@odata.type': '#microsoft.graph.call',
    id: text(raw.id),
    state: callState(raw.state),
    direction: direction(raw.direction),
    callbackUri: text(raw.callbackUri),
    callChainId: text(raw.callChainId),
    callRoutes: all(raw.callRoutes, readRoute),
    source: readParticipantInfo(raw.source),
    targets: all(raw.targets, readInvitation),
    requestedModalities: all(raw.requestedModalities, modality),
    mediaConfig: readMediaConfig(raw.mediaConfig),
    mediaState: isBag(raw.mediaState) ? present({ audio: mediaState(raw.mediaState.audio) }) : undefined,
    resultInfo: readResultInfo(raw.resultInfo),
    toneInfo: readToneInfo(raw.toneInfo),
    chatInfo: readChatInfo(raw.chatInfo),
    meetingInfo: readMeetingInfo(raw.meetingInfo),
    incomingContext: readIncomingContext(raw.incomingContext),
    myParticipantId: text(raw.myParticipantId),
    tenantId: text(raw.tenantId),
    subject: text(raw.subject),
    terminationReason: text(raw.terminationReason),
  })
}

export function readOperation(raw: unknown): CommsOperation | undefined {
  if (!isBag(raw)) return undefined
  return present<CommsOperation>({
    '@odata.type': operationTypes.get(typeName(raw['@odata.type']) ?? '') ?? text(raw['@odata.type']),
    id: text(raw.id),
    status: operationStatus(raw.status),
    clientContext: text(raw.clientContext),
    resultInfo: readResultInfo(raw.resultInfo),
  })
}

function all<T>(raw: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
  if (raw === undefined || raw === null) return undefined
  return listOf(raw).flatMap((item) => read(item) ?? [])
}

function readResultInfo(raw: unknown): ResultInfo | undefined {
  if (!isBag(raw)) return undefined
  const code = resultCode(raw.code)
  const subcode = resultCode(raw.subcode ?? raw.subCode)
  // One of the two is enough: an older copy of the hang-up example has only a code.
  if (code === undefined && subcode === undefined) return undefined
  return present<ResultInfo>({ code: code ?? 0, subcode: subcode ?? 0, message: text(raw.message) })
}

function readToneInfo(raw: unknown) {
  if (!isBag(raw)) return undefined
  const pressed = tone(raw.tone)
  const sequenceId = integer(raw.sequenceId)
  return pressed && sequenceId !== undefined ? { sequenceId, tone: pressed } : undefined
}

function readIdentity(raw: unknown): Identity | undefined {
  if (!isBag(raw)) return undefined
  return present<Identity>({
    id: text(raw.id),
    displayName: text(raw.displayName),
    tenantId: text(raw.tenantId),
    identityProvider: text(raw.identityProvider),
  })
}

function readIdentitySet(raw: unknown): IdentitySet | undefined {
  if (!isBag(raw)) return undefined
  return present<IdentitySet>({
    user: readIdentity(raw.user),
    phone: readIdentity(raw.phone),
    application: readIdentity(raw.application),
    applicationInstance: readIdentity(raw.applicationInstance),
    guest: readIdentity(raw.guest),
    device: readIdentity(raw.device),
    encrypted: readIdentity(raw.encrypted),
    onPremises: readIdentity(raw.onPremises),
  })
}

function readParticipantInfo(raw: unknown): ParticipantInfo | undefined {
  if (!isBag(raw)) return undefined
  return present<ParticipantInfo>({
    id: text(raw.id),
    identity: readIdentitySet(raw.identity),
    participantId: text(raw.participantId),
    endpointType: endpointType(raw.endpointType),
    countryCode: text(raw.countryCode),
    region: text(raw.region),
    languageId: text(raw.languageId),
  })
}

function readInvitation(raw: unknown): InvitationParticipantInfo | undefined {
  if (!isBag(raw)) return undefined
  const identity = readIdentitySet(raw.identity)
  if (!identity) return undefined
  return present<InvitationParticipantInfo>({
    id: text(raw.id),
    identity,
    participantId: text(raw.participantId),
    endpointType: endpointType(raw.endpointType),
    replacesCallId: text(raw.replacesCallId),
    region: text(raw.region),
    languageId: text(raw.languageId),
  })
}

function readRoute(raw: unknown): CallRoute | undefined {
  if (!isBag(raw)) return undefined
  return present<CallRoute>({
    original: readIdentitySet(raw.original),
    final: readIdentitySet(raw.final),
    routingType: text(raw.routingType),
  })
}

function readMediaConfig(raw: unknown): Call['mediaConfig'] | undefined {
  if (!isBag(raw) || typeName(raw['@odata.type']) !== 'servicehostedmediaconfig') return undefined
  return present<NonNullable<Call['mediaConfig']>>({
    '@odata.type': '#microsoft.graph.serviceHostedMediaConfig',
    preFetchMedia: all(raw.preFetchMedia, readMediaInfo),
  })
}

function readMediaInfo(raw: unknown): MediaInfo | undefined {
  const uri = isBag(raw) ? text(raw.uri) : undefined
  return isBag(raw) && uri !== undefined ? present<MediaInfo>({ uri, resourceId: text(raw.resourceId) }) : undefined
}

function readChatInfo(raw: unknown): ChatInfo | undefined {
  if (!isBag(raw)) return undefined
  return present<ChatInfo>({
    threadId: text(raw.threadId),
    messageId: text(raw.messageId),
    replyChainMessageId: text(raw.replyChainMessageId),
  })
}

function readMeetingInfo(raw: unknown): MeetingInfo | undefined {
  if (!isBag(raw)) return undefined
  const host = typeof raw.allowConversationWithoutHost === 'boolean' ? raw.allowConversationWithoutHost : undefined
  const without = host === undefined ? {} : { allowConversationWithoutHost: host }
  switch (typeName(raw['@odata.type'])) {
    case 'organizermeetinginfo': {
      const organizer = readIdentitySet(raw.organizer)
      return organizer && { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer, ...without }
    }
    case 'tokenmeetinginfo': {
      const token = text(raw.token)
      return token === undefined ? undefined : { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token, ...without }
    }
    case 'joinmeetingidmeetinginfo': {
      const joinMeetingId = text(raw.joinMeetingId)
      if (joinMeetingId === undefined) return undefined
      const passcode = text(raw.passcode) ?? null
      return { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode, ...without }
    }
    default:
      return undefined
  }
}

function readIncomingContext(raw: unknown): IncomingContext | undefined {
  if (!isBag(raw)) return undefined
  return present<IncomingContext>({
    sourceParticipantId: text(raw.sourceParticipantId),
    observedParticipantId: text(raw.observedParticipantId),
    onBehalfOf: readIdentitySet(raw.onBehalfOf),
    transferor: readIdentitySet(raw.transferor),
  })
}
