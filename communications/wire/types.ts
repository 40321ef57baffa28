import type {
  CallDirection,
  CallState,
  ChangeType,
  EndpointType,
  MediaDirection,
  MediaState,
  Modality,
  OperationStatus,
  OperationType,
  RecordingStatus,
  RejectReason,
  Restriction,
  RoutingMode,
  SendDtmfCompletionReason,
  Tone,
  TranscriptionState,
} from './enums.ts'

/**
 * The words on the wire: Microsoft Graph cloud communications v1.0, as far as we speak it. Types only.
 *
 * These are the canonical spellings (camelCase, numbers as numbers). What really arrives is looser; `read.ts` brings it into
 * this form. Everything that Graph may leave out is optional, and Graph writes null where it has nothing.
 * Names and members are those of the public metadata; a member that only the reference pages know is marked "undeclared".
 */

export type * from './enums.ts'

/** A person, number or app. `id` is a user's object id, a number in E.164 with +, or an app id. */
export type Identity = {
  '@odata.type'?: string
  id?: string | null
  displayName?: string | null
  /** Undeclared in v1.0, used by the documented examples. */
  tenantId?: string | null
  identityProvider?: string | null
  /** Of a guest. */
  email?: string | null
  /** Of an app of Microsoft's, such as LargeGallery-V2. One page spells it ApplicationType, which is read too. */
  applicationType?: string | null
  /** An app, or a resource account, that is not shown to others in their rosters. */
  hidden?: boolean | null
  azureCommunicationServicesResourceId?: string | null
}

/** Who it is. Normally exactly one member is set. The caller stays `encrypted` unless the app holds a calling permission. */
export type IdentitySet = {
  '@odata.type'?: string
  user?: Identity | null
  phone?: Identity | null
  application?: Identity | null
  applicationInstance?: Identity | null
  guest?: Identity | null
  device?: Identity | null
  encrypted?: Identity | null
  onPremises?: Identity | null
  azureCommunicationServicesUser?: Identity | null
  /** As whom they want to be shown to the others. */
  assertedIdentity?: Identity | null
  endpointType?: EndpointType | null
}

export type ParticipantInfo = {
  '@odata.type'?: '#microsoft.graph.participantInfo'
  id?: string | null
  identity?: IdentitySet
  participantId?: string | null
  endpointType?: EndpointType | null
  /** Undeclared: in the roster of the addLargeGalleryView page. */
  endpointId?: string | null
  countryCode?: string | null
  region?: string | null
  languageId?: string | null
}

export type InvitationParticipantInfo = {
  '@odata.type'?: '#microsoft.graph.invitationParticipantInfo'
  id?: string | null
  identity: IdentitySet
  participantId?: string | null
  endpointType?: EndpointType | null
  hidden?: boolean | null
  replacesCallId?: string | null
  removeFromDefaultAudioRoutingGroup?: boolean | null
  region?: string | null
  languageId?: string | null
}

export type CallMediaState = { '@odata.type'?: '#microsoft.graph.callMediaState'; audio?: MediaState | null }

/** How something ended. `explainResult` in results.ts knows the documented pairs. */
export type ResultInfo = {
  '@odata.type'?: '#microsoft.graph.resultInfo'
  code: number
  subcode: number
  message?: string | null
}

/** One key press. `sequenceId` orders the presses of a call; its first value is not documented. */
export type ToneInfo = { '@odata.type'?: '#microsoft.graph.toneInfo'; sequenceId: number; tone: Tone }

/** An audio file: WAV, PCM, mono, 16 bit, 16 kHz. `resourceId` is the key that Graph caches it under. */
export type MediaInfo = { '@odata.type'?: '#microsoft.graph.mediaInfo'; uri: string; resourceId?: string | null }
export type MediaPrompt = { '@odata.type': '#microsoft.graph.mediaPrompt'; mediaInfo: MediaInfo }

