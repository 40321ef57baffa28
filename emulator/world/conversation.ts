import { randomUUID } from 'node:crypto'
import type { ChatInfo, IdentitySet, MeetingInfo } from '#communications/wire/types.ts'
import { normalId } from '#ground/ids.ts'
import type { Call } from './call.ts'
import type { Meeting } from './meetings.ts'

/** Where two people talk, several, or a whole meeting. `peerToPeer` becomes `groupCall` when a third one is invited. */
export type ConversationKind = 'peerToPeer' | 'groupCall' | 'meeting'

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
}

/** A route of sound of its own between some participants. Members are ids of participants. */
export type AudioRoutingGroup = {
  id: string
  routingMode: 'oneToOne' | 'multicast'
  sources: string[]
  receivers: string[]
}

/** Somebody speaks, from one moment of the clock to another. Without samples it is a hum. */
export type Speech = { from: number; to: number; samples: Int16Array | null }

/** What a recording listens for. */
export type LineEvent = { kind: 'speech'; speech: Speech } | { kind: 'tone'; key: string }

export type Conversation = {
  readonly id: string
  kind: ConversationKind
  readonly meeting: Meeting | null
  readonly tenantId: string
  chatInfo: ChatInfo | null
  meetingInfo: MeetingInfo | null
  /** Everybody, also who waits in the lobby. */
  readonly participants: Map<string, Participant>
  /** Legs on their way into it: they ring, or are being connected. */
  readonly joining: Set<Call>
  /** Who shares what: session id to the participant. */
  readonly contentSharingSessions: Map<string, Participant>
  /** Goes up with every change of the roster. */
  rosterSequence: number
  /** What was spoken lately, the latest last. */
  readonly speeches: Speech[]
  readonly listeners: Set<(event: LineEvent) => void>
}

export function newConversation(
  kind: ConversationKind,
  tenantId: string,
  about: Pick<Conversation, 'chatInfo' | 'meetingInfo'> & { meeting?: Meeting } = { chatInfo: null, meetingInfo: null },
): Conversation {
  return {
    id: randomUUID(),
    kind,
    tenantId,
    meeting: about.meeting ?? null,
    chatInfo: about.chatInfo,
    meetingInfo: about.meetingInfo,
    participants: new Map(),
    joining: new Set(),
    contentSharingSessions: new Map(),
    rosterSequence: 0,
    speeches: [],
    listeners: new Set(),
  }
}

export function newParticipant(identity: IdentitySet, more: Partial<Participant> = {}): Participant {
  return {
    id: randomUUID(),
    identity,
    call: null,
    isMuted: false,
    isInLobby: false,
    onHold: false,
    sharesScreen: false,
    recordingStatus: null,
    ...more,
  }
}

export const isGroup = ({ kind }: Conversation): boolean => kind !== 'peerToPeer'

/** The bots in a conversation, each by its leg. */
export const legsOf = ({ participants }: Conversation): Call[] =>
  [...participants.values()].flatMap(({ call }) => call ?? [])

/** People, not bots. */
export const peopleOf = ({ participants }: Conversation): Participant[] =>
  [...participants.values()].filter(({ call, identity }) => !call && !identity.application)

/** The participant of that id. GUIDs are compared as all ids are. */
export function findParticipant({ participants }: Conversation, id: string): Participant | undefined {
  const wanted = normalId(id)
  return participants.get(id) ?? [...participants.values()].find((one) => normalId(one.id) === wanted)
}

/** Whether the bot waits in the lobby: it hears nothing, is not heard, and sees only itself (beta page). */
export const waitsInLobby = ({ conversation, myParticipantId }: Call): boolean =>
  conversation.participants.get(myParticipantId)?.isInLobby ?? false

/** The chat of a group call. */
export const newChat = (): ChatInfo => ({
  '@odata.type': '#microsoft.graph.chatInfo',
  threadId: `19:${randomUUID().replaceAll('-', '')}@thread.v2`,
  messageId: '0',
  replyChainMessageId: null,
})

/** The roster as Graph prints it to one leg: who waits in the lobby sees only itself (beta page). */
export function rosterFor(call: Call): Participant[] {
  const all = [...call.conversation.participants.values()]
  const self = call.conversation.participants.get(call.myParticipantId)
  return self?.isInLobby ? [self] : all
}

/** A participant as the pages print it. `mediaStreams` names one stream of audio, and one of the screen that is shared. */
export function participantResource(participant: Participant, rosterSequenceNumber?: number) {
  const { id, identity, isMuted, isInLobby, sharesScreen, recordingStatus, onHold } = participant
  const stream = (mediaType: 'audio' | 'videoBasedScreenSharing', sourceId: string) => ({
    '@odata.type': '#microsoft.graph.mediaStream' as const,
    mediaType,
    sourceId,
    direction: onHold ? ('inactive' as const) : ('sendReceive' as const),
    serverMuted: mediaType === 'audio' && isMuted,
    label: mediaType === 'audio' ? 'main-audio' : 'applicationsharing-video',
  })
  return {
    '@odata.type': '#microsoft.graph.participant' as const,
    id,
    info: { '@odata.type': '#microsoft.graph.participantInfo' as const, id, identity },
    isInLobby,
    isMuted,
    mediaStreams: isInLobby
      ? []
      : [stream('audio', '1'), ...(sharesScreen ? [stream('videoBasedScreenSharing', '2')] : [])],
    metadata: null,
    recordingInfo: recordingStatus && {
      '@odata.type': '#microsoft.graph.recordingInfo' as const,
      recordingStatus,
      initiator: identity,
    },
    ...(rosterSequenceNumber !== undefined && { rosterSequenceNumber }),
  }
}
