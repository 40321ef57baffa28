import { limit, limitContext, limitCount, limitHttps, limitTo, limitWhole } from '../road/limits.ts'
import { rejectReasons, screenSharingRoles } from '../wire/enums.ts'
import { isTone } from '../wire/read.ts'
import type {
  AnswerBody,
  CallOptions,
  ChatInfo,
  ContextBody,
  CreateCallBody,
  MediaConfig,
  MediaInfo,
  MediaPrompt,
  MeetingInfo,
  Modality,
  PlayPromptBody,
  RecordResponseBody,
  RedirectBody,
  RejectBody,
  ScreenSharingRole,
  SendDtmfTonesBody,
  TeleconferenceDeviceQuality,
  TransferBody,
  UpdateRecordingStatusBody,
} from '../wire/types.ts'
import { invited, type Party, participantInfo, type Source } from './parties.ts'

/**
 * What is asked of a call, and the bodies that say it. Pure. Every builder throws GraphError `badRequest` for what breaks a limit of
 * limits.json or a rule of the reference pages. What is not asked is undefined in a body, which JSON leaves out.
 */

export type Answer = {
  callbackUri: string
  mediaConfig?: MediaConfig
  acceptedModalities?: Modality[]
  callOptions?: CallOptions
  /** Policy-based recording only: how many participants of the policy come on this call, instead of new incoming ones. */
  participantCapacity?: number
}

/** `callbackUri`: where the news of this call's end goes, instead of the bot's own address. */
export type Rejection = RejectBody

export type Redirection = {
  /** 1 to 25; several ring at once, and the first to pick up has the call. */
  targets: Party[]
  /** How long they ring, 15 to 90. Graph takes 55 for one and 60 for several. */
  timeoutSeconds?: number
  callbackUri?: string
}

/** An audio file that Graph fetches, and the key that Graph keeps it under. */
export type Prompt = { uri: string; resourceId: string }

export type Recording = Omit<RecordResponseBody, 'prompts'> & { prompt?: Prompt }

export type Tones = SendDtmfTonesBody

export type Transfer = {
  target: Party
  /** Of the target; two documented transfers to a number send them (en-us, amer). */
  languageId?: string
  region?: string
  /** From a group call: which participant is moved. */
  transferee?: { party: Party; participantId?: string }
  /**
   * Makes it consultative: sent on the call to the one who was consulted, with the first caller as target, this is the id of the first
   * call (only the SDK's documentation tells which leg).
   */
  replacesCallId?: string
  clientContext?: string
}

export type NewCall = {
  tenantId: string
  callbackUri: string
  source?: Source
  mediaConfig?: MediaConfig
  requestedModalities?: Modality[]
  callOptions?: CallOptions
  /** Of a group call. */
  subject?: string
} & ({ targets: Party[] } | { meetingInfo: MeetingInfo; chatInfo?: ChatInfo })