/** Media hosted by Graph (prompts, tones, recordings by request), or by a media stack of the app's own, told by its blob. */
export type MediaConfig = (
  | { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig'; preFetchMedia?: MediaInfo[] }
  | { '@odata.type': '#microsoft.graph.appHostedMediaConfig'; blob?: string | null }
) & {
  /** Undeclared in v1.0, used by documented examples. */
  removeFromDefaultAudioGroup?: boolean | null
}

/** What an app wants of a call. No page gives defaults. */
export type CallOptions = {
  hideBotAfterEscalation?: boolean | null
  /** Without it no notification of content sharing is sent. */
  isContentSharingNotificationEnabled?: boolean | null
  /** Rosters then come as changes, with numbers, and not whole. */
  isDeltaRosterEnabled?: boolean | null
  isInteractiveRosterEnabled?: boolean | null
}
export type OutgoingCallOptions = CallOptions & { '@odata.type': '#microsoft.graph.outgoingCallOptions' }
export type IncomingCallOptions = CallOptions & { '@odata.type': '#microsoft.graph.incomingCallOptions' }

export type CallTranscriptionInfo = {
  '@odata.type'?: '#microsoft.graph.callTranscriptionInfo'
  state?: TranscriptionState
  lastModifiedDateTime?: string | null
}

export type ChatInfo = {
  '@odata.type'?: '#microsoft.graph.chatInfo'
  threadId?: string | null
  /** "0" for a scheduled meeting. */
  messageId?: string | null
  replyChainMessageId?: string | null
}

export type MeetingInfo =
  | {
      '@odata.type': '#microsoft.graph.organizerMeetingInfo'
      organizer: IdentitySet
      allowConversationWithoutHost?: boolean | null
    }
  | { '@odata.type': '#microsoft.graph.tokenMeetingInfo'; token: string; allowConversationWithoutHost?: boolean | null }
  | {
      '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo'
      joinMeetingId: string
      passcode?: string | null
      allowConversationWithoutHost?: boolean | null
    }

export type IncomingContext = {
  '@odata.type'?: '#microsoft.graph.incomingContext'
  sourceParticipantId?: string | null
  observedParticipantId?: string | null
  onBehalfOf?: IdentitySet | null
  transferor?: IdentitySet | null
}

export type CallRoute = {
  '@odata.type'?: '#microsoft.graph.callRoute'
  original?: IdentitySet
  final?: IdentitySet
  routingType?: string
}

type BotDataParty = {
  id?: string | null
  participantId?: string | null
  tenantId?: string | null
  onBehalfOf?: { id?: string | null }
  /** caller, callee. */
  participationMethod?: string | null
  clientLocation?: string | null
}

/** Why a bot that records by policy was called, for whom, and which others record. Example 3 of the call-answer page; no page says more. */
export type BotData = {
  mediaHostedRegion?: string | null
  user?: BotDataParty
  otherSideUser?: BotDataParty
  /** Such as PolicyBasedRecording. */
  inviteReasons?: string[]
  policyIdentifier?: string | null
  pairedRecorders?: BotDataParty[]
  otherRecorders?: BotDataParty[]
}

/** A call. A notification carries only what changed, so any member may be missing. The type is open: ignore what you do not know. */
export type Call = {
  '@odata.type'?: '#microsoft.graph.call'
  id?: string
  /** A state that is newer than this program is kept as Graph spells it, and says nothing (observerRules of state-machine.json). */
  state?: CallState | (string & {}) | null
  direction?: CallDirection | null
  callbackUri?: string
  callChainId?: string | null
  callRoutes?: CallRoute[]
  callOptions?: CallOptions | null
  source?: ParticipantInfo | null
  targets?: InvitationParticipantInfo[]
  requestedModalities?: Modality[]
  mediaConfig?: MediaConfig | null
  /** Null before media is negotiated. */
  mediaState?: CallMediaState | null
  resultInfo?: ResultInfo | null
  toneInfo?: ToneInfo | null
  chatInfo?: ChatInfo | null
  meetingInfo?: MeetingInfo | null
  incomingContext?: IncomingContext | null
  myParticipantId?: string | null
  tenantId?: string | null
  /** Set by the bot when it creates a group call. */
  subject?: string | null
  transcription?: CallTranscriptionInfo | null
  /** Undeclared, free text: show it, do not branch on it. */
  terminationReason?: string | null
  // These are undeclared in v1.0 as well, and known from documented examples or from beta.
  answeredBy?: ParticipantInfo | null
  activeModalities?: Modality[]
  /** Policy-based recording only. */
  applicationMetadata?: { botData?: BotData } | null
  isModeratedMeeting?: boolean | null
  /** Beta's fields, as Graph sent them. */
  meetingCapability?: Readonly<Record<string, unknown>> | null
  participantLeftDuration?: string | null
  /** Of the call that a consultative transfer is about. */
  replacesContext?: string | null
  ringingTimeoutInSeconds?: number | null
  routingPolicies?: string[]
}

/** Something Graph does for a call. Its end arrives as changeType `deleted`, unless the response already said completed or failed. */
export type CommsOperation = {
  /** One of `OperationType`, or another operation's name that we do not ask for. */
  '@odata.type'?: OperationType | (string & {})
  id?: string
  /** Null or absent counts as still running (playPrompt page). */
  status?: OperationStatus | null
  clientContext?: string | null
  resultInfo?: ResultInfo | null
  /** Of a recording: where it lies, until shortly after the call ends. Only `recordingAccessToken` opens it. */
  recordingLocation?: string | null
  recordingAccessToken?: string | null
  /**
   * Of tones that were sent: whether they were. `status` says completed even when they were not. Beta has reasons for prompts and
   * recordings too.
   */
  completionReason?: SendDtmfCompletionReason | (string & {})
  /** Of an invitation: who was invited. */
  participants?: InvitationParticipantInfo[]
}

/** One stream of a participant. `serverMuted` is muting by somebody else. */
export type MediaStream = {
  '@odata.type'?: '#microsoft.graph.mediaStream'
  direction?: MediaDirection
  label?: string | null
  mediaType?: Modality
  serverMuted?: boolean
  sourceId?: string
}

export type RecordingInfo = {
  '@odata.type'?: '#microsoft.graph.recordingInfo'
  initiator?: IdentitySet | null
  recordingStatus?: RecordingStatus
}

/** Somebody, or some app, in a call. The bot itself is one of them: its id is the call's `myParticipantId`. */
export type Participant = {
  '@odata.type'?: '#microsoft.graph.participant'
  /** Null in several documented rosters. */
  id?: string
  info?: ParticipantInfo
  isInLobby?: boolean
  /** By themselves or by somebody else. */
  isMuted?: boolean
  mediaStreams?: MediaStream[]
  /** A blob of their own. The large gallery's names its view and page. */
  metadata?: string | null
  /** Undeclared, with `publishedStates`: in the roster of the addLargeGalleryView page. organizer, presenter, attendee. */
  meetingRole?: string | null
  publishedStates?: readonly unknown[]
  recordingInfo?: RecordingInfo | null
  /** In a roster of changes: they have left. */
  removedState?: { '@odata.type'?: '#microsoft.graph.removedState'; reason?: string | null } | null
  restrictedExperience?: {
    '@odata.type'?: '#microsoft.graph.onlineMeetingRestricted'
    contentSharingDisabled?: Restriction | null
    videoDisabled?: Restriction | null
  } | null
  rosterSequenceNumber?: number | null
}

export type ContentSharingSession = { '@odata.type'?: '#microsoft.graph.contentSharingSession'; id: string }

/** Who hears whom. `sources` and `receivers` are ids of participants. */
export type AudioRoutingGroup = {
  '@odata.type'?: '#microsoft.graph.audioRoutingGroup'
  id: string
  routingMode?: RoutingMode
  sources: string[]
  receivers: string[]
}

export type CommsNotification = {
  '@odata.type': '#microsoft.graph.commsNotification'
  changeType: ChangeType
  /** Deprecated form of resourceUrl: /app/calls/… */
  resource?: string
  /** /communications/calls/{id}[/operations/{operationId} | /participants | /contentSharingSessions…] */
  resourceUrl: string
  callbackUri?: string
  /** One entity or a list of them, for any resource; absent for some. */
  resourceData?: unknown
}

/** The body of one callback. */
export type CommsNotifications = { '@odata.type': '#microsoft.graph.commsNotifications'; value: CommsNotification[] }

/**
 * What a policy-recording bot answers to the notification of somebody who joins; no other notification reads its response.
 * Neither the envelope nor an example is public.
 */
export type ParticipantJoiningResponse =
  | { '@odata.type': '#microsoft.graph.acceptJoinResponse' }
  | { '@odata.type': '#microsoft.graph.rejectJoinResponse'; reason: RejectReason }
  | { '@odata.type': '#microsoft.graph.inviteNewBotResponse'; inviteUri: string }

/** How good the media of one leg of a conference device was. Durations and delays as ISO 8601 text, rates in percent. */
export type TeleconferenceDeviceMediaQuality = {
  '@odata.type':
    | '#microsoft.graph.teleconferenceDeviceAudioQuality'
    | '#microsoft.graph.teleconferenceDeviceVideoQuality'
    | '#microsoft.graph.teleconferenceDeviceScreenSharingQuality'
  channelIndex?: number
  mediaDuration?: string | null
  networkLinkSpeedInBytes?: number | null
  localIPAddress?: string | null
  localPort?: number | null
  remoteIPAddress?: string | null
  remotePort?: number | null
  inboundPackets?: number | null
  outboundPackets?: number | null
  averageInboundPacketLossRateInPercentage?: number | null
  averageOutboundPacketLossRateInPercentage?: number | null
  maximumInboundPacketLossRateInPercentage?: number | null
  maximumOutboundPacketLossRateInPercentage?: number | null
  averageInboundRoundTripDelay?: string | null
  averageOutboundRoundTripDelay?: string | null
  maximumInboundRoundTripDelay?: string | null
  maximumOutboundRoundTripDelay?: string | null
  averageInboundJitter?: string | null
  averageOutboundJitter?: string | null
  maximumInboundJitter?: string | null
  maximumOutboundJitter?: string | null
  /** The four rates are of video and screen sharing only. */
  averageInboundBitRate?: number | null
  averageInboundFrameRate?: number | null
  averageOutboundBitRate?: number | null
  averageOutboundFrameRate?: number | null
}

export type TeleconferenceDeviceQuality = {
  '@odata.type'?: '#microsoft.graph.teleconferenceDeviceQuality'
  /** These three are GUIDs. */
  callChainId: string
  participantId: string
  mediaLegId: string
  deviceName: string
  deviceDescription: string
  mediaQualityList: TeleconferenceDeviceMediaQuality[]
  cloudServiceDeploymentEnvironment?: string | null
  cloudServiceDeploymentId?: string | null
  cloudServiceInstanceName?: string | null
  cloudServiceName?: string | null
}

// Bodies of the requests that we send, by the name of the operation.

export type CreateCallBody = {
  '@odata.type': '#microsoft.graph.call'
  callbackUri: string
  source?: ParticipantInfo
  targets?: InvitationParticipantInfo[]
  chatInfo?: ChatInfo
  meetingInfo?: MeetingInfo
  requestedModalities: Modality[]
  mediaConfig: MediaConfig
  callOptions?: OutgoingCallOptions
  subject?: string
  tenantId: string
}
export type AnswerBody = {
  callbackUri: string
  mediaConfig: MediaConfig
  acceptedModalities: Modality[]
  callOptions?: IncomingCallOptions
  participantCapacity?: number
}
export type RejectBody = { reason: RejectReason; callbackUri?: string }
export type RedirectBody = { targets: InvitationParticipantInfo[]; timeout?: number; callbackUri?: string }
export type PlayPromptBody = { prompts: MediaPrompt[]; clientContext: string }
/** Of subscribeToTone, cancelMediaProcessing, mute and others, which are asked for nothing more. */
export type ContextBody = { clientContext: string }
export type TransferBody = {
  transferTarget: InvitationParticipantInfo
  transferee?: ParticipantInfo
  clientContext?: string
}
export type RecordResponseBody = {
  clientContext: string
  prompts?: MediaPrompt[]
  /** Overtakes what plays or waits. Graph takes false. */
  bargeInAllowed?: boolean
  /** Three times of 1 to 120 s; Graph takes 5 for each. The first begins after the prompt, the second after speech has begun. */
  initialSilenceTimeoutInSeconds?: number
  maxSilenceTimeoutInSeconds?: number
  maxRecordDurationInSeconds?: number
  /** Graph takes true. */
  playBeep?: boolean
  /** Characters of the keypad that end it, not the words of `Tone`: 0 to 9, *, #, A to D. */
  stopTones?: string[]
}
export type SendDtmfTonesBody = {
  tones: Tone[]
  /** No default and no range is documented. */
  delayBetweenTonesMs?: number
  clientContext: string
}
export type UpdateRecordingStatusBody = { status: 'notRecording' | 'recording' | 'failed'; clientContext: string }
export type InviteBody = { participants: InvitationParticipantInfo[]; clientContext: string }
export type StartHoldMusicBody = { customPrompt?: MediaPrompt; clientContext: string }

/** What Graph answers when it refuses. Only `message` is certain: codes may be missing or nested as JSON text in the message. */
export type ErrorBody = {
  error: {
    code?: string
    message: string
    innerError?: { 'request-id'?: string; 'client-request-id'?: string; date?: string }
  }
}
