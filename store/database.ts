import { withTimeout } from '#ground/timeout.ts'
import { createBundles } from './bundles.ts'
import { createCalendars } from './calendars.ts'
import { createCallbacks } from './callbacks.ts'
import { createCalls } from './calls.ts'
import { openConnection } from './connection.ts'
import { StoreError } from './error.ts'
import { createExecutions } from './executions.ts'
import { createFaces } from './faces.ts'
import { createFlows } from './flows.ts'
import { createJobs } from './jobTable.ts'
import { createMessages } from './messages.ts'
import { createNamedValues } from './namedValues.ts'
import { createPeople } from './people.ts'
import { createProcesses } from './processes.ts'
import { createPrompts } from './prompts.ts'
import { createRetention } from './retention.ts'
import { createRouteRules } from './routeRules.ts'
import { createRoutes } from './routes.ts'
import { createSealed } from './sealed.ts'
import { createTableRows } from './tableRows.ts'
import { createTables } from './tables.ts'
import { createVersionHistory } from './versionHistory.ts'
import { createVersions } from './versions.ts'

export type Store = ReturnType<typeof openStore>

type StoreSettings = {
  databaseUrl: string
  poolSize?: number
  /** The setting DATA_KEY: `createSealed` says what it is. */
  dataKey?: string | null
}

const readyLimitMs = 2_000

/**
 * All that is kept, by tenant. Does not connect before the first question. A database that is away is
 * StoreError `unavailable` within two seconds.
 */
export function openStore({ databaseUrl, poolSize, dataKey = null }: StoreSettings) {
  const connection = openConnection(databaseUrl, poolSize)
  const sealed = createSealed(connection, dataKey)
  let asking: Promise<void> | undefined
  const ask = () =>
    withTimeout(connection.sql('select 1', []), readyLimitMs, () => {
      throw new StoreError('unavailable')
    }).then(() => {})
  return {
    faces: createFaces(connection),
    flows: createFlows(connection),
    bundles: createBundles(connection),
    versions: { ...createVersions(connection), ...createVersionHistory(connection) },
    routes: createRoutes(connection),
    routeRules: createRouteRules(connection),
    calendars: createCalendars(connection),
    tables: { ...createTables(connection), ...createTableRows(connection) },
    prompts: createPrompts(connection),
    calls: createCalls(connection),
    processes: createProcesses(connection),
    jobs: createJobs(connection),
    retention: createRetention(connection),
    namedValues: createNamedValues(connection, sealed),
    messages: createMessages(connection, sealed),
    callbacks: createCallbacks(connection),
    executions: createExecutions(connection),
    people: createPeople(connection),
    sealed,
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
