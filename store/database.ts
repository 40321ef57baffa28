import { withTimeout } from '#ground/timeout.ts'
import { createCalendars } from './calendars.ts'
import { createCalls } from './calls.ts'
import { openConnection } from './connection.ts'
import { StoreError } from './error.ts'
import { createFlows } from './flows.ts'
import { createJobs } from './jobTable.ts'
import { createProcesses } from './processes.ts'
import { createPrompts } from './prompts.ts'
import { createRetention } from './retention.ts'
import { createRoutes } from './routes.ts'
import { createTableRows } from './tableRows.ts'
import { createTables } from './tables.ts'
import { createVersionHistory } from './versionHistory.ts'
import { createVersions } from './versions.ts'

export type Store = ReturnType<typeof openStore>

const readyLimitMs = 2_000

/**
 * All that is kept, by tenant. Does not connect before the first question. A database that is away is
 * StoreError `unavailable` within two seconds.
 */
export function openStore({ databaseUrl, poolSize }: { databaseUrl: string; poolSize?: number }) {
  const connection = openConnection(databaseUrl, poolSize)
  let asking: Promise<void> | undefined
  const ask = () =>
    withTimeout(connection.sql('select 1', []), readyLimitMs, () => {
      throw new StoreError('unavailable')
    }).then(() => {})
  return {
    flows: createFlows(connection),
    versions: { ...createVersions(connection), ...createVersionHistory(connection) },
    routes: createRoutes(connection),
    calendars: createCalendars(connection),
    tables: { ...createTables(connection), ...createTableRows(connection) },
    prompts: createPrompts(connection),
    calls: createCalls(connection),
    processes: createProcesses(connection),
    jobs: createJobs(connection),
    retention: createRetention(connection),
    /**
     * Resolves if the database answers within two seconds. However many ask at the same moment, it is asked once: anybody may, and must not
     * take the connections from calls. @throws StoreError `unavailable`
     */
    ready: () =>
      (asking ??= ask().finally(() => {
        asking = undefined
      })),
    close: () => connection.close(),
  }
}
