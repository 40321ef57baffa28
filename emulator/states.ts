import type { CallState } from '#communications/words.ts'
import { Refusal } from './refusal.ts'

/**
 * In which states a call takes which request. The windows of answer, reject and redirect are documented, the rest is inferred from
 * the wording "active call" (contract: state-machine.json).
 */
const allowed: Record<string, CallState[]> = {
  'call-answer': ['incoming'],
  'call-reject': ['incoming'],
  'call-redirect': ['incoming'],
  'call-transfer': ['established'],
  'call-playprompt': ['established'],
  'call-subscribetotone': ['established'],
  'call-cancelmediaprocessing': ['established'],
  'call-delete': ['incoming', 'establishing', 'established', 'transferring', 'transferAccepted'],
  'call-keepalive': ['establishing', 'established', 'transferring', 'transferAccepted'],
  'call-get': ['incoming', 'establishing', 'established', 'transferring', 'transferAccepted', 'terminating'],
}

/**
 * Throws what the service answers to a request in a wrong state: Graph does not document it, these are the sister service's codes.
 * A call that ended is not found (documented for keepAlive).
 */
export function refuseWrongState(operation: string, state: CallState): void {
  if (state === 'terminated') throw notFound()
  if (allowed[operation]?.includes(state)) return
  if (state === 'terminating') throw new Refusal(400, '8528', 'Call is already terminated.')
  const tooEarly = state === 'incoming' || state === 'establishing'
  if (tooEarly && !allowed[operation]?.includes('incoming')) throw new Refusal(400, '8501', 'Call is not established.')
  throw new Refusal(400, '8585', 'Action is not valid in the current call state.')
}

export const notFound = () => new Refusal(404, '8522', 'Call not found.')
