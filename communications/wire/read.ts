import { BoundedMap } from '#ground/boundedMap.ts'
import {
  callDirections,
  callStates,
  changeTypes,
  endpointTypes,
  mediaDirections,
  mediaStates,
  modalities,
  operationStatuses,
  operationTypes,
  recordingStatuses,
  restrictions,
  routingModes,
  sendDtmfCompletionReasons,
  tones,
  transcriptionStates,
} from './enums.ts'
import type {
  AudioRoutingGroup,
  BotData,
  Call,
  CallMediaState,
  CallOptions,
  CallRoute,
  CallTranscriptionInfo,
  ChatInfo,
  CommsOperation,
  ContentSharingSession,
  Identity,
  IdentitySet,
  IncomingContext,
  InvitationParticipantInfo,
  MediaConfig,
  MediaInfo,
  MediaStream,
  MeetingInfo,
  Participant,
  ParticipantInfo,
  RecordingInfo,
  ResultInfo,
  Tone,
  ToneInfo,
} from './types.ts'

/**
 * What Graph sent, read into the types of `types.ts`. Not by a schema library, since this is the hot path.
 *
 * Graph's spelling is taken as it comes: enumerations in any case, result codes as numbers or texts, `subcode` or `subCode`.
 * Members that are null, of the wrong type or unknown to us are left out, so a reader may trust the types.
 */

export type Bag = Readonly<Record<string, unknown>>

/** What can be read of something; undefined when it is nothing of that kind. */
export type Reader<T> = (raw: unknown) => T | undefined

/** What a reader gives. As an interface it has a name, which the compiler writes instead of all its members. */
export type Read<R> = R extends Reader<infer T> ? T : never

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

/** Names of types as they came: there are few, and nearly every object has one. */
const typeNames = new BoundedMap<string, string>(500)
const longestType = 100

/** "#microsoft.graph.call", "microsoft.graph.Call" → "call" */
export function typeName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const known = typeNames.get(value)
  if (known !== undefined) return known
  const name = value.replace(/^#?microsoft\.graph\./i, '').toLowerCase()
  if (value.length <= longestType) typeNames.set(value, name)
  return name
}

export function boolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** A safe integer, also when it came as text. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** A reader of one enumeration: any case, and `otherwise` for members that we do not know. */
export function oneOf<const T extends string>(members: readonly T[], otherwise?: T): Reader<T> {
  const known = new Map<string, T>(
    members.flatMap((member) => [
      [member.toLowerCase(), member],
      [member, member],
    ]),
  )
  return (value) =>
    typeof value === 'string' ? (known.get(value) ?? known.get(value.toLowerCase()) ?? otherwise) : undefined
}

/** A member that is newer than this program is kept as Graph spells it. */
function orText<T extends string>(read: Reader<T>): Reader<T | (string & {})> {
  return (raw) => read(raw) ?? text(raw)
}

/**
 * A reader of an object from one reader for each of its members. Members that are not read are left out. Only those that are there are
 * looked at, since most news name a few of many; a reader that gives something for what is missing says so when it is first asked.
 */
export function shape<T extends object>(
  readers: { [K in keyof T]-?: Reader<Exclude<T[K], undefined>> },
): Reader<Partial<T>> {
  const entries = Object.entries(readers) as [string, Reader<unknown>][] // which is what the parameter says
  const always = entries.filter(([, reader]) => reader(undefined) !== undefined)
  const ifThere = new Map(entries.filter(([, reader]) => reader(undefined) === undefined))
  return (raw) => {
    if (!isBag(raw)) return undefined
    const read: Record<string, unknown> = {}
    for (const [name, reader] of always) read[name] = reader(raw[name])
    for (const name in raw) {
      const value = ifThere.get(name)?.(raw[name])
      if (value !== undefined) read[name] = value
    }
    return read as Partial<T> // each member came from its own reader
  }
}

/** The same, whose members may be null, where Graph has nothing; but no id, and no list. */
export const nullable = shape as <T extends object>(
  readers: { [K in keyof T]: Reader<T[K]> },
) => Reader<{
  [K in keyof T]?: K extends 'id' ? T[K] : T[K] extends readonly unknown[] ? T[K] : T[K] | null
}>

/** What `read` makes of it, if it has all of these members. */
export function having<T extends object>(required: readonly (keyof T)[], read: Reader<Partial<T>>): Reader<T> {
  return (raw) => {
    const entity = read(raw)
    return entity && required.every((name) => entity[name] !== undefined) ? (entity as T) : undefined // T requires no others
  }
}

/** An entity: what `read` makes of it, if it has an id. */
export function withId<T extends { id?: string }>(read: Reader<T>): Reader<T & { id: string }> {
  return having<T & { id: string }>(['id'], read as Reader<Partial<T & { id: string }>>) // T, but for the id
}

type Typed = { '@odata.type': string }
/** What is read of a type that says its name in one place only says it no more. */
type Untyped<T> = Omit<T, '@odata.type'>

