import { limit, limitContext, limitCount } from '../road/limits.ts'
import { readParticipant } from '../wire/read.ts'
import type { InviteBody, StartHoldMusicBody } from '../wire/types.ts'
import { each, ended, onceOnly, one, operation, repeatable } from './ask.ts'
import { contextBody, mediaPrompt } from './callBodies.ts'
import { body, type Methods, onCall } from './operation.ts'
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
export type Participants = Methods<typeof participants>

const somebody = '/participants/{participant}'

export const participants = {
  /** Everybody in the call, the bot included. */
  list: onCall('GET', '/participants', repeatable, each(readParticipant)),
  get: onCall('GET', somebody, repeatable, one(readParticipant)),
  /**
   * 1 to 5; only one with `replacesCallId`, since Graph reads the first alone and ignores the others. One bot at most may be in a
   * meeting or group call by invitation. Its end tells whether they came: an unanswered one failed after some 60 s (observed). Never
   * sent twice after a failure that may hide success.
   */
  invite: onCall('POST', '/participants/invite', onceOnly, operation('inviteParticipants'), body(inviteBody)),
  /** On the server, in group calls. Nobody but they can take it back. */
  mute: onCall('POST', `${somebody}/mute`, repeatable, operation('muteParticipant'), body(contextBody)),
  /**
   * Needs a setting of the tenant (Set-CsApplicationMeetingConfiguration -AllowRemoveParticipantAppIds). They are told nothing. Who is
   * gone already counts as removed.
   */
  remove: onCall('DELETE', somebody, repeatable, ended),
  /** One participant on hold at a time. Never sent twice after a failure that may hide success. */
  startHoldMusic: onCall('POST', `${somebody}/startHoldMusic`, onceOnly, operation('startHoldMusic'), body(holdBody)),
  stopHoldMusic: onCall('POST', `${somebody}/stopHoldMusic`, repeatable, operation('stopHoldMusic'), body(contextBody)),
}

type HoldMusic = { clientContext: string; customPrompt?: { uri: string; resourceId?: string } }
function holdBody({ clientContext, customPrompt }: HoldMusic, operation: string): StartHoldMusicBody {
  limitContext(operation, clientContext)
  return { clientContext, customPrompt: customPrompt && mediaPrompt(operation, customPrompt) }
}

function inviteBody(
  { participants, clientContext }: { participants: Invitation[]; clientContext: string },
  operation: string,
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
