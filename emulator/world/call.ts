import { randomUUID } from 'node:crypto'
import type {
  CallDirection,
  CallState,
  CommsOperation,
  IdentitySet,
  InvitationParticipantInfo,
  MediaInfo,
  ParticipantInfo,
  ResultInfo,
} from '#communications/wire/types.ts'
import type { Cancel, Clock } from '#ground/clock.ts'
import type { AudioRoutingGroup, Conversation, ConversationKind, Participant } from './conversation.ts'
import type { Prompt } from './prompts.ts'
import { type Entry, Transcript, type TransferOutcome } from './transcript.ts'

/** What a recordResponse request asked for, with its defaults filled in. */
export type RecordSettings = {
  initialSilenceMs: number
  maxSilenceMs: number
  maxDurationMs: number
  playBeep: boolean
  /** Keys as people write them, in lower case. */
  stopTones: string[]
  /** The emulator's own address, under which the recording can be fetched. */
  origin: string
}

/** A playPrompt or recordResponse request that waits for its turn, or sounds. Aborted when it is cancelled or the call ends. */
export type MediaOperation = {
  id: string
  clientContext: string | null
  media: MediaInfo[]
  /** Null for playPrompt. */
  record: RecordSettings | null
  abort: AbortController
}

export type Playing = { operationId: string; clientContext: string | null; text: string | null; index: number }

/** A transfer under way. `whenAsked` is there while a person at the control API has to say how it goes. */
export type Transfer = {
  target: InvitationParticipantInfo
  /** The one of a group who is moved; null when it is the call itself. */
  transferee: Participant | null
  whenAsked: ((outcome: TransferOutcome) => void) | null
}

export type CallOptions = { isDeltaRosterEnabled: boolean; isContentSharingNotificationEnabled: boolean }

/** The leg of one bot in a conversation, which is what Graph calls a call. */
export type Call = {
  readonly id: string
  readonly chainId: string
  readonly myParticipantId: string
  readonly tenantId: string
  readonly appId: string
  readonly direction: CallDirection
  readonly source: ParticipantInfo
  readonly targets: InvitationParticipantInfo[]
  /** What this call's person does when transferred, if it was said when the call was placed. */
  readonly transfers: TransferOutcome | 'ask' | undefined
  readonly startedAt: string
  readonly transcript: Transcript

  state: CallState
  audio: 'active' | 'inactive' | null
  /** Where notifications go: the webhook, until a request names a callbackUri. */
  callbackUri: string
  media: 'serviceHosted' | 'appHosted' | null
  options: CallOptions
  /** How many participants the answer said that the bot takes, for policy recording. */
  participantCapacity: number | null
  /** Whom the bot talks with. */
  readonly conversation: Conversation
  /** How a meeting was addressed, for what a token does not allow. */
  joinedWith: 'organizer' | 'token' | 'joinMeetingId' | null
  subject: string | null
  answeredAt: string | null
  endedAt: string | null
  result: ResultInfo | null
  tonesHeard: boolean
  toneSequence: number
  transfer: Transfer | null

  /** Operations that wait or sound, in order. */
  readonly queue: MediaOperation[]
  /** True while the queue is worked through. */
  queueRuns: boolean
  /** All operations of the call, the latest last; the first ones go when there are too many. */
  readonly operations: Map<string, CommsOperation>
  readonly audioRoutingGroups: Map<string, AudioRoutingGroup>
  /** Waits to hear whether the bot takes an invitation. */
  whenTaken: ((outcome: TransferOutcome) => void) | null
  playing: Playing | null
  /** The WAV files that sounded; the first ones go when there are too many. */
  readonly sounded: Map<number, Prompt>

  /** Aborted when the emulator is told to forget the call: then nothing more is said about it. */
  readonly forgotten: AbortController
  /** What is still to happen by itself. */
  readonly timers: Set<Cancel>
  /** Settles when the tones that were to be sent last are sent. */
  dtmf: Promise<void>
  /** Aborted when cancelMediaProcessing ends what is being sent. */
  dtmfCut: AbortController
  /** Settles when the notification that was posted last is delivered. */
  outbox: Promise<void>
}

