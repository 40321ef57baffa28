import type {
  BotData,
  CallDirection,
  CallState,
  ChatInfo,
  CommsOperation,
  IdentitySet,
  InvitationParticipantInfo,
  MediaInfo,
  MeetingInfo,
  ParticipantInfo,
  ResultInfo,
  Tone,
} from '#communications/wire/types.ts'
import type { Cancel } from '#ground/clock.ts'
import type { Outbox } from '../wire/delivery.ts'
import type { Meeting } from './meetings.ts'
import type { Prompt } from './prompts.ts'
import type { Terms } from './taken.ts'
import type { Transcript, TransferOutcome } from './transcript.ts'
import type { Speech } from './wav.ts'

/**
 * Calls, which are the legs of bots, and the conversations that they are in: plain data. Everybody may look at all of it; each part is
 * made and changed by the one file that is named beside it.
 */

/** What is said of a call where it is placed. */
export type Placed = {
  readonly chainId: string
  readonly tenantId: string
  readonly appId: string
  readonly direction: CallDirection
  readonly source: ParticipantInfo
  readonly targets: InvitationParticipantInfo[]
  /** Why the bot was called to record by policy; null for every other call. */
  readonly botData: BotData | null
  /** Who forwarded it to the bot, if anybody did. */
  readonly transferor?: IdentitySet | undefined
  /** What this call's person does when transferred, if it was said when the call was placed. */
  readonly transfers: TransferOutcome | 'ask' | undefined
  /** Whom the bot talks with. */
  readonly conversation: Conversation
  /** lifecycle.ts */
  state: CallState
}

/** The leg of one bot in a conversation, which is what Graph calls a call. Made by calls.ts. */
export type Call = Placed & {
  readonly id: string
  readonly myParticipantId: string
  readonly startedAt: string
  readonly transcript: Transcript
  /** Aborted when the emulator is told to forget the call: then nothing more is said about it. */
  readonly forgotten: AbortController

  // lifecycle.ts
  audio: 'active' | 'inactive' | null
  answeredAt: string | null
  endedAt: string | null
  result: ResultInfo | null
  /** What is still to happen by itself, and what stops with the call. */
  readonly timers: Set<Cancel>
  /** Takes back that the call ends for want of a keepAlive. */
  keepAlive: Cancel

  /** taken.ts */
  readonly terms: Terms
  /** player.ts */
  readonly sound: Sound
  /** keys.ts */
  readonly keys: Keys
  /** operations.ts: by id, the latest last. */
  readonly operations: Map<string, CommsOperation>
  /** audioRouting.ts: by id. */
  readonly audioRoutingGroups: Map<string, AudioRoutingGroup>
  /** transfers.ts */
  transfer: Transfer | null
  /** roster.ts: who is in the roster as its bot knows it. */
  readonly toldOf: Set<Participant>
  /** dial.ts: waits to hear whether the bot takes an invitation. */
  whenTaken: ((outcome: TransferOutcome) => void) | null
  /** wire/delivery.ts */
  readonly outbox: Outbox
}

/** What the bot plays and records. */
export type Sound = {
  /** Operations that wait or sound, in order. */
  readonly queue: MediaOperation[]
  /** True while the queue is worked through. */
  runs: boolean
  playing: Playing | null
  /** The WAV files that sounded; the first ones go when there are too many. */
  readonly played: Map<number, Prompt>
}

/** A playPrompt or recordResponse request that waits for its turn, or sounds. Aborted when it is cancelled or the call ends. */
export type MediaOperation = {
  id: string
  '@odata.type'?: CommsOperation['@odata.type']
  clientContext: string | null
  media: MediaInfo[]
  /** Null for playPrompt. */
  record: RecordSettings | null
  abort: AbortController
}

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

export type Playing = { operationId: string; clientContext: string | null; text: string | null; index: number }

