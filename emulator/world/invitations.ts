import type { InvitationParticipantInfo, ResultInfo } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { InviteBody } from '../graph/bodies.ts'
import type { App, Settings } from '../settings.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, isGroup } from './call.ts'
import { type Conversation, newChat, newParticipant } from './conversation.ts'
import { ends, type Lifecycle, type Operation } from './lifecycle.ts'
import { resultInfo } from './notifications.ts'
import { personId } from './people.ts'
import { type Replaced, replacedBy } from './replacing.ts'
import type { Rings } from './rings.ts'
import type { TransferOutcome } from './transcript.ts'

type Deps = {
  settings: Settings
  lifecycle: Lifecycle
  rings: Rings
  find: (id: string) => Call | undefined
  /** Somebody comes into the conversation, or leaves it. */
  enter: (conversation: Conversation, participant: ReturnType<typeof newParticipant>) => void
  leave: (conversation: Conversation, participant: ReturnType<typeof newParticipant>) => void
  /** Calls another bot into the conversation; `settle` is told whether it takes the call. */
  callBot: (call: Call, app: App, settle: (outcome: TransferOutcome) => void) => () => void
}

/** Brings people, numbers and bots into a call: rings them, or takes them over from another call of the bot. */
export type Invitations = ReturnType<typeof createInvitations>

export function createInvitations({ settings, lifecycle, rings, find, enter, leave, callBot }: Deps) {
  const { later, newOperation, endOperation, end } = lifecycle
  /** Invitations that nobody has taken or refused yet, by the participant that it would be. */
  const open = new Map<string, { call: Call; withdraw: () => void }>()

  function problemOf(call: Call, guest: InvitationParticipantInfo): ResultInfo | null {
    if (guest.replacesCallId) {
      // Observed as a bare 500; the subcode was not seen.
      return replacedBy(call, guest, find) ? null : resultInfo(500, 9999, 'The call to be replaced does not exist.')
    }
    if (!guest.identity.phone) return null
    if (call.conversation.meeting && call.joinedWith === 'token') {
      // The pair was not quoted in the report, only the DiagCode.
      return resultInfo(403, 9999, 'The call lacks the data to dial out. DiagCode: 403#10151')
    }
    const viaInstance = [call.source.identity, call.targets[0]?.identity].some((one) => one?.applicationInstance)
    if (call.conversation.meeting || viaInstance) return null
    return resultInfo(412, 9999, 'The call has no phone context. DiagCode: 412#10073')
  }

  /** From then on a call between two is a group call, with a chat, so that several can be invited at once. */
  function becomeGroup(conversation: Conversation) {
    if (conversation.kind !== 'peerToPeer') return
    conversation.kind = 'groupCall'
    conversation.chatInfo ??= newChat()
  }

  /** Somebody comes over from another call of this bot. A call between two ends with that; in a group the bot's leg goes on. */
  function moveHere(call: Call, { leg, person }: Replaced) {
    if (isGroup(leg.conversation)) leave(leg.conversation, person)
    else end(leg, 'service', null)
    enter(call.conversation, newParticipant(person.identity))
  }

  // No page says which code a declined or unanswered invitation brings; these are those of calls.
  const failureOf = (outcome: TransferOutcome): ResultInfo => (outcome === 'decline' ? ends.declined : ends.unanswered)

  /** The one application that can be asked itself; others are played by the rules for people. */
  const knownApp = ({ identity }: InvitationParticipantInfo): App | undefined => {
    const id = identity.application?.id
    return id ? settings.apps.find(({ appId, webhook }) => webhook && sameId(appId, id)) : undefined
  }

  function refuseTooMany(call: Call, asked: InvitationParticipantInfo[]) {
    if (asked.filter(({ identity }) => identity.application).length > 1) {
      throw new Refusal(400, '8523', 'participants: at most one bot can be invited.')
    }
    const replaces = asked.some(({ replacesCallId }) => replacesCallId)
    if (asked.length > 1 && !replaces && !(isGroup(call.conversation) && call.conversation.chatInfo)) {
      throw new Refusal(400, '8523', 'participants: several can be invited into a group call only.')
    }
  }

  function ask(call: Call, guest: InvitationParticipantInfo, settled: (problem: ResultInfo | null) => void) {
    const { identity } = guest
    const participant = newParticipant(identity)
    const app = knownApp(guest)
    const over = (outcome: TransferOutcome) => {
      open.delete(participant.id)
      call.transcript.add({ kind: 'invited', id: personId(identity), outcome })
      settled(outcome === 'accept' ? null : failureOf(outcome))
      if (outcome !== 'accept' || app) return // a bot comes in by its own leg
      becomeGroup(call.conversation)
      enter(call.conversation, participant)
    }
    if (app) becomeGroup(call.conversation) // the other bot is asked into a group
    const stop = app
      ? callBot(call, app, over)
      : rings.start(call, { identity, what: 'invite', noAnswerMs: settings.invitationTimeoutMs }, over)
    open.set(participant.id, {
      call,
      withdraw() {
        stop()
        // How the operation of a withdrawn invitation ends is not shown.
        settled(resultInfo(400, 8508, 'Action failed, the operation was cancelled.'))
      },
    })
  }

  return {
    invite(call: Call, { participants, clientContext }: InviteBody): Operation {
      const asked = participants as InvitationParticipantInfo[] // parsed by bodies.ts
      refuseTooMany(call, asked)
      // With replacesCallId only the first is read, the rest are ignored (participant-invite page).
      const guests = asked.some(({ replacesCallId }) => replacesCallId) ? asked.slice(0, 1) : asked
      const operation = newOperation(call, '#microsoft.graph.inviteParticipantsOperation', 'running', clientContext, {
        participants: guests,
      })

      let waiting = guests.length
      let failure: ResultInfo | null = null
      const settled = (problem: ResultInfo | null) => {
        waiting -= 1
        failure ??= problem
        if (waiting > 0) return
        if (!failure) return endOperation(call, operation, 'completed')
        call.transcript.add({ kind: 'failed', what: 'invite', message: failure.message ?? 'The invitation failed.' })
        endOperation(call, operation, 'failed', { resultInfo: failure })
      }

      for (const guest of guests) {
        call.transcript.add({ kind: 'invited', id: personId(guest.identity), outcome: null })
        if (!guest.replacesCallId && !problemOf(call, guest)) {
          ask(call, guest, settled)
          continue
        }
        later(call, settings.delays.established, () => {
          // Judged when it happens: meanwhile the person may have hung up.
          const problem = problemOf(call, guest)
          const replaced = problem ? null : replacedBy(call, guest, find)
          if (replaced) becomeGroup(call.conversation)
          settled(problem)
          if (replaced) moveHere(call, replaced)
        })
      }
      return operation
    },

    /** Takes an invitation back that nobody has taken yet. False when there is none of that id. */
    withdraw(call: Call, participantId: string): boolean {
      const invitation = open.get(participantId)
      if (invitation?.call.conversation !== call.conversation) return false
      open.delete(participantId)
      invitation.withdraw()
      return true
    },

    /** Nothing comes of what that call asked for any more. */
    callEnded(call: Call): void {
      for (const [id, invitation] of open) if (invitation.call === call) open.delete(id)
    },

    forget: () => open.clear(),
    get size() {
      return open.size
    },
  }
}
