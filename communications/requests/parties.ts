import { limit } from '../road/limits.ts'
import type { Identity, IdentitySet, InvitationParticipantInfo, ParticipantInfo } from '../wire/types.ts'

/** Whom to call or to transfer to: a user's object id, a number in E.164 with +, or a resource account's object id. */
export type Party =
  | { user: Identity }
  | { phone: Identity }
  | { applicationInstance: Identity }
  /** Another bot, by its app id. A documented redirect names one. */
  | { application: Identity }

/**
 * As whom to call. A call to a number must come from a resource account (applicationInstance). A guest, with a new id and a
 * displayName, joins a meeting under that name (Calls.JoinGroupCallAsGuest.All), and may wait in the lobby.
 */
export type Source = { applicationInstance: Identity } | { application: Identity } | { guest: Identity }

function identitySet(operation: string, party: Party | Source): IdentitySet {
  const [member, ...others] = Object.entries(party)
  limit(
    operation,
    member !== undefined && others.length === 0 && Boolean(member[1].id),
    'a party is one identity with an id',
  )
  const [name, identity] = member ?? []
  return {
    '@odata.type': '#microsoft.graph.identitySet',
    ...(name && { [name]: { '@odata.type': '#microsoft.graph.identity', ...identity } }),
  }
}

export function invited(
  operation: string,
  party: Party,
  more: Omit<InvitationParticipantInfo, '@odata.type' | 'identity'> = {},
): InvitationParticipantInfo {
  return {
    '@odata.type': '#microsoft.graph.invitationParticipantInfo',
    identity: identitySet(operation, party),
    ...more,
  }
}

export function participantInfo(
  operation: string,
  party: Party | Source,
  more: Omit<ParticipantInfo, '@odata.type' | 'identity'> = {},
): ParticipantInfo {
  return { '@odata.type': '#microsoft.graph.participantInfo', identity: identitySet(operation, party), ...more }
}
