import { randomUUID } from 'node:crypto'
import type { IdentitySet } from '#communications/wire/types.ts'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { AudioRoutingGroupBody } from '../graph/bodies.ts'
import { notFound } from '../graph/conditions.ts'
import type { Settings } from '../settings.ts'
import type { Delivery } from '../wire/delivery.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded, isGroup, plainIdentity } from './call.ts'
import {
  type AudioRoutingGroup,
  type Conversation,
  findParticipant,
  legsOf,
  newConversation,
  newParticipant,
  type Participant,
  peopleOf,
  type RecordingStatus,
  rosterFor,
} from './conversation.ts'
import { createInvitations } from './invitations.ts'
import { ends, type Lifecycle, type Operation } from './lifecycle.ts'
import type { Meeting, Meetings } from './meetings.ts'
import { contentSharing } from './notifications.ts'
import type { Rings } from './rings.ts'

type Deps = {
  settings: Settings
  clock: Clock
  lifecycle: Lifecycle
  delivery: Delivery
  meetings: Meetings
  rings: Rings
  find: (id: string) => Call | undefined
  callBot: Parameters<typeof createInvitations>[0]['callBot']
}

/** Who talks with whom: joins, leaves, invitations, and what participants do to each other. */
export type Conversations = ReturnType<typeof createConversations>

