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
