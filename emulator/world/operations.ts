import { randomUUID } from 'node:crypto'
import type { CommsOperation, OperationStatus, OperationType } from '#communications/wire/types.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { normalId } from '#ground/ids.ts'
import { type Call, hasEnded } from './call.ts'
import { endedOperation, tell } from './notifications.ts'
import type { Context } from './taken.ts'
import type { World } from './world.ts'

/** What Graph does for a call and tells the end of. */

/** An operation as it is kept: with its id. */
export type Operation = CommsOperation & { id: string }

/** How an operation ended: what its notification says beside who it is. */
export type Outcome = { status: OperationStatus } & Omit<Partial<CommsOperation>, 'status'>

/** A call that plays prompts for days does not keep all its operations. */
const maxOperations = 200
export const newOperations = (): Map<string, CommsOperation> => new BoundedMap(maxOperations)

/** Begins an operation: what the request is answered with. It can be read until there are too many later ones. */
export function beginOperation(
  call: Call,
  type: OperationType,
  status: 'running' | 'completed',
  clientContext: Context,
  more: Partial<CommsOperation> = {},
) {
  const operation = { '@odata.type': type, id: randomUUID(), status, clientContext: clientContext ?? null, ...more }
  call.operations.set(normalId(operation.id), operation)
  return operation
}

/** Ends a running operation and says so, unless the call is over: then its own end says it all. */
export function endOperation(world: World, call: Call, operation: Operation, outcome: Outcome): void {
  const ended = { ...operation, ...outcome }
  call.operations.set(normalId(operation.id), ended)
  if (!hasEnded(call)) tell(world, call, endedOperation(call, ended))
}

export const findOperation = (call: Call, id: string): CommsOperation | undefined => call.operations.get(normalId(id))