const serviceHosted: MediaConfig = { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' }

export function answerBody(answer: Answer): AnswerBody {
  const { callbackUri, mediaConfig = serviceHosted, acceptedModalities = ['audio'], callOptions } = answer
  const { participantCapacity } = answer
  limitHttps('answer', 'callbackUri', callbackUri)
  limit('answer', acceptedModalities.length > 0, 'at least one modality must be accepted')
  limitWhole('answer', 'participantCapacity', participantCapacity, 1, 2 ** 31 - 1)
  return {
    callbackUri,
    mediaConfig,
    acceptedModalities,
    callOptions: callOptions && { '@odata.type': '#microsoft.graph.incomingCallOptions', ...callOptions },
    participantCapacity,
  }
}

export function rejectBody({ reason, callbackUri }: Rejection): RejectBody {
  limitTo('reject', 'reason', reason, rejectReasons)
  limitHttps('reject', 'callbackUri', callbackUri)
  return { reason, callbackUri }
}

export function redirectBody({ targets, timeoutSeconds, callbackUri }: Redirection): RedirectBody {
  limitCount('redirect', 'targets', targets, 1, 25)
  limitWhole('redirect', 'timeoutSeconds', timeoutSeconds, 15, 90)
  limitHttps('redirect', 'callbackUri', callbackUri)
  return { targets: targets.map((target) => invited('redirect', target)), timeout: timeoutSeconds, callbackUri }
}

export function transferBody({ target, transferee, clientContext, ...more }: Transfer): TransferBody {
  const { languageId, region, replacesCallId } = more
  if (clientContext !== undefined) limitContext('transfer', clientContext)
  limit('transfer', replacesCallId !== '', 'replacesCallId is empty')
  return {
    transferTarget: invited('transfer', target, { endpointType: 'default', languageId, region, replacesCallId }),
    transferee:
      transferee && participantInfo('transfer', transferee.party, { participantId: transferee.participantId }),
    clientContext,
  }
}

export function contextBody({ clientContext }: ContextBody, operation: string): ContextBody {
  limitContext(operation, clientContext)
  return { clientContext }
}

export function roleBody({ role }: { role: ScreenSharingRole }): { role: ScreenSharingRole } {
  limitTo('changeScreenSharingRole', 'role', role, screenSharingRoles)
  return { role }
}

export function playPromptBody({ prompts, clientContext }: ContextBody & { prompts: Prompt[] }): PlayPromptBody {
  limitCount('playPrompt', 'prompts', prompts, 1, 20)
  limitContext('playPrompt', clientContext)
  return { clientContext, prompts: prompts.map((prompt) => mediaPrompt('playPrompt', prompt)) }
}

export function recordBody({ prompt, ...recording }: Recording): RecordResponseBody {
  limitContext('recordResponse', recording.clientContext)
  for (const time of [
    'initialSilenceTimeoutInSeconds',
    'maxSilenceTimeoutInSeconds',
    'maxRecordDurationInSeconds',
  ] as const) {
    limitWhole('recordResponse', time, recording[time], 1, 120)
  }
  for (const stop of recording.stopTones ?? []) {
    limit('recordResponse', /^[0-9*#A-Da-d]$/.test(stop), 'stopTones are single characters of the keypad')
  }
  return { ...recording, prompts: prompt && [mediaPrompt('recordResponse', prompt)] }
}

export function tonesBody({ tones, delayBetweenTonesMs, clientContext }: Tones): SendDtmfTonesBody {
  limit(
    'sendDtmfTones',
    tones.length > 0 && tones.every(isTone),
    'tones must be one or more of tone0 to tone9, star, …',
  )
  limitWhole('sendDtmfTones', 'delayBetweenTonesMs', delayBetweenTonesMs, 0, 2 ** 31 - 1)
  limitContext('sendDtmfTones', clientContext)
  return { tones, delayBetweenTonesMs, clientContext }
}

export function recordingStatusBody({ status, clientContext }: UpdateRecordingStatusBody): UpdateRecordingStatusBody {
  limitTo('updateRecordingStatus', 'status', status, ['notRecording', 'recording', 'failed'])
  limitContext('updateRecordingStatus', clientContext)
  return { status, clientContext }
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

export function deviceQualityBody(quality: TeleconferenceDeviceQuality): { quality: TeleconferenceDeviceQuality } {
  for (const name of ['callChainId', 'participantId', 'mediaLegId'] as const) {
    limit('logTeleconferenceDeviceQuality', guid.test(quality[name]), `${name} must be a GUID`)
  }
  return { quality: { '@odata.type': '#microsoft.graph.teleconferenceDeviceQuality', ...quality } }
}

export function createBody(call: NewCall): CreateCallBody {
  const { tenantId, callbackUri, source, mediaConfig = serviceHosted, requestedModalities = ['audio'] } = call
  const { callOptions, subject } = call
  limitHttps('create', 'callbackUri', callbackUri)
  limit('create', requestedModalities.length > 0, 'at least one modality must be requested')
  if (source && 'guest' in source) {
    limit('create', Boolean(source.guest.displayName), 'a guest needs a displayName, since it joins under it')
  }
  return {
    '@odata.type': '#microsoft.graph.call',
    callbackUri,
    source: source && participantInfo('create', source),
    ...('targets' in call ? targetsOf(call.targets) : meetingOf(call)),
    requestedModalities,
    mediaConfig,
    callOptions: callOptions && { '@odata.type': '#microsoft.graph.outgoingCallOptions', ...callOptions },
    subject,
    tenantId,
  }
}

function targetsOf(targets: Party[]): Pick<CreateCallBody, 'targets'> {
  limitCount('create', 'targets', targets, 1, 5)
  return { targets: targets.map((target) => invited('create', target)) }
}

/** What each kind of meetingInfo cannot do without. */
function meetingOf({ meetingInfo, chatInfo }: { meetingInfo: MeetingInfo; chatInfo?: ChatInfo }) {
  switch (meetingInfo['@odata.type']) {
    case '#microsoft.graph.organizerMeetingInfo':
      limit('create', Boolean(meetingInfo.organizer), 'a meeting joined by its organizer needs the organizer')
      limit('create', Boolean(chatInfo?.threadId), 'a meeting joined by its organizer needs the threadId of its chat')
      break
    case '#microsoft.graph.tokenMeetingInfo':
      limit('create', Boolean(meetingInfo.token), 'a meeting joined by token needs the token')
      break
    case '#microsoft.graph.joinMeetingIdMeetingInfo':
      limit('create', Boolean(meetingInfo.joinMeetingId), 'a meeting joined by its id needs the id')
      break
    default:
      limit('create', false, 'meetingInfo is of no documented kind')
  }
  return { meetingInfo, chatInfo }
}

export function mediaPrompt(operation: string, { uri, resourceId }: MediaInfo): MediaPrompt {
  limit(operation, URL.canParse(uri), 'every prompt needs a whole address, since Graph fetches it')
  return {
    '@odata.type': '#microsoft.graph.mediaPrompt',
    mediaInfo: { '@odata.type': '#microsoft.graph.mediaInfo', uri, resourceId },
  }
}