/** Keys that the bot hears, and those that it sends. */
export type Keys = {
  heard: boolean
  /** Of the last key that was told. */
  sequence: number
  /** Settles when the tones that were to be sent last are sent. */
  sent: Promise<void>
  /** Aborted when cancelMediaProcessing ends what is being sent. */
  cut: AbortController
}
/** A key as people write it, and in Graph's word. */
export type Key = { key: string; tone: Tone }

/** A transfer under way. `whenAsked` is there while a person at the control API has to say how it goes. */
export type Transfer = {
  target: InvitationParticipantInfo
  /** The one of a group who is moved; null when it is the call itself. */
  transferee: Participant | null
  whenAsked: ((outcome: TransferOutcome) => void) | null
}

/** A route of sound of its own between some participants. Members are ids of participants. */
export type AudioRoutingGroup = {
  id: string
  routingMode: 'oneToOne' | 'multicast'
  sources: string[]
  receivers: string[]
}

/** Where two people talk, several, or a whole meeting. `peerToPeer` becomes `groupCall` when a third one is invited. */
export type ConversationKind = 'peerToPeer' | 'groupCall' | 'meeting'

/** Made by conversation.ts. */
export type Conversation = {
  readonly id: string
  readonly tenantId: string
  readonly meeting: Meeting | null

  // invitations.ts: a third one makes a group of two.
  kind: ConversationKind
  chatInfo: ChatInfo | null
  meetingInfo: MeetingInfo | null

  /** conversations.ts: everybody, also who waits in the lobby. What each of them does: participants.ts. */
  readonly participants: Map<string, Participant>
  /** conversations.ts: legs on their way into it; they ring, or are being connected. */
  readonly joining: Set<Call>
  /** rings.ts: for whom a telephone rings. */
  readonly rung: Set<IdentitySet>
  /** roster.ts: who shares what; session id to the participant. */
  readonly contentSharingSessions: Map<string, Participant>
  /** roster.ts: goes up with every change of the roster. */
  rosterSequence: number
  /** recorder.ts: what was spoken lately, the latest last. */
  readonly speeches: Speech[]
  /** recorder.ts: how long somebody will speak into each of the next recordings, in milliseconds. */
  readonly toBeSpoken: number[]
  /** recorder.ts: who listens for a recording. */
  readonly listeners: Set<(event: LineEvent) => void>
}

/** What a recording listens for. */
export type LineEvent = { kind: 'speech'; speech: Speech } | { kind: 'tone'; key: string }

export type RecordingStatus = 'notRecording' | 'recording' | 'failed'

/** Somebody in a conversation: a person, or a bot with the leg that Graph calls its call. */
export type Participant = {
  readonly id: string
  readonly identity: IdentitySet
  readonly call: Call | null
  isMuted: boolean
  isInLobby: boolean
  /** Hears hold music. */
  onHold: boolean
  sharesScreen: boolean
  recordingStatus: RecordingStatus | null
  /** conversations.ts: in meetings only. */
  meetingRole: 'organizer' | 'presenter' | null
  /** conversation.ts: a bot that asked for it (hideBotAfterEscalation), to others once the call between two is a group. */
  isHidden: boolean
  /** Is the large gallery view, which addLargeGalleryView brings: a participant to look at. */
  readonly isGallery: boolean
}

export const hasEnded = (call: Call): boolean => call.state === 'terminated'

/** Who the bot is in its own leg: as it joined, or as it was called. */
export const selfOf = ({ direction, source, targets }: Call): IdentitySet =>
  (direction === 'outgoing' ? source.identity : targets[0]?.identity) ?? {}

/** Numbers are reached through an application instance only, or by a call that came from one (pages of transfer and redirect). */
export const mayReachPhones = ({ direction, source, targets }: Call): boolean => {
  const [bot, other] =
    direction === 'incoming' ? [targets[0]?.identity, source.identity] : [source.identity, targets[0]?.identity]
  return Boolean(bot?.applicationInstance || other?.phone)
}
