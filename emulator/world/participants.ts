import { randomUUID } from 'node:crypto'
import type { IdentitySet } from '#communications/wire/types.ts'
import { Refusal } from '../wire/refusal.ts'
import type { Call, Conversation, Participant, RecordingStatus } from './call.ts'
import { isGroup, legsOf, newParticipant, participantOf, selfIn } from './conversation.ts'
import { enter, leave } from './conversations.ts'
import { withdraw } from './invitations.ts'
import { end, ends, later } from './lifecycle.ts'
import { beginOperation, endOperation, type Operation } from './operations.ts'
import { announceRoster } from './roster.ts'
import type { Context } from './taken.ts'
import type { World } from './world.ts'

/** What participants do, and what is done to them. */

/** Also what a person does at their own device. */
export function setMuted(world: World, conversation: Conversation, participant: Participant, muted: boolean): void {
  if (participant.isMuted === muted) return
  participant.isMuted = muted
  for (const leg of legsOf(conversation)) leg.transcript.add({ kind: 'muted', participantId: participant.id, muted })
  announceRoster(world, conversation, [participant])
}

/** The bot mutes itself, or the other way. */
export function muteSelf(world: World, call: Call, muted: boolean, clientContext: Context): Operation {
  const type = `#microsoft.graph.${muted ? 'mute' : 'unmute'}ParticipantOperation` as const
  const operation = beginOperation(call, type, 'completed', clientContext)
  const self = selfIn(call)
  if (self) setMuted(world, call.conversation, self, muted)
  return operation
}

export function muteParticipant(world: World, call: Call, participantId: string, clientContext: Context): Operation {
  setMuted(world, call.conversation, participantOf(call, participantId), true)
  return beginOperation(call, '#microsoft.graph.muteParticipantOperation', 'completed', clientContext)
}

export function holdMusic(
  world: World,
  call: Call,
  participantId: string,
  { on, clientContext }: { on: boolean; clientContext?: Context },
): Operation {
  const participant = participantOf(call, participantId)
  const onHold = [...call.conversation.participants.values()].find((one) => one.onHold)
  // Documented: one on hold at a time; which error a second one brings is not. 8519 is the sister service's "conflicting actions".
  if (on && onHold && onHold !== participant) throw new Refusal(409, '8519', 'Another participant is on hold.')
  const type = `#microsoft.graph.${on ? 'start' : 'stop'}HoldMusicOperation` as const
  const operation = beginOperation(call, type, 'running', clientContext)
  later(world, call, world.settings.delays.established, () => {
    participant.onHold = on
    call.transcript.add({ kind: 'holdMusic', participantId: participant.id, on })
    endOperation(world, call, operation, { status: 'completed' })
  })
  return operation
}

export function removeParticipant(world: World, call: Call, participantId: string): void {
  if (!world.settings.allowRemoveParticipants) {
    throw new Refusal(403, '7504', 'The tenant does not let this application remove participants.')
  }
  if (withdraw(world, call, participantId)) return
  const participant = participantOf(call, participantId)
  if (participant.call) end(world, participant.call, 'service', ends.removed)
  else if (isGroup(call.conversation)) leave(world, call.conversation, participant)
  else end(world, call, 'service', ends.removed)
}

export function updateRecordingStatus(
  world: World,
  call: Call,
  status: RecordingStatus,
  clientContext: Context,
): Operation {
  const self = selfIn(call)
  if (self) {
    self.recordingStatus = status
    announceRoster(world, call.conversation, [self])
  }
  return beginOperation(call, '#microsoft.graph.updateRecordingStatusOperation', 'completed', clientContext)
}

export function changeScreenSharingRole(world: World, call: Call, role: 'viewer' | 'sharer'): void {
  const self = selfIn(call)
  if (!self) return
  self.sharesScreen = role === 'sharer'
  announceRoster(world, call.conversation, [self])
}

/** As the page on the large gallery prints it; nobody says of which application the id is. */
function galleryIdentity(): IdentitySet {
  const application = {
    '@odata.type': '#microsoft.graph.identity',
    id: randomUUID(),
    identityProvider: 'AAD',
    ApplicationType: 'LargeGallery-V2',
  }
  return { '@odata.type': '#microsoft.graph.identitySet', application }
}

/** The view comes once into a conversation, as a participant (page on the large gallery). */
export function addLargeGalleryView(world: World, call: Call, clientContext: Context): Operation {
  const operation = beginOperation(call, '#microsoft.graph.addLargeGalleryViewOperation', 'running', clientContext)
  later(world, call, world.settings.delays.established, () => {
    const { conversation } = call
    if (isGroup(conversation) && ![...conversation.participants.values()].some(({ isGallery }) => isGallery)) {
      enter(world, conversation, newParticipant(galleryIdentity(), { isGallery: true, meetingRole: 'presenter' }))
    }
    endOperation(world, call, operation, { status: 'completed' })
  })
  return operation
}
