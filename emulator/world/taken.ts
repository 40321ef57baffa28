import type {
  AudioRoutingGroup,
  CallOptions,
  ChatInfo,
  CreateCallBody,
  InvitationParticipantInfo,
  MediaConfig,
  MeetingInfo,
  RecordResponseBody,
  RedirectBody,
  SendDtmfTonesBody,
  TransferBody,
} from '#communications/wire/types.ts'

/**
 * Bodies of requests as the service takes them: those of the client, but what it always sends may be missing, and null counts as
 * missing.
 */
type Taken<Body, Needed extends keyof Body = never> = Pick<Body, Needed> & {
  [Member in Exclude<keyof Body, Needed>]?: Body[Member] | null | undefined
}

/** What a request may name itself by. */
export type Context = string | null | undefined

export type CreateCall = Taken<
  Pick<CreateCallBody, 'callbackUri' | 'source' | 'chatInfo' | 'meetingInfo' | 'subject' | 'tenantId'>,
  'callbackUri'
> &
  Answer &
  Pick<Agreed, 'requestedModalities' | 'ringingTimeoutInSeconds'> & {
    callChainId?: Context
    targets?: readonly (InvitationParticipantInfo | null)[] | null | undefined
  }
export type Answer = {
  callbackUri?: string | undefined
  mediaConfig: Pick<MediaConfig, '@odata.type'>
  callOptions?: CallOptions | null | undefined
  participantCapacity?: number | null | undefined
}
/** What makes or takes a call may say of it. */
export type Agreed = Partial<Answer> & {
  requestedModalities?: readonly (string | null)[] | undefined
  ringingTimeoutInSeconds?: number | null | undefined
  chatInfo?: ChatInfo | null | undefined
  meetingInfo?: MeetingInfo | null | undefined
  subject?: string | null | undefined
}
export type Redirect = Taken<RedirectBody, 'targets'>
export type Transferred = Taken<TransferBody, 'transferTarget'>
export type RecordResponse = Taken<RecordResponseBody>
export type SendDtmfTones = Taken<SendDtmfTonesBody, 'tones'>
export type RoutedAudio = Partial<Pick<AudioRoutingGroup, 'id' | 'routingMode'>> & {
  sources?: readonly (string | null)[] | undefined
  receivers?: readonly (string | null)[] | undefined
}

/** What the requests that made or took the call say of it. */
export type Terms = {
  /** Where notifications go: the webhook, until a request names a callbackUri. */
  callbackUri: string
  media: 'serviceHosted' | 'appHosted' | null
  isDeltaRosterEnabled: boolean
  isContentSharingNotificationEnabled: boolean
  /** How many participants the answer said that the bot takes, for policy recording. */
  participantCapacity: number | null
  /** How a meeting was addressed, for what a token does not allow. */
  joinedWith: 'organizer' | 'token' | 'joinMeetingId' | null
  /** What the call's resource repeats of the request as it came (examples of the application-post-calls page). */
  repeated: Omit<Agreed, 'callbackUri' | 'participantCapacity'>
}

const repeatedNames = [
  'requestedModalities',
  'mediaConfig',
  'callOptions',
  'chatInfo',
  'meetingInfo',
  'subject',
  'ringingTimeoutInSeconds',
] as const satisfies readonly (keyof Terms['repeated'])[]

export const newTerms = (callbackUri: string): Terms => ({
  callbackUri,
  media: null,
  // No page gives defaults: false (project choice of the contract).
  isDeltaRosterEnabled: false,
  isContentSharingNotificationEnabled: false,
  participantCapacity: null,
  joinedWith: null,
  repeated: {},
})

const joinedWith = {
  '#microsoft.graph.organizerMeetingInfo': 'organizer',
  '#microsoft.graph.tokenMeetingInfo': 'token',
  '#microsoft.graph.joinMeetingIdMeetingInfo': 'joinMeetingId',
} as const

/** Takes over what a request says. What it does not name stays. */
export function agree({ terms }: { terms: Terms }, body: Agreed): void {
  const { callbackUri, mediaConfig, callOptions, participantCapacity, meetingInfo } = body
  if (callbackUri) terms.callbackUri = callbackUri
  if (mediaConfig) {
    const isServiceHosted = mediaConfig['@odata.type'].endsWith('serviceHostedMediaConfig')
    terms.media = isServiceHosted ? 'serviceHosted' : 'appHosted'
  }
  terms.isDeltaRosterEnabled = callOptions?.isDeltaRosterEnabled ?? terms.isDeltaRosterEnabled
  terms.isContentSharingNotificationEnabled =
    callOptions?.isContentSharingNotificationEnabled ?? terms.isContentSharingNotificationEnabled
  terms.participantCapacity = participantCapacity ?? terms.participantCapacity
  if (meetingInfo) terms.joinedWith = joinedWith[meetingInfo['@odata.type']]
  for (const name of repeatedNames) if (body[name] != null) Object.assign(terms.repeated, { [name]: body[name] })
}
