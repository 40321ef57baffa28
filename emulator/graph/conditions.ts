import type { CallState } from '#communications/wire/types.ts'
import { notFound, Refusal } from '../wire/refusal.ts'
import type { Call } from '../world/call.ts'
import { isGroup, waitsInLobby } from '../world/conversation.ts'

/**
 * In which states a call takes which request. The windows of answer, reject and redirect are documented, the rest is inferred from
 * the wording "active call" (contract: state-machine.json). `ringing`, `hold` and `redirecting` exist in that table too; of these the
 * emulator reaches `redirecting` only.
 */
const active: CallState[] = [
  'incoming',
  'establishing',
  'established',
  'transferring',
  'transferAccepted',
  'redirecting',
]
const established: CallState[] = ['established']
const allowed: Record<string, CallState[]> = {
  'call-answer': ['incoming'],
  'call-reject': ['incoming'],
  'call-redirect': ['incoming'],
  'call-delete': active,
  'call-keepalive': ['establishing', 'established', 'transferring', 'transferAccepted'],
  'call-get': [...active, 'terminating'],
  // Not in the table: an operation can be read as long as its call can.
  'call-get-operation': [...active, 'terminating'],
}

const serviceHosted = [
  'call-playprompt',
  'call-recordresponse',
  'call-subscribetotone',
  // Inferred: it cancels the first two.
  'call-cancelmediaprocessing',
]
const groupOnly = ['call-mute', 'call-unmute', 'participant-mute', 'call-changescreensharingrole']
/** What a bot can do while it waits in the lobby: a project choice, like everything that the record does not say of it. */
const inLobby = [
  'call-get',
  'call-get-operation',
  'call-delete',
  'call-keepalive',
  'call-list-participants',
  'participant-get',
]
const appHosted = ['call-changescreensharingrole']

/**
 * Throws what the service answers to a request that the call does not take now, or never takes. Graph documents neither; these are
 * the sister service's codes. A call that ended is not found (documented for keepAlive).
 */
export function refuseWrongCondition(operation: string, call: Call): void {
  refuseWrongState(operation, call.state)
  if (serviceHosted.includes(operation) && call.terms.media !== 'serviceHosted') throw wrongMedia('service-hosted')
  if (appHosted.includes(operation) && call.terms.media !== 'appHosted') throw wrongMedia('application-hosted')
  // Which error it brings is not documented; what waits outside is in no conversation yet.
  if (waitsInLobby(call) && !inLobby.includes(operation)) {
    throw new Refusal(400, '8585', 'Action is not valid in the lobby.')
  }
  if (groupOnly.includes(operation) && !isGroup(call.conversation)) {
    throw new Refusal(400, '8585', 'Action is valid in group calls and meetings only.')
  }
}

function refuseWrongState(operation: string, state: CallState): void {
  if (state === 'terminated') throw notFound()
  const states = allowed[operation] ?? established
  if (states.includes(state)) return
  if (state === 'terminating') throw new Refusal(400, '8528', 'Call is already terminated.')
  const tooEarly = state === 'incoming' || state === 'establishing'
  if (tooEarly && !states.includes('incoming')) throw new Refusal(400, '8501', 'Call is not established.')
  throw new Refusal(400, '8585', 'Action is not valid in the current call state.')
}

const wrongMedia = (needed: string) => new Refusal(400, '8500', `The call has no ${needed} media.`)
