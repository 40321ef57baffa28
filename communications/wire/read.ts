import type {
  AudioRoutingGroup,
  Call,
  CallOptions,
  CallRoute,
  CallState,
  CallTranscriptionInfo,
  ChatInfo,
  CommsOperation,
  ContentSharingSession,
  EndpointType,
  Identity,
  IdentitySet,
  IncomingContext,
  InvitationParticipantInfo,
  MediaConfig,
  MediaDirection,
  MediaInfo,
  MediaStream,
  MeetingInfo,
  Modality,
  OperationStatus,
  OperationType,
  Participant,
  ParticipantInfo,
  RecordingInfo,
  RecordingStatus,
  ResultInfo,
  RoutingMode,
  SendDtmfCompletionReason,
  Tone,
} from './types.ts'

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

export function boolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** A safe integer, also when it came as text. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** Result codes are int32 in Graph's schema and in the history. */
function resultCode(value: unknown): number | undefined {
  const code = integer(value)
  return code !== undefined && code === (code | 0) ? code : undefined
}

/** A reader of one enumeration: any case, and `otherwise` for members that we do not know. */
export function oneOf<T extends string>(members: readonly T[], otherwise?: T): (value: unknown) => T | undefined {
  const canonical = new Map<string, T>(members.map((member) => [member.toLowerCase(), member]))
  return (value) => (typeof value === 'string' ? (canonical.get(value.toLowerCase()) ?? otherwise) : undefined)
}

const callState = oneOf<CallState>([
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
])
const direction = oneOf(['incoming', 'outgoing'])
const mediaState = oneOf(['active', 'inactive'], 'unknownFutureValue')
const modality = oneOf<Modality>(['audio', 'video', 'videoBasedScreenSharing', 'data'], 'unknownFutureValue')
const endpointType = oneOf<EndpointType>(
  ['default', 'voicemail', 'skypeForBusiness', 'skypeForBusinessVoipPhone'],
  'unknownFutureValue',
)
const operationTypes = new Map(
  (
    [
      '#microsoft.graph.addLargeGalleryViewOperation',
      '#microsoft.graph.cancelMediaProcessingOperation',
      '#microsoft.graph.inviteParticipantsOperation',
      '#microsoft.graph.muteParticipantOperation',
      '#microsoft.graph.playPromptOperation',
      '#microsoft.graph.recordOperation',
      '#microsoft.graph.sendDtmfTonesOperation',
      '#microsoft.graph.startHoldMusicOperation',
      '#microsoft.graph.stopHoldMusicOperation',
      '#microsoft.graph.subscribeToToneOperation',
      '#microsoft.graph.unmuteParticipantOperation',
      '#microsoft.graph.updateRecordingStatusOperation',
    ] as const satisfies OperationType[]
  ).map((type) => [typeName(type), type] as const),
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
const mediaDirection = oneOf<MediaDirection>(['inactive', 'sendOnly', 'receiveOnly', 'sendReceive'])
const recordingStatus = oneOf<RecordingStatus>(['unknown', 'notRecording', 'recording', 'failed'], 'unknownFutureValue')
const transcriptionState = oneOf<NonNullable<CallTranscriptionInfo['state']>>(
  ['notStarted', 'active', 'inactive'],
  'unknownFutureValue',
)
const disabledReason = oneOf(['watermarkProtection'], 'unknownFutureValue')
const routingMode = oneOf<RoutingMode>(['oneToOne', 'multicast'], 'unknownFutureValue')
const sendDtmfCompletionReason = oneOf<SendDtmfCompletionReason>([
  'unknown',
  'completedSuccessfully',
  'mediaOperationCanceled',
])
/** In Graph's own spelling. */
export const isTone = (value: unknown): value is Tone => tone(value) !== undefined && tone(value) === value

export const changeType = oneOf(['created', 'updated', 'deleted'])

/** The same object without the members that are undefined. */
export function present<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  for (const key in members) if (members[key] === undefined) delete members[key]
  return members as T // sound: a member that is left is not undefined, and the required ones are checked by each reader
}

/** A reader of an object from one reader for each of its members. Members that are not read are left out. */
export function shape<T extends object>(
  readers: { [K in keyof T]-?: (raw: unknown) => T[K] | undefined },
): (raw: unknown) => Partial<T> | undefined {
  const entries = Object.entries(readers) as [string, (raw: unknown) => unknown][] // which is what the parameter says
  return (raw) => {
    if (!isBag(raw)) return undefined
    const read: Record<string, unknown> = {}
    for (const [name, reader] of entries) {
      const value = reader(raw[name])
      if (value !== undefined) read[name] = value
    }
    return read as Partial<T> // each member came from its own reader
  }
}

/** A reader of a list, of one that is not there as undefined. */
export function listReader<T>(read: (item: unknown) => T | undefined): (raw: unknown) => T[] | undefined {
  return (raw) => all(raw, read)
}

/** An entity: what `read` makes of it, if it has an id. */
export function withId<T extends { id: string }>(
  read: (raw: unknown) => Partial<T> | undefined,
): (raw: unknown) => T | undefined {
  return (raw) => {
    const entity = read(raw)
    return entity?.id === undefined ? undefined : (entity as T) // the id is the only member that T requires
  }
}