/** A reader of what comes in several types, from one reader for each. Of other types nothing is read. */
function typed<T extends Typed>(
  readers: {
    [Name in T['@odata.type']]: Reader<Untyped<Extract<T, { '@odata.type': Name }>>>
  },
): Reader<T> {
  const kinds = new Map(
    Object.entries<Reader<object>>(readers).map(([type, read]) => [typeName(type), { type, read }] as const),
  )
  return (raw) => {
    const kind = isBag(raw) ? kinds.get(typeName(raw['@odata.type'])) : undefined
    const read = kind?.read(raw)
    return kind && read && ({ '@odata.type': kind.type, ...read } as T) // the reader is the one of that type
  }
}

/** What can be read of a list; undefined of one that is not there. */
export function all<T>(raw: unknown, read: Reader<T>): T[] | undefined {
  if (raw === undefined || raw === null) return undefined
  const found: T[] = []
  for (const item of listOf(raw)) {
    const one = read(item)
    if (one !== undefined) found.push(one)
  }
  return found
}

/** A reader of a list. */
export function listReader<T>(read: Reader<T>): Reader<T[]> {
  return (raw) => all(raw, read)
}

/** A reader that finds a member under another name too, where Graph has two. */
export function orNamed<T>(name: string, other: string, read: Reader<T>): Reader<T> {
  return (raw) => read(isBag(raw) && raw[other] !== undefined ? { ...raw, [name]: raw[name] ?? raw[other] } : raw)
}

const future = 'unknownFutureValue'
const endpointType = oneOf(endpointTypes, future)
const modality = oneOf(modalities, future)
const disabledReason = oneOf(restrictions, future)
const tone = oneOf(tones)
/** In Graph's own spelling. */
export const isTone = (value: unknown): value is Tone => tone(value) !== undefined && tone(value) === value
export const changeType = oneOf(changeTypes)
const operationNames = new Map(operationTypes.map((type) => [typeName(type), type]))

export const readIdentity: Reader<Identity> = orNamed(
  'applicationType',
  'ApplicationType',
  shape<Untyped<Identity>>({
    id: text,
    displayName: text,
    tenantId: text,
    identityProvider: text,
    email: text,
    applicationType: text,
    hidden: boolean,
    azureCommunicationServicesResourceId: text,
  }),
)

export const readIdentitySet: Reader<IdentitySet> = shape<Untyped<IdentitySet>>({
  user: readIdentity,
  phone: readIdentity,
  application: readIdentity,
  applicationInstance: readIdentity,
  guest: readIdentity,
  device: readIdentity,
  encrypted: readIdentity,
  onPremises: readIdentity,
  azureCommunicationServicesUser: readIdentity,
  assertedIdentity: readIdentity,
  endpointType,
})

const participantInfo: Reader<ParticipantInfo> = shape<Untyped<ParticipantInfo>>({
  id: text,
  identity: readIdentitySet,
  participantId: text,
  endpointType,
  endpointId: text,
  countryCode: text,
  region: text,
  languageId: text,
})

const invitation = having<InvitationParticipantInfo>(
  ['identity'],
  shape<Untyped<InvitationParticipantInfo>>({
    id: text,
    identity: readIdentitySet,
    participantId: text,
    endpointType,
    hidden: boolean,
    replacesCallId: text,
    removeFromDefaultAudioRoutingGroup: boolean,
    region: text,
    languageId: text,
  }),
)

/** Result codes are int32 in Graph's schema and in the history. */
function resultCode(value: unknown): number | undefined {
  const code = integer(value)
  return code !== undefined && code === (code | 0) ? code : undefined
}

const anyResult = orNamed(
  'subcode',
  'subCode',
  shape<Untyped<ResultInfo>>({ code: resultCode, subcode: resultCode, message: text }),
)
/** One of the two codes is enough: an older copy of the hang-up example has only a code. */
function resultInfo(raw: unknown): ResultInfo | undefined {
  const read = anyResult(raw)
  if (!read || (read.code === undefined && read.subcode === undefined)) return undefined
  read.code ??= 0
  read.subcode ??= 0
  return read as ResultInfo // with both codes it is one
}

const mediaInfo = having<MediaInfo>(['uri'], shape<Untyped<MediaInfo>>({ uri: text, resourceId: text }))

const mediaConfig = typed<MediaConfig>({
  '#microsoft.graph.serviceHostedMediaConfig': shape({
    preFetchMedia: listReader(mediaInfo),
    removeFromDefaultAudioGroup: boolean,
  }),
  '#microsoft.graph.appHostedMediaConfig': shape({ blob: text, removeFromDefaultAudioGroup: boolean }),
})

export const readChatInfo: Reader<ChatInfo> = shape<Untyped<ChatInfo>>({
  threadId: text,
  messageId: text,
  replyChainMessageId: text,
})

const meetingInfo = typed<MeetingInfo>({
  '#microsoft.graph.organizerMeetingInfo': having(
    ['organizer'],
    shape({ organizer: readIdentitySet, allowConversationWithoutHost: boolean }),
  ),
  '#microsoft.graph.tokenMeetingInfo': having(['token'], shape({ token: text, allowConversationWithoutHost: boolean })),
  '#microsoft.graph.joinMeetingIdMeetingInfo': having(
    ['joinMeetingId'],
    shape({ joinMeetingId: text, passcode: (raw) => text(raw) ?? null, allowConversationWithoutHost: boolean }),
  ),
})

