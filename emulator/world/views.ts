import type { Call, Participant } from './call.ts'
import { plainIdentity } from './identity.ts'

export function participantView(participant: Participant) {
  const { id, isMuted, isInLobby, isHidden, onHold, recordingStatus } = participant
  const identity = plainIdentity(participant.identity)
  /** The call of the bot that it is, else null. */
  const callId = participant.call?.id ?? null
  return { id, identity, callId, isMuted, isInLobby, isHidden, onHold, recordingStatus }
}

/** A call as the control API shows it. */
export type CallView = ReturnType<typeof viewOf>

export function viewOf(call: Call) {
  const { conversation } = call
  return {
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
    /** True while a transfer waits for a person to say how it goes. */
    transferWaits: Boolean(call.transfer?.whenAsked),
    conversation: { id: conversation.id, kind: conversation.kind, meetingId: conversation.meeting?.id ?? null },
    participants: [...conversation.participants.values()].map(participantView),
    transcript: call.transcript.after(0),
  }
}
