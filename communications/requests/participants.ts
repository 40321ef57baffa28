import type { Graph } from '../road/graph.ts'
import { inPath, limit, limitContext, limitCount } from '../road/limits.ts'
import { readParticipant } from '../wire/read.ts'
import type { CommsOperation, InviteBody, OperationType, Participant, StartHoldMusicBody } from '../wire/types.ts'
import {
  act,
  type CallRef,
  callPath,
  end,
  getOne,
  type How,
  listFrom,
  type Options,
  onceOnly,
  operationIn,
  repeatable,
} from './ask.ts'
import { mediaPrompt } from './callBodies.ts'
import { invited, type Party } from './parties.ts'

export type Invitation = {
  party: Party
  /** They come over from this call of the bot's, which then ends. */
  replacesCallId?: string
  /** With `replacesCallId`: which participant of that meeting. Both meetings must have been made by this app. */
  participantId?: string
  /** Declared, but no page says what it does. */
  hidden?: boolean
}

/** Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. */
export type Participants = {
  /** Everybody in the call, the bot included. */
  list(call: CallRef, options?: Options): Promise<Participant[]>
  get(call: CallRef, participantId: string, options?: Options): Promise<Participant>
  /**
   * 1 to 5; only one with `replacesCallId`, since Graph reads the first alone and ignores the others. One bot at most may be in a
   * meeting or group call by invitation. Its end tells whether they came: an unanswered one failed after some 60 s (observed). Never
   * sent twice after a failure that may hide success.
   */
  invite(
    call: CallRef,
    invite: { participants: Invitation[]; clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /** On the server, in group calls. Nobody but they can take it back. */
  mute(
    call: CallRef,
    participantId: string,
    mute: { clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /**
   * Needs a setting of the tenant (Set-CsApplicationMeetingConfiguration -AllowRemoveParticipantAppIds). They are told nothing. Who is
   * gone already counts as removed.
   */
  remove(call: CallRef, participantId: string, options?: Options): Promise<void>
  /** One participant on hold at a time. Never sent twice after a failure that may hide success. */
  startHoldMusic(
    call: CallRef,
    participantId: string,
    hold: { clientContext: string; customPrompt?: { uri: string; resourceId?: string } },
    options?: Options,
  ): Promise<CommsOperation>
  stopHoldMusic(
    call: CallRef,
    participantId: string,
    hold: { clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
}

/** The operations on a call's participants, one a function. */
export function participantsOver(graph: Graph): Participants {
  const pathOf = (operation: string, participantId: string) =>
    `/participants/${inPath(operation, 'participant', participantId)}`

  /** POST /communications/calls/{id}/participants/{participantId}/{action} */
  async function on(
    [call, participantId]: [CallRef, string],
    action: string,
    body: { clientContext: string },
    { type, how, options }: { type: OperationType; how: How; options: Options | undefined },
  ): Promise<CommsOperation> {
    const operation = `participants.${action}`
    limitContext(operation, body.clientContext)
    const below = `${pathOf(operation, participantId)}/${action}`
    return operationIn(await act(graph, { operation, call, below, how, body }, options), type)
  }

  return {
    async list(call, options) {
      const operation = 'participants.list'
      const path = callPath(operation, call, '/participants')
      return listFrom(graph, { operation, path, tenantId: call.tenantId, ...options }, readParticipant)
    },

    async get(call, participantId, options) {
      const operation = 'participants.get'
      const path = callPath(operation, call, pathOf(operation, participantId))
      return getOne(graph, { operation, path, tenantId: call.tenantId, ...options }, readParticipant)
    },

    async invite(call, invite, options) {
      const operation = 'participants.invite'
      const body = inviteBody(operation, invite)
      const answer = await act(graph, { operation, call, below: '/participants/invite', how: onceOnly, body }, options)
      return operationIn(answer, '#microsoft.graph.inviteParticipantsOperation')
    },

    async mute(call, participantId, { clientContext }, options) {
      const type = '#microsoft.graph.muteParticipantOperation'
      return on([call, participantId], 'mute', { clientContext }, { type, how: repeatable, options })
    },

    async remove(call, participantId, options) {
      const operation = 'participants.remove'
      const path = callPath(operation, call, pathOf(operation, participantId))
      return end(graph, { operation, path, tenantId: call.tenantId, ...options })
    },

    async startHoldMusic(call, participantId, { clientContext, customPrompt }, options) {
      const body: StartHoldMusicBody = {
        clientContext,
        ...(customPrompt && { customPrompt: mediaPrompt('participants.startHoldMusic', customPrompt) }),
      }
      const type = '#microsoft.graph.startHoldMusicOperation'
      return on([call, participantId], 'startHoldMusic', body, { type, how: onceOnly, options })
    },

    async stopHoldMusic(call, participantId, { clientContext }, options) {
      const type = '#microsoft.graph.stopHoldMusicOperation'
      return on([call, participantId], 'stopHoldMusic', { clientContext }, { type, how: repeatable, options })
    },
  }
}

function inviteBody(
  operation: string,
  { participants, clientContext }: { participants: Invitation[]; clientContext: string },
): InviteBody {
  limitCount(operation, 'participants', participants, 1, 5)
  limitContext(operation, clientContext)
  const replacing = participants.some(({ replacesCallId }) => replacesCallId !== undefined)
  limit(operation, !replacing || participants.length === 1, 'only one can be invited with a replacesCallId')
  const bots = participants.filter(({ party }) => 'application' in party)
  limit(operation, bots.length <= 1, 'no more than one bot can be invited')
  for (const { replacesCallId, participantId } of participants) {
    limit(operation, replacesCallId !== '', 'replacesCallId is empty')
    limit(
      operation,
      participantId === undefined || replacesCallId !== undefined,
      'a participantId is of the call that replacesCallId names, which is missing',
    )
  }
  return { participants: participants.map(({ party, ...more }) => invited(operation, party, more)), clientContext }
}
