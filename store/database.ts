import { withTimeout } from '#ground/timeout.ts'
import { type Calls, openCalls } from './calls.ts'
import { openConnection } from './connection.ts'
import { StoreError } from './error.ts'
import { type Flows, openFlows } from './flows.ts'
import { openPrompts, type Prompts } from './prompts.ts'
import { openRoutes, type Routes } from './routes.ts'
import { openVersions, type Versions } from './versions.ts'

export type Store = {
  flows: Flows
  versions: Versions
  routes: Routes
  prompts: Prompts
  calls: Calls
  /** Resolves if the database answers within two seconds. @throws StoreError `unavailable` */
  ready(): Promise<void>
  close(): Promise<void>
}

const readyLimitMs = 2_000

/**
 * All that is kept, by tenant. Does not connect before the first question. A database that is away is
 * StoreError `unavailable` within two seconds.
 */
export function openStore({ databaseUrl, poolSize }: { databaseUrl: string; poolSize?: number }): Store {
  const connection = openConnection(databaseUrl, poolSize)
  return {
    flows: openFlows(connection),
    versions: openVersions(connection),
    routes: openRoutes(connection),
    prompts: openPrompts(connection),
    calls: openCalls(connection),
    async ready() {
      await withTimeout(connection.sql('select 1', []), readyLimitMs, () => {
        throw new StoreError('unavailable')
      })
    },
    close: () => connection.close(),
  }
}
