import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import { Refusal } from '../wire/refusal.ts'
import { dropFromRoutes } from './audioRouting.ts'
import { type Call, type Conversation, hasEnded, type Participant, selfOf } from './call.ts'
import { isGroup, legsOf, newChat, newConversation, newParticipant, peopleOf, selfIn } from './conversation.ts'
import { identityOf, plainIdentity } from './identity.ts'
import { announceAudio, end, ends, later } from './lifecycle.ts'
import type { Meeting } from './meetings.ts'
import { forgetSpeech } from './recorder.ts'
import { announceRoster, stopSharing } from './roster.ts'
import type { World } from './world.ts'

/** Who talks with whom: who comes, who goes, and the meetings that they come into. */

/** Somebody is now in the conversation, or in its lobby. */
export function enter(world: World, conversation: Conversation, participant: Participant): Participant {
  const { meeting } = conversation
  if (meeting) participant.meetingRole = isOrganizer(meeting, participant.identity) ? 'organizer' : 'presenter'
  conversation.participants.set(participant.id, participant)
  noteInLegs(conversation, 'joined', participant)
  announceRoster(world, conversation, [participant])
  return participant
}

/** Somebody is no longer in it. The last person of a group call takes the bots along; a meeting goes on. */
export function leave(world: World, conversation: Conversation, participant: Participant): void {
  if (!conversation.participants.delete(participant.id)) return
  noteInLegs(conversation, 'left', participant)
  for (const [id, sharer] of conversation.contentSharingSessions)
    if (sharer === participant) stopSharing(world, conversation, id)
  for (const leg of legsOf(conversation)) dropFromRoutes(leg, participant.id)
  announceRoster(world, conversation, [])
  if (conversation.kind === 'groupCall' && peopleOf(conversation).length === 0) {
    for (const call of legsOf(conversation)) {
      if (call.state !== 'terminating') end(world, call, 'service', ends.leftAlone)
    }
  }
  dropWhenEmpty(world, conversation)
}

/** Between two there is nobody to tell of: the call's own states say it. */
function noteInLegs(conversation: Conversation, kind: 'joined' | 'left', participant: Participant): void {
  if (!isGroup(conversation)) return
  const { id, isInLobby } = participant
  for (const leg of legsOf(conversation)) {
    leg.transcript.add({ kind, participantId: id, name: nameOf(participant), lobby: isInLobby })
  }
}

const nameOf = ({ identity }: Participant): string | null =>
  Object.values(plainIdentity(identity)).find(({ displayName }) => displayName)?.displayName ??
  identity.phone?.id ??
  null

/** A call is on its way into its conversation. */
export function approach(call: Call): void {
  call.conversation.joining.add(call)
}

/** A bot whose call is established becomes a participant. In the lobby no sound flows, and after a while the call ends. */
export function botEnters(world: World, call: Call): void {
  const { conversation, myParticipantId: id } = call
  const identity = selfOf(call)
  conversation.joining.delete(call)
  const isInLobby = conversation.meeting ? mustWait(conversation.meeting, identity) : false
  const self = enter(world, conversation, newParticipant(identity, { id, call, isInLobby }))
  const { lobbyTimeoutMs, delays } = world.settings
  if (isInLobby) {
    later(world, call, lobbyTimeoutMs, () => {
      if (self.isInLobby) end(world, call, 'service', ends.leftInLobby)
    })
  } else later(world, call, delays.audioActive, () => announceAudio(world, call, 'active'))
}

/** The bot of a call that ended is no longer in its conversation. */
export function botLeaves(world: World, call: Call): void {
  const { conversation } = call
  conversation.joining.delete(call)
  const self = selfIn(call)
  if (self) leave(world, conversation, self)
  else dropWhenEmpty(world, conversation)
  if (conversation.kind === 'peerToPeer') conversation.participants.clear()
  if (conversation.participants.size === 0) forgetSpeech(conversation)
}

const isOrganizer = ({ organizer }: Meeting, { user }: IdentitySet) => sameId(user?.id ?? '', organizer.id)

const mustWait = (meeting: Meeting, identity: IdentitySet): boolean => {
  const { lobbyBypass } = meeting
  if (lobbyBypass === 'everyone' || isOrganizer(meeting, identity)) return false
  return lobbyBypass === 'organizer' || Boolean(identity.guest) || Boolean(identity.phone)
}

/** A person comes into a meeting; who has to waits in the lobby. */
export const personJoins = (world: World, meeting: Meeting, identity: IdentitySet): Participant =>
  enter(world, ofMeeting(world, meeting), newParticipant(identity, { isInLobby: mustWait(meeting, identity) }))

/** Somebody who may lets one in from the lobby. */
export function admit(world: World, conversation: Conversation, participant: Participant): void {
  if (!participant.isInLobby) return
  participant.isInLobby = false
  announceRoster(world, conversation, [participant])
  const { call } = participant
  if (call) later(world, call, world.settings.delays.audioActive, () => announceAudio(world, call, 'active'))
}

// --- meetings ---

/** The conversation that is held in a meeting. */
export function ofMeeting({ held }: World, meeting: Meeting): Conversation {
  const known = held.get(meeting.id)
  if (known) return known
  const { tenantId, threadId } = meeting
  const organizer = identityOf({ user: meeting.organizer }, tenantId)
  const conversation = newConversation('meeting', tenantId, {
    meeting,
    chatInfo: newChat(threadId),
    meetingInfo: { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer },
  })
  held.set(meeting.id, conversation)
  return conversation
}

/** What a bot says of the meeting that it wants to join. */
export type JoinAddress =
  | { threadId: string; organizer: IdentitySet }
  | { joinMeetingId: string; passcode: string | null }
  | { token: string }

/** The meeting that a join names. Throws a Refusal for a number, passcode or token that is none, and for a locked meeting. */
export function meetingFor(world: World, tenantId: string, address: JoinAddress): Meeting | null {
  const { meetings, settings } = world
  const known = meetings.at(address)
  const meeting = known?.tenantId === tenantId ? known : undefined
  if ('joinMeetingId' in address && (!meeting || (meeting.passcode && meeting.passcode !== address.passcode))) {
    throw new Refusal(400, '8561', 'joinMeetingId is not valid.')
  }
  if ('token' in address && !meeting) throw new Refusal(400, '8526', 'The join token is not valid.')
  if (meeting?.locked) throw new Refusal(400, '8560', 'The meeting is locked.')
  if (meeting || !('threadId' in address) || settings.unknownMeetings === 'refuse') return meeting ?? null
  const { user } = address.organizer
  const made = meetings.create({
    tenantId,
    threadId: address.threadId,
    organizer: { id: user?.id ?? '', displayName: user?.displayName ?? null },
  })
  world.unknownMeetings.add(made.id)
  return made
}

/** The meeting is over for all. */
export function endMeeting(world: World, conversation: Conversation): void {
  for (const call of [...legsOf(conversation), ...conversation.joining]) {
    if (!hasEnded(call)) end(world, call, 'service', ends.meetingOver)
  }
  conversation.participants.clear()
  if (conversation.meeting) world.held.delete(conversation.meeting.id)
}

/** Who is on the way into a meeting must find it, and its end must find them. */
function dropWhenEmpty({ held, unknownMeetings, meetings }: World, conversation: Conversation): void {
  const { meeting, participants, joining } = conversation
  if (!meeting || joining.size > 0 || [...participants.values()].some(({ isGallery }) => !isGallery)) return
  held.delete(meeting.id)
  if (unknownMeetings.delete(meeting.id)) meetings.remove(meeting.id)
}
