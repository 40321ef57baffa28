import type { InvitationParticipantInfo } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Call, Participant } from './call.ts'
import { findCall } from './calls.ts'
import { findParticipant, isGroup, peopleOf } from './conversation.ts'
import { personId } from './identity.ts'
import type { World } from './world.ts'

/** The other leg that `replacesCallId` names, and who of it is meant. */
export type Replaced = { leg: Call; person: Participant }

/**
 * Whom a request takes from another call of the same bot; null when that is not possible, or no longer: it must be a call of the same app
 * and tenant, established, another one than the request's own, and the person must be in it.
 */
export function replacedBy(
  world: World,
  call: Call,
  { replacesCallId, participantId, identity }: InvitationParticipantInfo,
): Replaced | null {
  const leg = replacesCallId ? findCall(world, replacesCallId) : undefined
  if (!leg || leg === call || leg.appId !== call.appId || leg.tenantId !== call.tenantId) return null
  if (leg.state !== 'established') return null
  const people = peopleOf(leg.conversation)
  const named = participantId
    ? findParticipant(leg.conversation, participantId)
    : people.find(isThe(personId(identity)))
  // A call between two has one person only, whatever the request calls that one.
  const person = named ?? (isGroup(leg.conversation) ? undefined : people[0])
  return person && !person.call ? { leg, person } : null
}

const isThe = (id: string | null) => (one: Participant) => {
  const own = personId(one.identity)
  return id !== null && own !== null && sameId(own, id)
}
