import { createHash } from 'node:crypto'
import { type Flow, readFlow, schemaVersion, writeFlow } from '#flow/flow.ts'
import { flowLimits } from '#flow/flowLimits.ts'
import { StoreError } from './error.ts'

/**
 * A flow as text, and the hash (SHA-256, hex) that says whether two flows are the same.
 * @throws StoreError `limit` for a document larger than a flow may be.
 */
export function documentOf(flow: Flow): { document: string; hash: string } {
  const document = writeFlow(flow)
  if (Buffer.byteLength(document) > flowLimits.bytes)
    throw new StoreError('limit', { what: 'flow', most: flowLimits.bytes })
  return { document, hash: createHash('sha256').update(document).digest('hex') }
}

/**
 * The flow of a version. What was written by `documentOf`, in the form of today, is not looked through again: a bot that loads a large one
 * has callers waiting, and a version is never changed.
 * @throws FlowError if a later version of this program wrote it
 */
export function flowOf(document: string): Flow {
  const value: unknown = JSON.parse(document)
  const isOfToday =
    typeof value === 'object' && value !== null && 'schemaVersion' in value && value.schemaVersion === schemaVersion
  return isOfToday ? (value as Flow) : readFlow(value)
}