export function createConversations({ settings, clock, lifecycle, delivery, meetings, rings, find, callBot }: Deps) {
  const { later, announceAudio, announceRoster, newOperation, endOperation, end } = lifecycle
  /** The conversation that is held in a meeting, by the meeting's id. */
  const held = new Map<string, Conversation>()
  /** Meetings that nobody made, taken for ones of the tenant: they go with the last who leaves. */
  const unknown = new Set<string>()
  const invitations = createInvitations({ settings, lifecycle, rings, find, enter, leave, callBot })

  const nameOf = ({ identity }: Participant): string | null =>
    Object.values(plainIdentity(identity)).find(({ displayName }) => displayName)?.displayName ??
    identity.phone?.id ??
    null

  /** Between two there is nobody to tell of: the call's own states say it. */
  function tellLegs(conversation: Conversation, kind: 'joined' | 'left', participant: Participant) {
    if (!isGroup(conversation)) return
    const { id, isInLobby } = participant
    for (const leg of legsOf(conversation)) {
      leg.transcript.add({ kind, participantId: id, name: nameOf(participant), lobby: isInLobby })
    }
  }

  /** Somebody is now in the conversation, or in its lobby. */
  function enter(conversation: Conversation, participant: Participant): Participant {
    conversation.participants.set(participant.id, participant)
    tellLegs(conversation, 'joined', participant)
    announceRoster(conversation, { changed: [participant] })
    return participant
  }

  /** Somebody is no longer in it. The last person of a group call takes the bots along; a meeting goes on. */
  function leave(conversation: Conversation, participant: Participant) {
    if (!conversation.participants.delete(participant.id)) return
    tellLegs(conversation, 'left', participant)
    for (const [id, sharer] of conversation.contentSharingSessions)
      if (sharer === participant) stopSharing(conversation, id)
    for (const leg of legsOf(conversation)) dropFromRoutes(leg, participant.id)
    announceRoster(conversation, { gone: [participant] })
    if (conversation.kind === 'groupCall' && peopleOf(conversation).length === 0) {
      for (const call of legsOf(conversation)) if (call.state !== 'terminating') end(call, 'service', ends.leftAlone)
    }
    dropWhenEmpty(conversation)
  }

  /** Who is on the way into a meeting must find it, and its end must find them. */
  function dropWhenEmpty({ meeting, participants, joining }: Conversation) {
    if (!meeting || participants.size > 0 || joining.size > 0) return
    held.delete(meeting.id)
    if (unknown.delete(meeting.id)) meetings.remove(meeting.id)
  }

  function ofMeeting(meeting: Meeting): Conversation {
    const known = held.get(meeting.id)
    if (known) return known
    const { id, displayName } = meeting.organizer
    const conversation = newConversation('meeting', meeting.tenantId, {
      meeting,
      chatInfo: {
        '@odata.type': '#microsoft.graph.chatInfo',
        threadId: meeting.threadId,
        messageId: '0',
        replyChainMessageId: null,
      },
      meetingInfo: {
        '@odata.type': '#microsoft.graph.organizerMeetingInfo',
        organizer: {
          '@odata.type': '#microsoft.graph.identitySet',
          user: { '@odata.type': '#microsoft.graph.identity', id, displayName, tenantId: meeting.tenantId },
        },
      },
    })
    held.set(meeting.id, conversation)
    return conversation
  }

  const mustWait = ({ lobbyBypass, organizer }: Meeting, identity: IdentitySet): boolean => {
    if (lobbyBypass === 'everyone' || sameId(identity.user?.id ?? '', organizer.id)) return false
    return lobbyBypass === 'organizer' || Boolean(identity.guest) || Boolean(identity.phone)
  }

  /** A bot whose call is established becomes a participant. In the lobby no sound flows, and after a while the call ends. */
  function botEnters(call: Call, identity: IdentitySet) {
    const { conversation } = call
    conversation.joining.delete(call)
    const isInLobby = conversation.meeting ? mustWait(conversation.meeting, identity) : false
    const self = newParticipant(identity, { id: call.myParticipantId, call, isInLobby })
    enter(conversation, self)
    if (isInLobby) {
      later(call, settings.lobbyTimeoutMs, () => {
        if (self.isInLobby) end(call, 'service', ends.leftInLobby)
      })
    } else later(call, settings.delays.audioActive, () => announceAudio(call, 'active'))
  }

  /** A call that ended leaves its conversation; what was under way for it is dropped. */
  function callEnded(call: Call) {
    const { conversation } = call
    conversation.joining.delete(call)
    invitations.callEnded(call)
    const self = conversation.participants.get(call.myParticipantId)
    if (self) leave(conversation, self)
    else dropWhenEmpty(conversation)
    if (conversation.kind === 'peerToPeer') conversation.participants.clear()
    if (conversation.participants.size === 0) conversation.speeches.length = 0
  }

  // --- what is done to participants ---

  /** Throws a Refusal 404 for somebody who is not there, or whom a bot in the lobby cannot see. */
  function participantOf(call: Call, id: string): Participant {
    const participant = findParticipant(call.conversation, id)
    if (participant && rosterFor(call).includes(participant)) return participant
    throw notFound('Participant')
  }

  function setMuted(conversation: Conversation, participant: Participant, muted: boolean) {
    if (participant.isMuted === muted) return
    participant.isMuted = muted
    for (const leg of legsOf(conversation)) leg.transcript.add({ kind: 'muted', participantId: participant.id, muted })
    announceRoster(conversation, { changed: [participant] })
  }

  function holdMusic(
    call: Call,
    participantId: string,
    on: boolean,
    clientContext: string | null | undefined,
  ): Operation {
    const participant = participantOf(call, participantId)
    const onHold = [...call.conversation.participants.values()].find((one) => one.onHold)
    // Documented: one on hold at a time; which error a second one brings is not. 8519 is the sister service's "conflicting actions".
    if (on && onHold && onHold !== participant) throw new Refusal(409, '8519', 'Another participant is on hold.')
    const name = on ? ('startHoldMusicOperation' as const) : ('stopHoldMusicOperation' as const)
    const operation = newOperation(call, `#microsoft.graph.${name}`, 'running', clientContext)
    later(call, settings.delays.established, () => {
      participant.onHold = on
      call.transcript.add({ kind: 'holdMusic', participantId: participant.id, on })
      endOperation(call, operation, 'completed')
    })
    return operation
  }

  function remove(call: Call, participantId: string): void {
    if (!settings.allowRemoveParticipants) {
      throw new Refusal(403, '7504', 'The tenant does not let this application remove participants.')
    }
    if (invitations.withdraw(call, participantId)) return
    const participant = participantOf(call, participantId)
    if (participant.call) end(participant.call, 'service', ends.removed)
    else if (isGroup(call.conversation)) leave(call.conversation, participant)
    else end(call, 'service', ends.removed)
  }

  // --- audio routing and content sharing ---

  function routeAudio(call: Call, body: AudioRoutingGroupBody, known?: AudioRoutingGroup): AudioRoutingGroup {
    const ids = (list: (string | null)[] | undefined, before: string[] = []) =>
      list?.filter((id): id is string => id !== null) ?? before
    const group: AudioRoutingGroup = {
      id: known?.id ?? body.id ?? randomUUID(),
      routingMode:
        (body.routingMode === 'unknownFutureValue' ? undefined : body.routingMode) ?? known?.routingMode ?? 'oneToOne',
      sources: ids(body.sources, known?.sources),
      receivers: ids(body.receivers, known?.receivers),
    }
    const oneReceiver = group.receivers.length === 1
    const right =
      group.sources.length === 1 && (group.routingMode === 'oneToOne' ? oneReceiver : group.receivers.length > 0)
    // The limits are documented on the beta page; the update example of that page widens a oneToOne group, so that is let pass.
    if (!right && !known)
      throw new Refusal(400, '8523', 'sources, receivers: one source, and as many receivers as the mode says.')
    for (const id of [...group.sources, ...group.receivers]) participantOf(call, id)
    if (!known && call.audioRoutingGroups.has(group.id)) {
      throw new Refusal(409, '8519', 'An audio routing group of that id exists.')
    }
    call.audioRoutingGroups.set(group.id, group)
    return group
  }

  /** Who left is in no route any more; a route without a source or a receiver is none. */
  function dropFromRoutes({ audioRoutingGroups }: Call, participantId: string) {
    for (const [id, group] of audioRoutingGroups) {
      group.sources = group.sources.filter((one) => !sameId(one, participantId))
      group.receivers = group.receivers.filter((one) => !sameId(one, participantId))
      if (group.sources.length === 0 || group.receivers.length === 0) audioRoutingGroups.delete(id)
    }
  }

  function tellSharing(conversation: Conversation, changeType: 'created' | 'updated' | 'deleted', id: string) {
    for (const call of legsOf(conversation)) {
      if (call.state !== 'established' || !call.options.isContentSharingNotificationEnabled) continue
      delivery.post(call, call.callbackUri, contentSharing(call, changeType, id))
    }
  }

  function stopSharing(conversation: Conversation, id: string) {
    conversation.contentSharingSessions.delete(id)
    tellSharing(conversation, 'deleted', id)
  }

  return {
    enter,
    leave,
    botEnters,
    callEnded,
    ofMeeting,
    invite: invitations.invite,
    holdMusic,
    remove,
    participantOf,
    routeAudio,
    stopSharing,

    /** The meeting that a join names. Throws a Refusal for a number, passcode or token that is none, and for a locked meeting. */
    meetingFor(
      tenantId: string,
      address:
        | { threadId: string; organizer: IdentitySet }
        | { joinMeetingId: string; passcode: string | null }
        | { token: string },
    ): Meeting | null {
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
      unknown.add(made.id)
      return made
    },

    /** A person comes into a meeting; who has to waits in the lobby. */
    personJoins(meeting: Meeting, identity: IdentitySet): Participant {
      const conversation = ofMeeting(meeting)
      return enter(conversation, newParticipant(identity, { isInLobby: mustWait(meeting, identity) }))
    },

    /** Somebody who may lets one in from the lobby. */
    admit(conversation: Conversation, participant: Participant): void {
      if (!participant.isInLobby) return
      participant.isInLobby = false
      announceRoster(conversation, { changed: [participant] })
      const { call } = participant
      if (call) later(call, settings.delays.audioActive, () => announceAudio(call, 'active'))
    },

    /** The meeting is over for all. */
    endMeeting(conversation: Conversation): void {
      for (const call of [...legsOf(conversation), ...conversation.joining]) {
        if (!hasEnded(call)) end(call, 'service', ends.meetingOver)
      }
      conversation.participants.clear()
      if (conversation.meeting) held.delete(conversation.meeting.id)
    },

    muteSelf(call: Call, muted: boolean, clientContext: string | null | undefined): Operation {
      const name = muted ? ('muteParticipantOperation' as const) : ('unmuteParticipantOperation' as const)
      const operation = newOperation(call, `#microsoft.graph.${name}`, 'completed', clientContext)
      const self = call.conversation.participants.get(call.myParticipantId)
      if (self) setMuted(call.conversation, self, muted)
      return operation
    },

    muteParticipant(call: Call, participantId: string, clientContext: string | null | undefined): Operation {
      const participant = participantOf(call, participantId)
      setMuted(call.conversation, participant, true)
      return newOperation(call, '#microsoft.graph.muteParticipantOperation', 'completed', clientContext)
    },

    /** What a person does at their own device: mute, unmute. */
    personMutes: setMuted,

    updateRecordingStatus(call: Call, status: RecordingStatus, clientContext: string | null | undefined): Operation {
      const self = call.conversation.participants.get(call.myParticipantId)
      if (self) {
        self.recordingStatus = status
        announceRoster(call.conversation, { changed: [self] })
      }
      return newOperation(call, '#microsoft.graph.updateRecordingStatusOperation', 'completed', clientContext)
    },

    changeScreenSharingRole(call: Call, role: 'viewer' | 'sharer'): void {
      const self = call.conversation.participants.get(call.myParticipantId)
      if (!self) return
      self.sharesScreen = role === 'sharer'
      announceRoster(call.conversation, { changed: [self] })
    },

    addLargeGalleryView(call: Call, clientContext: string | null | undefined): Operation {
      const operation = newOperation(call, '#microsoft.graph.addLargeGalleryViewOperation', 'running', clientContext)
      later(call, settings.delays.established, () => endOperation(call, operation, 'completed'))
      return operation
    },

    /** A participant begins to share content. Gives the session's id. */
    startSharing(conversation: Conversation, participant: Participant): string {
      const id = randomUUID()
      conversation.contentSharingSessions.set(id, participant)
      tellSharing(conversation, 'created', id)
      return id
    },

    /** Somebody speaks into the conversation. */
    speak(conversation: Conversation, durationMs: number, samples: Int16Array | null): void {
      const from = clock.now()
      const speech = { from, to: from + durationMs / settings.playbackSpeed, samples }
      const { speeches } = conversation
      speeches.push(speech)
      // A recording lasts two minutes at most.
      while (speeches[0] && speeches[0].to < from - 180_000) speeches.shift()
      for (const leg of legsOf(conversation)) leg.transcript.add({ kind: 'spoke', durationMs })
      for (const listener of [...conversation.listeners]) listener({ kind: 'speech', speech })
    },

    /** Those that are held in meetings. */
    held: (): Conversation[] => [...held.values()],

    forget(): void {
      held.clear()
      invitations.forget()
      unknown.clear()
    },
  }
}
