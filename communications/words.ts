/**
 * The words on the wire: Microsoft Graph cloud communications v1.0, as far as we speak it. Types only.
 *
 * These are the canonical spellings (camelCase, numbers as numbers). What really arrives is looser; `notifications.ts` and
 * `calls.ts` bring it into this form. Everything that Graph may leave out is optional, and Graph writes null where it has nothing.
 * Names and members are those of the public metadata; a member that only the reference pages know is marked "undeclared".
 */

/** A person, number or app. `id` is a user's object id, a number in E.164 with +, or an app id. */
export type Identity = {
  '@odata.type'?: string
  id?: string | null
  displayName?: string | null
  /** Undeclared in v1.0, used by the documented examples. */
  tenantId?: string | null
  identityProvider?: string | null
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
}

export type EndpointType =
  | 'default'
  | 'voicemail'
  | 'skypeForBusiness'
  | 'skypeForBusinessVoipPhone'
  | 'unknownFutureValue'

export type ParticipantInfo = {
  '@odata.type'?: '#microsoft.graph.participantInfo'
  id?: string | null
  identity?: IdentitySet
  participantId?: string | null
  endpointType?: EndpointType | null
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
  region?: string | null
  languageId?: string | null
}

/** `ringing` stands on the pages but not in the v1.0 metadata: never wait for it. */
export type CallState =
  | 'incoming'
  | 'establishing'
  | 'ringing'
  | 'established'
  | 'hold'
  | 'transferring'
  | 'transferAccepted'
  | 'redirecting'
  | 'terminating'
  | 'terminated'
  | 'unknownFutureValue'

export type CallDirection = 'incoming' | 'outgoing'
export type Modality = 'audio' | 'video' | 'videoBasedScreenSharing' | 'data' | 'unknownFutureValue'
export type MediaState = 'active' | 'inactive' | 'unknownFutureValue'
export type CallMediaState = { '@odata.type'?: '#microsoft.graph.callMediaState'; audio?: MediaState | null }

/** How something ended. `explainResult` in results.ts knows the documented pairs. */
export type ResultInfo = {
  '@odata.type'?: '#microsoft.graph.resultInfo'
  code: number
  subcode: number
  message?: string | null
}

export type Tone =
  | 'tone0'
  | 'tone1'
  | 'tone2'
  | 'tone3'
  | 'tone4'
  | 'tone5'
  | 'tone6'
  | 'tone7'
  | 'tone8'
  | 'tone9'
  | 'star'
  | 'pound'
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'flash'

/** One key press. `sequenceId` orders the presses of a call; its first value is not documented. */
export type ToneInfo = { '@odata.type'?: '#microsoft.graph.toneInfo'; sequenceId: number; tone: Tone }

/** An audio file: WAV, PCM, mono, 16 bit, 16 kHz. `resourceId` is the key that Graph caches it under. */
export type MediaInfo = { '@odata.type'?: '#microsoft.graph.mediaInfo'; uri: string; resourceId?: string | null }
export type MediaPrompt = { '@odata.type': '#microsoft.graph.mediaPrompt'; mediaInfo: MediaInfo }

/** Media hosted by Graph, the only kind we use. */
export type MediaConfig = {
  '@odata.type': '#microsoft.graph.serviceHostedMediaConfig'
  preFetchMedia?: MediaInfo[]
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

/** A call. A notification carries only what changed, so any member may be missing. The type is open: ignore what you do not know. */
export type Call = {
  '@odata.type'?: '#microsoft.graph.call'
  id?: string
  state?: CallState | null
  direction?: CallDirection | null
  callbackUri?: string
  callChainId?: string | null
  callRoutes?: CallRoute[]
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
  subject?: string | null
  /** Undeclared, free text: show it, do not branch on it. */
  terminationReason?: string | null
}

export type OperationStatus = 'notStarted' | 'running' | 'completed' | 'failed'

export type OperationType =
  | '#microsoft.graph.playPromptOperation'
  | '#microsoft.graph.subscribeToToneOperation'
  | '#microsoft.graph.cancelMediaProcessingOperation'

/** Something Graph does for a call. Its end arrives as changeType `deleted`, unless the response already said completed or failed. */
export type CommsOperation = {
  /** One of `OperationType`, or another operation's name that we do not ask for. */
  '@odata.type'?: OperationType | (string & {})
  id?: string
  /** Null or absent counts as still running (playPrompt page). */
  status?: OperationStatus | null
  clientContext?: string | null
  resultInfo?: ResultInfo | null
}

export type ChangeType = 'created' | 'updated' | 'deleted'

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

export type RejectReason = 'none' | 'busy' | 'forbidden'

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
  tenantId: string
}
export type AnswerBody = { callbackUri: string; mediaConfig: MediaConfig; acceptedModalities: Modality[] }
export type RejectBody = { reason: RejectReason }
export type PlayPromptBody = { prompts: MediaPrompt[]; clientContext: string }
export type SubscribeToToneBody = { clientContext: string }
export type CancelMediaProcessingBody = { clientContext: string }
export type TransferBody = { transferTarget: InvitationParticipantInfo; clientContext?: string }

/** What Graph answers when it refuses. Only `message` is certain: codes may be missing or nested as JSON text in the message. */
export type ErrorBody = {
  error: {
    code?: string
    message: string
    innerError?: { 'request-id'?: string; 'client-request-id'?: string; date?: string }
  }
}
