import { createHash } from 'node:crypto'
import { type Flow, flowLimits, writeFlow } from '#flow/flow.ts'
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
