import type { InvitationParticipantInfo } from '#communications/words.ts'
import type { TransferBody } from './bodies.ts'
import { type Call, hasEnded } from './call.ts'
import type { Lifecycle } from './lifecycle.ts'
import { resultInfo } from './notifications.ts'
import type { People } from './people.ts'
import type { Player } from './player.ts'
import { Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { TransferOutcome } from './transcript.ts'

type Deps = {
  settings: Settings
  lifecycle: Lifecycle
  player: Player
  people: People
  find: (id: string) => Call | undefined
}

/** Hands callers over to somebody else, if that one takes the call (contract: sequences.json, transfer-…). */
export function createTransfers({ settings, lifecycle, player, people, find }: Deps) {
  const { later, announce, announceAudio, end } = lifecycle

  /** How the transfer of a call goes, and when. */
  function plan(call: Call, target: InvitationParticipantInfo) {
    const person = people.find(target.identity.phone?.id ?? target.identity.user?.id)
    return {
      outcome: call.transfers ?? person?.onTransfer ?? ('accept' as const),
      afterMs: person?.afterMs ?? settings.delays.person,
    }
  }

  /** The other leg of a consultative transfer. */
  function replacedCall(call: Call, { replacesCallId }: InvitationParticipantInfo): Call | undefined {
    const other = replacesCallId ? find(replacesCallId) : undefined
    return other?.appId === call.appId ? other : undefined
  }

  function settle(call: Call, outcome: TransferOutcome, problem?: string) {
    const target = call.transfer?.target
    if (!target) return
    call.transfer = null
    tell(call, target, outcome)

    const consulted = replacedCall(call, target)
    if (outcome !== 'accept') {
      const message = problem ?? (target.replacesCallId ? 'Consultative transfer failed.' : 'Transfer failed.')
      call.transcript.add({ kind: 'failed', what: 'transfer', message })
      call.state = 'established'
      announce(call, { resultInfo: resultInfo(500, target.replacesCallId ? 7700 : 7000, message) })
      return
    }

    player.stop(call)
    announceAudio(call, 'inactive')
    call.state = 'transferAccepted'
    announce(call)
    later(call, settings.delays.terminated, () => {
      if (!consulted) {
        end(call, 'service', resultInfo(settings.transferResultCode, 7015, 'GracefulTransferCompleted'))
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

  /** Why a transfer that Graph accepted cannot come about, if so. */
  function problemOf(call: Call, target: InvitationParticipantInfo): string | null {
    const botSide = call.direction === 'incoming' ? call.targets[0]?.identity : call.source.identity
    const otherSide = call.direction === 'incoming' ? call.source.identity : call.targets[0]?.identity
    // Both rules stand on the transfer page; which error they bring does not, so it is the documented failure.
    if (target.identity.phone && !botSide?.applicationInstance && !otherSide?.phone) {
      return 'A transfer to a phone number needs a call that came through an application instance.'
    }
    const consulted = replacedCall(call, target)
    if (target.replacesCallId && (!consulted || hasEnded(consulted))) return 'The call to be replaced does not exist.'
    return null
  }

  return {
    /** The bot asks for a transfer. What follows takes its time. */
    begin(call: Call, { transferTarget }: TransferBody): void {
      const target = transferTarget as InvitationParticipantInfo // parsed by bodies.ts
      const { outcome, afterMs } = plan(call, target)
      const problem = problemOf(call, target)
      call.state = 'transferring'
      call.transfer = { target, whenAsked: null }
      tell(call, target, null)
      later(call, settings.delays.transferring, () => {
        announce(call)
        if (problem) settle(call, 'decline', problem)
        else if (outcome === 'ask') call.transfer = { target, whenAsked: (answer) => settle(call, answer) }
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
