import type { CommsNotifications } from '#communications/wire/types.ts'
import type { Call, Conversation, Participant } from './call.ts'
import { isGroup, legsOf, rosterFor } from './conversation.ts'
import { roster } from './notifications.ts'
import { tell } from './tell.ts'
import type { World } from './world.ts'

/** How bots in a group hear of who is there. */

/** `changed` came or changed, `gone` left. */
type RosterChange = { changed?: Participant[]; gone?: Participant[] }

/**
 * Tells every bot in a group who is there now. What a bot that waits in the lobby is told, beside its own entry when it comes, is not
 * documented: nothing.
 */
export function announceRoster(
  world: World,
  conversation: Conversation,
  { changed = [], gone = [] }: RosterChange,
): void {
  conversation.rosterSequence += 1
  if (!isGroup(conversation)) return
  for (const call of legsOf(conversation)) {
    if (call.state !== 'established') continue
    const seen = rosterFor(call)
    const waits = seen.some(({ isInLobby, id }) => isInLobby && id === call.myParticipantId)
    if (waits && !changed.some(({ id }) => id === call.myParticipantId)) continue
    call.transcript.add({ kind: 'roster', count: conversation.participants.size })
    tell(world, call, rosterNews(call, seen, { changed: waits ? seen : changed, gone: waits ? [] : gone }))
  }
}

/** Tells a bot in a group who is there, once it can hear of it again. */
export function catchUp(world: World, call: Call): void {
  if (!isGroup(call.conversation)) return
  const seen = rosterFor(call)
  tell(world, call, rosterNews(call, seen, { changed: seen, gone: [] }))
}

function rosterNews(call: Call, seen: Participant[], { changed, gone }: Required<RosterChange>): CommsNotifications {
  if (!call.terms.isDeltaRosterEnabled) return roster(call, seen)
  return roster(call, changed, { sequence: call.conversation.rosterSequence, gone })
}
