import type { Command } from '#flow/talk.ts'
import { withTimeout } from '#ground/timeout.ts'
import { StoreError } from '#store/error.ts'
import type { Live } from './live.ts'
import type { Session } from './session.ts'

/** Callers wait in silence meanwhile. What was to be written may be written all the same, if the database only was slow. */
const limitMs = 2_000

/** @throws StoreError `unavailable` for a database that is slow */
export const inTime = <T>(work: Promise<T>, clock: Live['clock']): Promise<T> => withTimeout(work, limitMs, late, clock)

/**
 * Looks a row up or writes one, and tells the flow what came of it.
 * @throws StoreError `unavailable` for a database that is away or slow; `notFound` for a table that is gone; `limit`
 */
export async function askTable(
  { callId, id, began, ref }: Session,
  command: Extract<Command, { type: 'lookUp' | 'writeRow' }>,
  { tables, tell, clock }: Pick<Live, 'tables' | 'tell' | 'clock'>,
): Promise<null> {
  const { visit, table } = command
  if (command.type === 'lookUp') {
    const asked = { table, match: command.match, asOf: began, callId: id }
    tell(callId, { type: 'rowFound', visit, cells: await inTime(tables.lookUp(ref.tenantId, asked), clock) })
  } else {
    const asked = { table, match: command.match, cells: command.cells, callId: id }
    tell(callId, { type: 'rowWritten', visit, found: await inTime(tables.write(ref.tenantId, asked), clock) })
  }
  return null
}

const late = (): never => {
  throw new StoreError('unavailable')
}

const gone = () => Promise.reject(new StoreError('notFound', { what: 'table' }))
/** For who runs calls without a database. */
export const noTables: Live['tables'] = { lookUp: gone, write: gone }