export function readCall(raw: unknown): Call | undefined {
  if (!isBag(raw)) return undefined
  return present<Call>({
    '@odata.type': '#microsoft.graph.call',
    id: text(raw.id),
    state: callState(raw.state) ?? text(raw.state),
    direction: direction(raw.direction),
    callbackUri: text(raw.callbackUri),
    callChainId: text(raw.callChainId),
    callRoutes: all(raw.callRoutes, readRoute),
    callOptions: readCallOptions(raw.callOptions),
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
    transcription: readTranscriptionInfo(raw.transcription),
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
    recordingLocation: text(raw.recordingLocation),
    recordingAccessToken: text(raw.recordingAccessToken),
    // A reason that we do not know is kept as it is: beta has others, for other operations.
    completionReason: sendDtmfCompletionReason(raw.completionReason) ?? text(raw.completionReason),
    participants: all(raw.participants, readInvitation),
  })
}

export function readParticipant(raw: unknown): Participant | undefined {
  if (!isBag(raw)) return undefined
  return present<Participant>({
    '@odata.type': '#microsoft.graph.participant',
    id: text(raw.id),
    info: readParticipantInfo(raw.info),
    isInLobby: boolean(raw.isInLobby),
    isMuted: boolean(raw.isMuted),
    mediaStreams: all(raw.mediaStreams, readMediaStream),
    metadata: text(raw.metadata),
    recordingInfo: readRecordingInfo(raw.recordingInfo),
    removedState: isBag(raw.removedState) ? present({ reason: text(raw.removedState.reason) }) : undefined,
    restrictedExperience: isBag(raw.restrictedExperience)
      ? present({
          contentSharingDisabled: disabledReason(raw.restrictedExperience.contentSharingDisabled),
          videoDisabled: disabledReason(raw.restrictedExperience.videoDisabled),
        })
      : undefined,
    rosterSequenceNumber: integer(raw.rosterSequenceNumber),
  })
}

function readMediaStream(raw: unknown): MediaStream | undefined {
  if (!isBag(raw)) return undefined
  return present<MediaStream>({
    direction: mediaDirection(raw.direction),
    label: text(raw.label),
    mediaType: modality(raw.mediaType),
    serverMuted: boolean(raw.serverMuted),
    sourceId: text(raw.sourceId),
  })
}

function readRecordingInfo(raw: unknown): RecordingInfo | undefined {
  if (!isBag(raw)) return undefined
  return present<RecordingInfo>({
    initiator: readIdentitySet(raw.initiator),
    recordingStatus: recordingStatus(raw.recordingStatus),
  })
}

export function readContentSharingSession(raw: unknown): ContentSharingSession | undefined {
  const id = isBag(raw) ? text(raw.id) : undefined
  return id === undefined ? undefined : { '@odata.type': '#microsoft.graph.contentSharingSession', id }
}

export function readAudioRoutingGroup(raw: unknown): AudioRoutingGroup | undefined {
  const id = isBag(raw) ? text(raw.id) : undefined
  if (!isBag(raw) || id === undefined) return undefined
  return present<AudioRoutingGroup>({
    '@odata.type': '#microsoft.graph.audioRoutingGroup',
    id,
    routingMode: routingMode(raw.routingMode),
    sources: all(raw.sources, text) ?? [],
    receivers: all(raw.receivers, text) ?? [],
  })
}

function readCallOptions(raw: unknown): CallOptions | undefined {
  if (!isBag(raw)) return undefined
  return present<CallOptions>({
    hideBotAfterEscalation: boolean(raw.hideBotAfterEscalation),
    isContentSharingNotificationEnabled: boolean(raw.isContentSharingNotificationEnabled),
    isDeltaRosterEnabled: boolean(raw.isDeltaRosterEnabled),
    isInteractiveRosterEnabled: boolean(raw.isInteractiveRosterEnabled),
  })
}

function readTranscriptionInfo(raw: unknown): CallTranscriptionInfo | undefined {
  if (!isBag(raw)) return undefined
  return present<CallTranscriptionInfo>({
    state: transcriptionState(raw.state),
    lastModifiedDateTime: text(raw.lastModifiedDateTime),
  })
}

export function all<T>(raw: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
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

export function readIdentity(raw: unknown): Identity | undefined {
  if (!isBag(raw)) return undefined
  return present<Identity>({
    id: text(raw.id),
    displayName: text(raw.displayName),
    tenantId: text(raw.tenantId),
    identityProvider: text(raw.identityProvider),
  })
}

export function readIdentitySet(raw: unknown): IdentitySet | undefined {
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
    hidden: boolean(raw.hidden),
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

function readMediaConfig(raw: unknown): MediaConfig | undefined {
  if (!isBag(raw)) return undefined
  switch (typeName(raw['@odata.type'])) {
    case 'servicehostedmediaconfig':
      return present<MediaConfig>({
        '@odata.type': '#microsoft.graph.serviceHostedMediaConfig',
        preFetchMedia: all(raw.preFetchMedia, readMediaInfo),
      })
    case 'apphostedmediaconfig':
      return present<MediaConfig>({ '@odata.type': '#microsoft.graph.appHostedMediaConfig', blob: text(raw.blob) })
    default:
      return undefined
  }
}

function readMediaInfo(raw: unknown): MediaInfo | undefined {
  const uri = isBag(raw) ? text(raw.uri) : undefined
  return isBag(raw) && uri !== undefined ? present<MediaInfo>({ uri, resourceId: text(raw.resourceId) }) : undefined
}

export function readChatInfo(raw: unknown): ChatInfo | undefined {
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
