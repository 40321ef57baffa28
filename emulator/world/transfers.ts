import type { InvitationParticipantInfo } from '#communications/wire/types.ts'
import { callNotFound, Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded, mayReachPhones, type Participant } from './call.ts'
import { replacedBy } from './calls.ts'
import { findParticipant, isGroup, peopleOf } from './conversation.ts'
import { leave } from './conversations.ts'
import { personId } from './identity.ts'
import { announce, announceAudio, end, enterState, later } from './lifecycle.ts'
import { resultInfo } from './notifications.ts'
import { stopSound } from './player.ts'
import { catchUp } from './roster.ts'
import type { Transferred } from './taken.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/** Hands callers over to somebody else, if that one takes the call (contract: sequences.json, transfer-…). */

/** The bot asks for a transfer. What follows takes its time. */
export function transfer(world: World, call: Call, body: Transferred): void {
  const target = body.transferTarget
  const transferee = transfereeOf(call, body.transferee)
  const { delays, invitationTimeoutMs } = world.settings
  const person = world.people.find(target.identity.phone?.id ?? target.identity.user?.id)
  const outcome = call.transfers ?? person?.onTransfer ?? 'accept'
  enterState(call, 'transferring')
  call.transfer = { target, transferee, whenAsked: null }
  note(call, target, null)
  later(world, call, delays.transferring, () => {
    announce(world, call)
    if (failureBefore(world, call, target)) settle(world, call, 'decline')
    else if (outcome !== 'ask') later(world, call, person?.afterMs ?? delays.person, () => settle(world, call, outcome))
    else {
      // No telephone rings for ever: as with an invitation, nobody's decision is one as well.
      const stopRinging = later(world, call, invitationTimeoutMs, () => settle(world, call, 'noAnswer'))
      const whenAsked = (answer: TransferOutcome) => {
        stopRinging()
        settle(world, call, answer)
      }
      call.transfer = { target, transferee, whenAsked }
    }
  })
}

/** Says how a transfer goes that waits for it. */
export function decideTransfer(call: Call, outcome: TransferOutcome): void {
  if (!call.transfer?.whenAsked) {
    throw new Refusal(409, 'noTransferWaits', 'No transfer of this call waits for a decision.', {
      next: 'Place the call with "transfers": "ask", and wait until the bot transfers it.',
    })
  }
  call.transfer.whenAsked(outcome)
}

/** Nothing comes of it any more. */
export function dropTransfer(call: Call): void {
  call.transfer = null
}

/** Whom a transfer from a group moves. Throws a Refusal 404 for somebody who is not there, 400 where nobody is named. */
function transfereeOf(call: Call, transferee: Transferred['transferee']): Participant | null {
  if (!isGroup(call.conversation)) return null
  const id = transferee?.participantId ?? transferee?.id
  const { user, phone } = transferee?.identity ?? {}
  const wanted = user?.id ?? phone?.id
  const found = id
    ? findParticipant(call.conversation, id)
    : peopleOf(call.conversation).find(({ identity }) => wanted && personId(identity) === wanted)
  if (found?.call) throw new Refusal(400, '8523', 'transferee: another application cannot be moved.')
  if (found) return found
  if (id || wanted) throw callNotFound('Participant')
  throw new Refusal(400, '8523', 'transferee: a transfer from a group call names the participant to move.')
}

function note(call: Call, { identity }: InvitationParticipantInfo, outcome: TransferOutcome | null): void {
  const to = identity.phone ? 'phone' : identity.user ? 'user' : 'other'
  call.transcript.add({ kind: 'transfer', to, id: personId(identity), outcome })
}

/** Why a transfer that Graph accepted cannot come about, if so. */
function failureBefore(world: World, call: Call, target: InvitationParticipantInfo): string | null {
  // Both rules stand on the transfer page; which error they bring does not, so it is the documented failure.
  if (target.identity.phone && !mayReachPhones(call)) {
    return 'A transfer to a phone number needs a call that came through an application instance.'
  }
  if (target.replacesCallId && !replacedBy(world, call, target)) return 'The call to be replaced does not exist.'
  return null
}

function settle(world: World, call: Call, outcome: TransferOutcome): void {
  if (!call.transfer) return
  const { target, transferee } = call.transfer
  dropTransfer(call)
  // Judged when it happens: meanwhile the other call may be over.
  const failure = failureBefore(world, call, target)
  note(call, target, failure ? 'decline' : outcome)
  if (failure || outcome !== 'accept') fail(world, call, target, failure)
  else complete(world, call, target, transferee)
}

function fail(world: World, call: Call, { replacesCallId }: InvitationParticipantInfo, why: string | null): void {
  const message = why ?? (replacesCallId ? 'Consultative transfer failed.' : 'Transfer failed.')
  call.transcript.add({ kind: 'failed', what: 'transfer', message })
  enterState(call, 'established')
  announce(world, call, { resultInfo: resultInfo(500, replacesCallId ? 7700 : 7000, message) })
  // Who came or left meanwhile was told to those only who were not being transferred.
  catchUp(world, call)
}

function complete(world: World, call: Call, target: InvitationParticipantInfo, transferee: Participant | null): void {
  const { settings } = world
  const consulted = replacedBy(world, call, target)?.leg
  stopSound(call)
  announceAudio(world, call, 'inactive')
  enterState(call, 'transferAccepted')
  announce(world, call)
  later(world, call, settings.delays.terminated, () => {
    if (!consulted) {
      end(world, call, 'service', resultInfo(settings.transferResultCode, 7015, 'GracefulTransferCompleted'))
      // From a group one participant goes along; the others stay with each other.
      if (transferee) leave(world, call.conversation, transferee)
      return
    }
    // Documented for the leg that took the request; how the other one ends is not shown, so it ends likewise.
    end(world, call, 'service', null, 'AppTransferred')
    if (!hasEnded(consulted)) end(world, consulted, 'service', null, 'AppTransferred')
  })
}
