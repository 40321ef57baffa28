import { randomUUID } from 'node:crypto'
import type { Conversation, Participant } from './call.ts'
import { legsOf } from './conversation.ts'
import { contentSharing } from './notifications.ts'
import { tell } from './tell.ts'
import type { World } from './world.ts'

/** Content that participants share. */

/** A participant begins to share content. Gives the session's id. */
export function startSharing(world: World, conversation: Conversation, participant: Participant): string {
  const id = randomUUID()
  conversation.contentSharingSessions.set(id, participant)
  announceSharing(world, conversation, 'created', id)
  return id
}

export function stopSharing(world: World, conversation: Conversation, id: string): void {
  conversation.contentSharingSessions.delete(id)
  announceSharing(world, conversation, 'deleted', id)
}

function announceSharing(world: World, conversation: Conversation, changeType: 'created' | 'deleted', id: string) {
  for (const call of legsOf(conversation)) {
    if (call.state !== 'established' || !call.terms.isContentSharingNotificationEnabled) continue
    tell(world, call, contentSharing(call, changeType, id))
  }
}
