import type { Command } from '#flow/talk.ts'
import { StoreError } from '#store/error.ts'
import type { Live } from './live.ts'
import { programOf, type Session } from './session.ts'
import { inTime } from './tables.ts'

/**
 * Puts somebody on the list of those who are to be called back, and tells the flow.
 * @throws StoreError `unavailable` for a database that is away or slow; `limit` when the list is full
 */
export async function keepCallback(
  session: Session,
  { visit, callback, mergeMs }: Extract<Command, { type: 'createCallback' }>,
  { callbacks, tell, clock }: Pick<Live, 'callbacks' | 'tell' | 'clock'>,
): Promise<null> {
  const { callId, id, ref } = session
  const { flowId } = programOf(session)
  const asked = { ...callback, due: new Date(callback.due), callId: id, flowId, mergeMs }
  const merged = await inTime(callbacks.add(ref.tenantId, asked), clock)
  tell(callId, { type: 'callbackKept', visit, merged })
  return null
}

/** For who runs calls without a database. */
export const noCallbacks: Live['callbacks'] = { add: () => Promise.reject(new StoreError('unavailable')) }
