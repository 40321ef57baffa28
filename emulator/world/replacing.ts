import type { InvitationParticipantInfo } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Call } from './call.ts'
import { findParticipant, isGroup, type Participant, peopleOf } from './conversation.ts'
import { personId } from './people.ts'

/** The other leg that `replacesCallId` names, and who of it is meant. */
export type Replaced = { leg: Call; person: Participant }

/**
 * Whom a request takes from another call of the same bot; null when that is not possible, or no longer: it must be a call of the same app
 * and tenant, established, another one than the request's own, and the person must be in it. Pure.
 */
export function replacedBy(
  call: Call,
  { replacesCallId, participantId, identity }: InvitationParticipantInfo,
  find: (id: string) => Call | undefined,
): Replaced | null {
  const leg = replacesCallId ? find(replacesCallId) : undefined
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