const party = { id: text, participantId: text, tenantId: text, participationMethod: text, clientLocation: text }
const botDataParty = shape<NonNullable<BotData['user']>>({
  ...party,
  onBehalfOf: shape<{ id?: string | null }>({ id: text }),
})

export const readCall: Reader<Call> = shape<Call>({
  '@odata.type': () => '#microsoft.graph.call',
  id: text,
  state: orText(oneOf(callStates)),
  direction: oneOf(callDirections),
  callbackUri: text,
  callChainId: text,
  callRoutes: listReader(
    shape<Untyped<CallRoute>>({ original: readIdentitySet, final: readIdentitySet, routingType: text }),
  ),
  callOptions: shape<CallOptions>({
    hideBotAfterEscalation: boolean,
    isContentSharingNotificationEnabled: boolean,
    isDeltaRosterEnabled: boolean,
    isInteractiveRosterEnabled: boolean,
  }),
  source: participantInfo,
  targets: listReader(invitation),
  requestedModalities: listReader(modality),
  mediaConfig,
  mediaState: shape<Untyped<CallMediaState>>({ audio: oneOf(mediaStates, future) }),
  resultInfo,
  toneInfo: having<ToneInfo>(['sequenceId', 'tone'], shape<Untyped<ToneInfo>>({ sequenceId: integer, tone })),
  chatInfo: readChatInfo,
  meetingInfo,
  incomingContext: shape<Untyped<IncomingContext>>({
    sourceParticipantId: text,
    observedParticipantId: text,
    onBehalfOf: readIdentitySet,
    transferor: readIdentitySet,
  }),
  myParticipantId: text,
  tenantId: text,
  subject: text,
  transcription: shape<Untyped<CallTranscriptionInfo>>({
    state: oneOf(transcriptionStates, future),
    lastModifiedDateTime: text,
  }),
  terminationReason: text,
  answeredBy: participantInfo,
  activeModalities: listReader(modality),
  applicationMetadata: shape<NonNullable<Call['applicationMetadata']>>({
    botData: shape<BotData>({
      mediaHostedRegion: text,
      user: botDataParty,
      otherSideUser: botDataParty,
      inviteReasons: listReader(text),
      policyIdentifier: text,
      pairedRecorders: listReader(botDataParty),
      otherRecorders: listReader(botDataParty),
    }),
  }),
  isModeratedMeeting: boolean,
  meetingCapability: (raw) => (isBag(raw) ? raw : undefined),
  participantLeftDuration: text,
  replacesContext: text,
  ringingTimeoutInSeconds: integer,
  routingPolicies: listReader(text),
})

export const readOperation: Reader<CommsOperation> = shape<CommsOperation>({
  '@odata.type': (raw) => operationNames.get(typeName(raw)) ?? text(raw),
  id: text,
  status: oneOf(operationStatuses),
  clientContext: text,
  resultInfo,
  recordingLocation: text,
  recordingAccessToken: text,
  // Beta has other reasons, for other operations.
  completionReason: orText(oneOf(sendDtmfCompletionReasons)),
  participants: listReader(invitation),
})

export const readParticipant: Reader<Participant> = shape<Participant>({
  '@odata.type': () => '#microsoft.graph.participant',
  id: text,
  info: participantInfo,
  isInLobby: boolean,
  isMuted: boolean,
  mediaStreams: listReader(
    shape<Untyped<MediaStream>>({
      direction: oneOf(mediaDirections),
      label: text,
      mediaType: modality,
      serverMuted: boolean,
      sourceId: text,
    }),
  ),
  metadata: text,
  meetingRole: text,
  publishedStates: listReader((state) => state),
  recordingInfo: shape<Untyped<RecordingInfo>>({
    initiator: readIdentitySet,
    recordingStatus: oneOf(recordingStatuses, future),
  }),
  removedState: shape<Untyped<NonNullable<Participant['removedState']>>>({ reason: text }),
  restrictedExperience: shape<Untyped<NonNullable<Participant['restrictedExperience']>>>({
    contentSharingDisabled: disabledReason,
    videoDisabled: disabledReason,
  }),
  rosterSequenceNumber: integer,
})

export const readContentSharingSession: Reader<ContentSharingSession> = withId(
  shape<ContentSharingSession>({ '@odata.type': () => '#microsoft.graph.contentSharingSession', id: text }),
)

export const readAudioRoutingGroup = having<AudioRoutingGroup>(
  ['id'], // lists that are missing are read as empty
  shape<AudioRoutingGroup>({
    '@odata.type': () => '#microsoft.graph.audioRoutingGroup',
    id: text,
    routingMode: oneOf(routingModes, future),
    sources: (raw) => all(raw, text) ?? [],
    receivers: (raw) => all(raw, text) ?? [],
  }),
)
