import { randomUUID } from 'node:crypto'
import type { ChatInfo, IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import { callNotFound } from '../wire/refusal.ts'
import type { Call, Conversation, ConversationKind, Participant } from './call.ts'

/** Makes and reads conversations. Pure. */

export function newConversation(
  kind: ConversationKind,
  tenantId: string,
  about: Partial<Pick<Conversation, 'meeting' | 'chatInfo' | 'meetingInfo'>> = {},
): Conversation {
  return {
    id: randomUUID(),
    kind,
    tenantId,
    meeting: null,
    chatInfo: null,
    meetingInfo: null,
    ...about,
    participants: new Map(),
    joining: new Set(),
    rung: new Set(),
    contentSharingSessions: new Map(),
    rosterSequence: 0,
    speeches: [],
    toBeSpoken: [],
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
    meetingRole: null,
    isGallery: false,
    isHidden: false,
    ...more,
  }
}

/** From then on a call between two is a group call, with a chat, so that several can be invited at once. */
export function becomeGroup(conversation: Conversation): void {
  if (conversation.kind !== 'peerToPeer') return
  conversation.kind = 'groupCall'
  conversation.chatInfo ??= newChat()
  for (const one of conversation.participants.values()) {
    one.isHidden = one.call?.terms.repeated.callOptions?.hideBotAfterEscalation ?? false
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
export const findParticipant = ({ participants }: Conversation, id: string): Participant | undefined =>
  participants.get(id) ?? [...participants.values()].find((one) => sameId(one.id, id))

/** Throws a Refusal 404 for somebody who is not there, or whom a bot in the lobby cannot see. */
export function participantOf(call: Call, id: string): Participant {
  const participant = findParticipant(call.conversation, id)
  if (participant && rosterFor(call).includes(participant)) return participant
  throw callNotFound('Participant')
}

/** The bot's own entry in the roster, once it is in the conversation. */
export const selfIn = ({ conversation, myParticipantId }: Call): Participant | undefined =>
  conversation.participants.get(myParticipantId)

/** Whether the bot waits in the lobby: it hears nothing, is not heard, and sees only itself (beta page). */
export const waitsInLobby = (call: Call): boolean => selfIn(call)?.isInLobby ?? false

/** The chat of a meeting, or of a group call, which has none before. */
export const newChat = (threadId = `19:${randomUUID().replaceAll('-', '')}@thread.v2`): ChatInfo => ({
  '@odata.type': '#microsoft.graph.chatInfo',
  threadId,
  messageId: '0',
  replyChainMessageId: null,
})

/** The roster as Graph prints it to one leg: who waits in the lobby sees only itself (beta page). */
export function rosterFor(call: Call): Participant[] {
  const self = selfIn(call)
  if (self?.isInLobby) return [self]
  return [...call.conversation.participants.values()].filter((one) => !one.isHidden || one === self)
}

const streams = {
  audio: { sourceId: '1', label: 'main-audio' },
  videoBasedScreenSharing: { sourceId: '2', label: 'applicationsharing-video' },
  video: { sourceId: '3', label: 'main-video' },
}
const streamOf = (
  mediaType: keyof typeof streams,
  direction: 'inactive' | 'receiveOnly' | 'sendReceive',
  serverMuted = false,
) => ({
  '@odata.type': '#microsoft.graph.mediaStream' as const,
  mediaType,
  direction,
  serverMuted,
  ...streams[mediaType],
})

/** The one page that a large gallery has, as the page on it prints its metadata. */
const galleryMetadata = (id: string) =>
  JSON.stringify({
    __platform: { ui: { hidden: true } },
    audienceView: { id: `${id}/1`, page: 1, status: 'active', type: 'lg', aspectRatio: 'widescreen' },
  })

/** A participant as the pages print it. `mediaStreams` names one stream of audio, and one of the screen that is shared. */
export function participantResource(participant: Participant, rosterSequenceNumber?: number) {
  const { id, identity, isMuted, isInLobby, sharesScreen, recordingStatus, onHold, meetingRole, isGallery } =
    participant
  const both = onHold ? 'inactive' : 'sendReceive'
  const audio = streamOf('audio', isGallery ? 'receiveOnly' : both, isMuted)
  const picture = isGallery ? [streamOf('video', 'sendReceive')] : []
  const screen = sharesScreen ? [streamOf('videoBasedScreenSharing', both)] : []
  return {
    '@odata.type': '#microsoft.graph.participant' as const,
    id,
    info: {
      '@odata.type': '#microsoft.graph.participantInfo' as const,
      id,
      identity,
      // One endpoint each, so the id of the one may stand for the other.
      ...(meetingRole && { endpointType: 'default' as const, endpointId: id, participantId: id }),
    },
    ...(meetingRole && { meetingRole }),
    isInLobby,
    isMuted,
    mediaStreams: isInLobby ? [] : [audio, ...picture, ...screen],
    metadata: isGallery ? galleryMetadata(id) : null,
    recordingInfo: recordingStatus && {
      '@odata.type': '#microsoft.graph.recordingInfo' as const,
      recordingStatus,
      initiator: identity,
    },
    ...(rosterSequenceNumber !== undefined && { rosterSequenceNumber }),
  }
}
