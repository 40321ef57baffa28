import { createHash, randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { payloadOf, readPayload } from '#flow/payload.ts'
import type { Variables } from '#flow/values.ts'
import { AppError } from './appError.ts'
import { emulatorOf } from './emulator.ts'
import { isNamed } from './named.ts'
import type { Services } from './services.ts'
import { readyTestCall, type TestCaller } from './testCall.ts'
import type { Who } from './who.ts'

type Asked = { flowId: string; key: string | null; data: Variables; caller?: z.output<typeof TestCaller> | undefined }

/**
 * Starts a test call of a flow's draft with a payload, once for each key (decisions/executions.md).
 * @returns the id of the execution, by which its call is found; that of before, when the key has started one
 * @throws AppError `keyReused`; `stillBeginning` while the key's call has not surely begun; `payload` and what a test call throws. Before
 *   dialling, and where that is refused, nothing has begun, and the key is free; any other failure keeps it
 */
export async function startExecution(
  services: Pick<Services, 'settings' | 'store' | 'speakerOf'>,
  who: Who,
  { key, ...asked }: Asked,
  signal: AbortSignal,
): Promise<string> {
  const { executions } = services.store
  const { tenantId } = who
  const id = randomUUID()
  if (key !== null) {
    const { flowId } = asked
    const held = await executions.begin(tenantId, {
      id,
      flowId,
      key: digest(key),
      request: digest(JSON.stringify(asked)),
    })
    if (held.request !== digest(JSON.stringify(asked))) throw new AppError('keyReused')
    if (held.id !== id && !held.begun) throw new AppError('stillBeginning')
    if (held.id !== id) return held.id
  }
  let isDialled = false
  try {
    const dial = await ready(services, who, { ...asked, id }, signal)
    isDialled = true
    await dial()
  } catch (error) {
    if (key !== null && (!isDialled || isRefusal(error))) await executions.forget(tenantId, id)
    throw error
  }
  if (key !== null) await executions.hasBegun(tenantId, id)
  return id
}

async function ready(
  services: Pick<Services, 'settings' | 'store' | 'speakerOf'>,
  who: Who,
  { id, flowId, data: given, caller = { name: `API ${id.slice(0, 8)}` } }: Omit<Asked, 'key'> & { id: string },
  signal: AbortSignal,
): Promise<() => Promise<unknown>> {
  const { flow } = await services.store.flows.get(who.tenantId, flowId)
  const read = readPayload(payloadOf(flow), given)
  if ('faults' in read) throw new AppError('payload', read.faults)
  // An emulator that was never started is known before it is dialled, so that the key is free.
  if (!(await emulatorOf(services.settings).isThere())) throw new AppError('emulatorAway')
  return readyTestCall(services, who, { flowId, flow, caller, callerId: id, data: read.data }, signal)
}

/** Whoever was dialled says that no call began; any other failure leaves that open. */
const isRefusal = (error: unknown): boolean =>
  isNamed<AppError>(error, 'AppError') && (error.code === 'callRefused' || error.code === 'notFound')

/** Of a fixed length, and tells nothing of what a program has put into it. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