type Placed = Pick<
  Call,
  | 'tenantId'
  | 'appId'
  | 'direction'
  | 'source'
  | 'targets'
  | 'transfers'
  | 'state'
  | 'callbackUri'
  | 'media'
  | 'conversation'
>

export function newCall(clock: Clock, placed: Placed): Call {
  return {
    ...placed,
    id: randomUUID(),
    chainId: randomUUID(),
    myParticipantId: randomUUID(),
    startedAt: new Date(clock.now()).toISOString(),
    transcript: new Transcript(clock),
    audio: null,
    answeredAt: null,
    endedAt: null,
    result: null,
    tonesHeard: false,
    toneSequence: 0,
    transfer: null,
    options: { isDeltaRosterEnabled: false, isContentSharingNotificationEnabled: false },
    participantCapacity: null,
    joinedWith: null,
    subject: null,
    queue: [],
    queueRuns: false,
    operations: new Map(),
    audioRoutingGroups: new Map(),
    whenTaken: null,
    playing: null,
    sounded: new Map(),
    forgotten: new AbortController(),
    timers: new Set(),
    dtmf: Promise.resolve(),
    dtmfCut: new AbortController(),
    outbox: Promise.resolve(),
  }
}

export const hasEnded = (call: Call): boolean => call.state === 'terminated'

export { isGroup } from './conversation.ts'

/** Who somebody is, without Graph's type names: { user: { id, displayName } }. */
export type PlainIdentity = Record<string, { id: string | null; displayName: string | null }>
export function plainIdentity(identity: IdentitySet | undefined): PlainIdentity {
  const plain: PlainIdentity = {}
  for (const [kind, one] of Object.entries(identity ?? {})) {
    if (one && typeof one === 'object') plain[kind] = { id: one.id ?? null, displayName: one.displayName ?? null }
  }
  return plain
}

/** A call as the control API shows it. */
export type CallView = {
  id: string
  tenantId: string
  appId: string
  direction: CallDirection
  state: CallState
  from: PlainIdentity
  to: PlainIdentity
  startedAt: string
  answeredAt: string | null
  endedAt: string | null
  result: ResultInfo | null
  playing: Playing | null
  tonesHeard: boolean
  /** True while a transfer waits for a person to say how it goes. */
  transferWaits: boolean
  conversation: { id: string; kind: ConversationKind; meetingId: string | null }
  participants: ParticipantView[]
  transcript: Entry[]
}

export type ParticipantView = {
  id: string
  identity: PlainIdentity
  /** The call of the bot that it is, else null. */
  callId: string | null
} & Pick<Participant, 'isMuted' | 'isInLobby' | 'onHold' | 'recordingStatus'>

export const participantView = (participant: Participant): ParticipantView => {
  const { id, identity, call, isMuted, isInLobby, onHold, recordingStatus } = participant
  return {
    id,
    identity: plainIdentity(identity),
    callId: call?.id ?? null,
    isMuted,
    isInLobby,
    onHold,
    recordingStatus,
  }
}

export function viewOf(call: Call): CallView {
  const { id, tenantId, appId, direction, state, startedAt, answeredAt, endedAt, result, playing, tonesHeard } = call
  return {
    ...{ id, tenantId, appId, direction, state, startedAt, answeredAt, endedAt, result, playing, tonesHeard },
    from: plainIdentity(call.source.identity),
    to: plainIdentity(call.targets[0]?.identity),
    transferWaits: Boolean(call.transfer?.whenAsked),
    conversation: {
      id: call.conversation.id,
      kind: call.conversation.kind,
      meetingId: call.conversation.meeting?.id ?? null,
    },
    participants: [...call.conversation.participants.values()].map(participantView),
    transcript: call.transcript.after(0),
  }
}
