import type { CallDirection, CallState, ResultInfo } from '#communications/wire/types.ts'
import type { Call, ConversationKind, Participant, Playing } from './call.ts'
import { type PlainIdentity, plainIdentity } from './identity.ts'
import type { Entry } from './transcript.ts'

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
} & Pick<Participant, 'isMuted' | 'isInLobby' | 'isHidden' | 'onHold' | 'recordingStatus'>

export const participantView = (participant: Participant): ParticipantView => {
  const { id, identity, call, isMuted, isInLobby, isHidden, onHold, recordingStatus } = participant
  return {
    id,
    identity: plainIdentity(identity),
    callId: call?.id ?? null,
    isMuted,
    isInLobby,
    isHidden,
    onHold,
    recordingStatus,
  }
}

export const viewOf = (call: Call): CallView => ({
  id: call.id,
  tenantId: call.tenantId,
  appId: call.appId,
  direction: call.direction,
  state: call.state,
  startedAt: call.startedAt,
  answeredAt: call.answeredAt,
  endedAt: call.endedAt,
  result: call.result,
  playing: call.sound.playing,
  tonesHeard: call.keys.heard,
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
})
