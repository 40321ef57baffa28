import { randomUUID } from 'node:crypto'
import type { Call, Conversation, Participant } from './call.ts'
import { isGroup, legsOf, rosterFor, selfIn } from './conversation.ts'
import { contentSharing, roster, rosterChanges, tell } from './notifications.ts'
import type { World } from './world.ts'

/** How bots in a group hear of who is there, and of what they share. */

/**
 * Tells every bot in a group who is there now; `changed` are those who came or changed. What a bot that waits in the lobby is told,
 * beside its own entry when it comes, is not documented: nothing.
 */
export function announceRoster(world: World, conversation: Conversation, changed: readonly Participant[]): void {
  conversation.rosterSequence += 1
  if (!isGroup(conversation)) return
  for (const call of legsOf(conversation)) {
    if (call.state !== 'established') continue
    const waits = selfIn(call)?.isInLobby
    if (waits && !changed.some(({ id }) => id === call.myParticipantId)) continue
    call.transcript.add({ kind: 'roster', count: conversation.participants.size })
    tellRoster(world, call, changed)
  }
}

/** Tells a bot in a group who is there, once it can hear of it again. */
export function catchUp(world: World, call: Call): void {
  const { conversation } = call
  if (!isGroup(conversation)) return
  conversation.rosterSequence += 1
  tellRoster(world, call, [...conversation.participants.values()])
}

/** The whole roster, or what is new in it to a bot that asked for that: also whom it has not been told of, and who is gone. */
function tellRoster(world: World, call: Call, changed: readonly Participant[]): void {
  const seen = rosterFor(call)
  const { toldOf, conversation, terms } = call
  const news = seen.filter((one) => changed.includes(one) || !toldOf.has(one))
  const gone = [...toldOf].filter((one) => !seen.includes(one))
  for (const one of news) toldOf.add(one)
  for (const one of gone) toldOf.delete(one)
  const changes = { sequenceNumber: conversation.rosterSequence, changed: news, gone }
  tell(world, call, terms.isDeltaRosterEnabled ? rosterChanges(call, changes) : roster(call, seen))
}

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
