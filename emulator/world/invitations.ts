import type { IdentitySet, InvitationParticipantInfo, InviteBody, ResultInfo } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { App } from '../settings.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, type Conversation, selfOf } from './call.ts'
import { replacedBy } from './calls.ts'
import { becomeGroup, isGroup, newParticipant } from './conversation.ts'
import { enter, leave } from './conversations.ts'
import { callBot } from './dial.ts'
import { hasTwice, isSame, personId } from './identity.ts'
import { end, later, notTaken } from './lifecycle.ts'
import { resultInfo } from './notifications.ts'
import { beginOperation, endOperation, type Operation } from './operations.ts'
import { ring } from './rings.ts'
import type { Context } from './taken.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/** Brings people, numbers and bots into a call: rings them, or takes them over from another call of the bot. */

/** Told how it went with one guest: what failed, if anything did. */
type Settled = (failure: ResultInfo | null) => void

export function invite(
  world: World,
  call: Call,
  { participants, clientContext }: Pick<InviteBody, 'participants'> & { clientContext?: Context },
): Operation {
  refuseTooMany(call, participants)
  // With replacesCallId only the first is read, the rest are ignored (participant-invite page).
  const guests = participants.some(({ replacesCallId }) => replacesCallId) ? participants.slice(0, 1) : participants
  refuseAskedAlready(call, guests)
  const operation = beginOperation(call, '#microsoft.graph.inviteParticipantsOperation', 'running', clientContext, {
    participants: guests,
  })

  let waiting = guests.length
  let failure: ResultInfo | null = null
  const settled: Settled = (failed) => {
    waiting -= 1
    failure ??= failed
    if (waiting > 0) return
    if (!failure) return endOperation(world, call, operation, { status: 'completed' })
    call.transcript.add({ kind: 'failed', what: 'invite', message: failure.message ?? 'The invitation failed.' })
    endOperation(world, call, operation, { status: 'failed', resultInfo: failure })
  }
  for (const guest of guests) {
    call.transcript.add({ kind: 'invited', id: personId(guest.identity), outcome: null })
    if (!guest.replacesCallId && !failureBefore(world, call, guest)) ask(world, call, guest, settled)
    else later(world, call, world.settings.delays.established, () => moveOrFail(world, call, guest, settled))
  }
  return operation
}

function refuseTooMany(call: Call, asked: InvitationParticipantInfo[]): void {
  if (asked.filter(({ identity }) => identity.application).length > 1) {
    throw new Refusal(400, '8523', 'participants: at most one bot can be invited.')
  }
  const replaces = asked.some(({ replacesCallId }) => replacesCallId)
  if (asked.length > 1 && !replaces && !(isGroup(call.conversation) && call.conversation.chatInfo)) {
    throw new Refusal(400, '8523', 'participants: several can be invited into a group call only.')
  }
}

/** The same identity cannot be invited several times (resources/call); which error that brings is not documented. */
function refuseAskedAlready({ conversation }: Call, asked: InvitationParticipantInfo[]): void {
  const wanted = asked.map(({ identity }) => identity)
  if (hasTwice(wanted)) throw new Refusal(400, '8523', 'participants: everybody is named once.')
  if (wanted.some((one) => isAsked(conversation, one))) {
    throw new Refusal(409, '8519', 'Somebody is in the call, or asked into it, already.')
  }
}

/** Whether somebody is in it, on the way into it, or rung for it. */
export function isAsked({ participants, joining, rung }: Conversation, identity: IdentitySet): boolean {
  const there = [...[...participants.values()].map((one) => one.identity), ...[...joining].map(selfOf), ...rung]
  return there.some((one) => isSame(one, identity))
}

/** What fails without anybody being asked. */
function failureBefore(world: World, call: Call, guest: InvitationParticipantInfo): ResultInfo | null {
  if (guest.replacesCallId) {
    // Observed as a bare 500; the subcode was not seen.
    return replacedBy(world, call, guest) ? null : resultInfo(500, 9999, 'The call to be replaced does not exist.')
  }
  if (!guest.identity.phone) return null
  if (call.conversation.meeting && call.terms.joinedWith === 'token') {
    // The pair was not quoted in the report, only the DiagCode.
    return resultInfo(403, 9999, 'The call lacks the data to dial out. DiagCode: 403#10151')
  }
  const viaInstance = [call.source.identity, call.targets[0]?.identity].some((one) => one?.applicationInstance)
  if (call.conversation.meeting || viaInstance) return null
  return resultInfo(412, 9999, 'The call has no phone context. DiagCode: 412#10073')
}

/** Takes somebody over from another call. Judged when it happens: meanwhile the person may have hung up. */
function moveOrFail(world: World, call: Call, guest: InvitationParticipantInfo, settled: Settled): void {
  const failure = failureBefore(world, call, guest)
  const replaced = failure ? null : replacedBy(world, call, guest)
  if (replaced) becomeGroup(call.conversation)
  settled(failure)
  if (!replaced) return
  const { leg, person } = replaced
  // A call between two ends with that; in a group the bot's leg goes on.
  if (isGroup(leg.conversation)) leave(world, leg.conversation, person)
  else end(world, leg, 'service', null)
  enter(world, call.conversation, newParticipant(person.identity))
}

/** Rings somebody, or calls another bot, which is asked into a group. */
function ask(world: World, call: Call, guest: InvitationParticipantInfo, settled: Settled): void {
  const { invitations, settings } = world
  const { identity } = guest
  const participant = newParticipant(identity)
  const app = knownApp(world, guest)
  const over = (outcome: TransferOutcome) => {
    invitations.delete(participant.id)
    call.transcript.add({ kind: 'invited', id: personId(identity), outcome })
    settled(outcome === 'accept' ? null : notTaken(outcome))
    if (outcome !== 'accept' || app) return // a bot comes in by its own leg
    becomeGroup(call.conversation)
    enter(world, call.conversation, participant)
  }
  if (app) becomeGroup(call.conversation)
  const stop = app
    ? callBot(world, call, app, over)
    : ring(world, call, { identity, what: 'invite', noAnswerMs: settings.invitationTimeoutMs }, over)
  invitations.set(participant.id, {
    call,
    withdraw() {
      stop()
      // How the operation of a withdrawn invitation ends is not shown.
      settled(resultInfo(400, 8508, 'Action failed, the operation was cancelled.'))
    },
  })
}

/** The one application that can be asked itself; others are played by the rules for people. */
function knownApp({ settings }: World, { identity }: InvitationParticipantInfo): App | undefined {
  const id = identity.application?.id
  return id ? settings.apps.find(({ appId, webhook }) => webhook && sameId(appId, id)) : undefined
}

/** Takes an invitation back that nobody has taken yet. False when there is none of that id. */
export function withdraw({ invitations }: World, call: Call, participantId: string): boolean {
  const invitation = invitations.get(participantId)
  if (invitation?.call.conversation !== call.conversation) return false
  invitations.delete(participantId)
  invitation.withdraw()
  return true
}

/** Nothing comes of what that call asked for any more. */
export function dropInvitations({ invitations }: World, call: Call): void {
  for (const [id, invitation] of invitations) if (invitation.call === call) invitations.delete(id)
}
