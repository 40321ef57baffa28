import { withTimeout } from '#ground/timeout.ts'
import { type Calls, createCalls } from './calls.ts'
import { openConnection } from './connection.ts'
import { StoreError } from './error.ts'
import { createFlows, type Flows } from './flows.ts'
import { createPrompts, type Prompts } from './prompts.ts'
import { createRoutes, type Routes } from './routes.ts'
import { createVersions, type Versions } from './versions.ts'

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
    flows: createFlows(connection),
    versions: createVersions(connection),
    routes: createRoutes(connection),
    prompts: createPrompts(connection),
    calls: createCalls(connection),
    async ready() {
      await withTimeout(connection.sql('select 1', []), readyLimitMs, () => {
        throw new StoreError('unavailable')
      })
    },
    close: () => connection.close(),
  }
}
