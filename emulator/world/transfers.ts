import type { InvitationParticipantInfo } from '#communications/wire/types.ts'
import type { TransferBody } from '../graph/bodies.ts'
import { notFound } from '../graph/conditions.ts'
import type { Settings } from '../settings.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded } from './call.ts'
import { findParticipant, isGroup, type Participant, peopleOf } from './conversation.ts'
import type { Conversations } from './conversations.ts'
import { mayReachPhones } from './exchange.ts'
import type { Lifecycle } from './lifecycle.ts'
import { resultInfo } from './notifications.ts'
import { type People, personId } from './people.ts'
import type { Player } from './player.ts'
import { replacedBy } from './replacing.ts'
import type { TransferOutcome } from './transcript.ts'

type Deps = {
  settings: Settings
  lifecycle: Lifecycle
  player: Player
  people: People
  conversations: Conversations
  find: (id: string) => Call | undefined
}

/** Hands callers over to somebody else, if that one takes the call (contract: sequences.json, transfer-…). */
export function createTransfers({ settings, lifecycle, player, people, conversations, find }: Deps) {
  const { later, announce, announceAudio, catchUp, end } = lifecycle

  /** How the transfer of a call goes, and when. */
  function plan(call: Call, target: InvitationParticipantInfo) {
    const person = people.find(target.identity.phone?.id ?? target.identity.user?.id)
    return {
      outcome: call.transfers ?? person?.onTransfer ?? ('accept' as const),
      afterMs: person?.afterMs ?? settings.delays.person,
    }
  }

  function settle(call: Call, outcome: TransferOutcome) {
    if (!call.transfer) return
    const { target, transferee } = call.transfer
    call.transfer = null
    // Judged when it happens: meanwhile the other call may be over.
    const problem = problemOf(call, target)
    tell(call, target, problem ? 'decline' : outcome)

    if (problem || outcome !== 'accept') {
      const message = problem ?? (target.replacesCallId ? 'Consultative transfer failed.' : 'Transfer failed.')
      call.transcript.add({ kind: 'failed', what: 'transfer', message })
      call.state = 'established'
      announce(call, { resultInfo: resultInfo(500, target.replacesCallId ? 7700 : 7000, message) })
      // Who came or left meanwhile was told to those only who were not being transferred.
      catchUp(call)
      return
    }

    const consulted = replacedBy(call, target, find)?.leg
    player.stop(call)
    announceAudio(call, 'inactive')
    call.state = 'transferAccepted'
    announce(call)
    later(call, settings.delays.terminated, () => {
      if (!consulted) {
        end(call, 'service', resultInfo(settings.transferResultCode, 7015, 'GracefulTransferCompleted'))
        // From a group one participant goes along; the others stay with each other.
        if (transferee) conversations.leave(call.conversation, transferee)
        return
      }
      // Documented for the leg that took the request; how the other one ends is not shown, so it ends likewise.
      end(call, 'service', null, 'AppTransferred')
      if (!hasEnded(consulted)) end(consulted, 'service', null, 'AppTransferred')
    })
  }

  function tell(call: Call, { identity }: InvitationParticipantInfo, outcome: TransferOutcome | null) {
    const to = identity.phone ? 'phone' : identity.user ? 'user' : 'other'
    const id = (identity.phone ?? identity.user)?.id ?? null
    call.transcript.add({ kind: 'transfer', to, id, outcome })
  }

  /** Whom a transfer from a group moves. Throws a Refusal 404 for somebody who is not there, 400 where nobody is named. */
  function transfereeOf(call: Call, transferee: TransferBody['transferee']): Participant | null {
    if (!isGroup(call.conversation)) return null
    const id = transferee?.participantId ?? transferee?.id
    const { user, phone } = transferee?.identity ?? {}
    const wanted = user?.id ?? phone?.id
    const found = id
      ? findParticipant(call.conversation, id)
      : peopleOf(call.conversation).find(({ identity }) => wanted && personId(identity) === wanted)
    if (found?.call) throw new Refusal(400, '8523', 'transferee: another application cannot be moved.')
    if (found) return found
    if (id || wanted) throw notFound('Participant')
    throw new Refusal(400, '8523', 'transferee: a transfer from a group call names the participant to move.')
  }

  /** Why a transfer that Graph accepted cannot come about, if so. */
  function problemOf(call: Call, target: InvitationParticipantInfo): string | null {
    // Both rules stand on the transfer page; which error they bring does not, so it is the documented failure.
    if (target.identity.phone && !mayReachPhones(call)) {
      return 'A transfer to a phone number needs a call that came through an application instance.'
    }
    if (target.replacesCallId && !replacedBy(call, target, find)) return 'The call to be replaced does not exist.'
    return null
  }

  return {
    /** The bot asks for a transfer. What follows takes its time. */
    begin(call: Call, { transferTarget, transferee: asked }: TransferBody): void {
      const target = transferTarget as InvitationParticipantInfo // parsed by bodies.ts
      const transferee = transfereeOf(call, asked)
      const { outcome, afterMs } = plan(call, target)
      call.state = 'transferring'
      call.transfer = { target, transferee, whenAsked: null }
      tell(call, target, null)
      later(call, settings.delays.transferring, () => {
        announce(call)
        if (problemOf(call, target)) settle(call, 'decline')
        else if (outcome === 'ask') call.transfer = { target, transferee, whenAsked: (answer) => settle(call, answer) }
        else later(call, afterMs, () => settle(call, outcome))
      })
    },

    /** Says how a transfer goes that waits for it. */
    decide(call: Call, outcome: TransferOutcome): void {
      if (!call.transfer?.whenAsked) {
        throw new Refusal(409, 'noTransferWaits', 'No transfer of this call waits for a decision.', {
          next: 'Place the call with "transfers": "ask", and wait until the bot transfers it.',
        })
      }
      call.transfer.whenAsked(outcome)
    },
  }
}
