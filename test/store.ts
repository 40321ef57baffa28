import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { openStore, type Store } from '#store/database.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'

/** The store of a spec file, over a database of its own. Filled before the first test. */
type SpecStore = {
  store: Store
  databaseUrl: string
  sql(text: string, values?: unknown[]): Promise<pg.QueryResult>
}

/** Call at the head of a spec file: `const spec = specStore()`. */
export function specStore(): SpecStore {
  let database: FreshDatabase
  let pool: pg.Pool
  let store: Store
  beforeAll(async () => {
    database = await freshDatabase(inject('postgresUrl'))
    pool = new pg.Pool({ connectionString: database.databaseUrl, max: 2 })
    store = openStore({ databaseUrl: database.databaseUrl })
  })
  afterAll(async () => {
    await store.close()
    await pool.end()
    await database.drop()
  })
  return {
    get store() {
      return store
    },
    get databaseUrl() {
      return database.databaseUrl
    },
    sql: (text, values) => pool.query(text, values),
  }
}

/** The smallest flow that can be kept. */
export function flowNamed(name: string): Flow {
  return {
    schemaVersion: 1,
    name,
    language: 'en-GB',
    start: 'start',
    onHangUp: null,
    onError: null,
    apology: 'Sorry, something went wrong.',
    variables: {},
    blocks: { start: { type: 'incomingCall', name: 'Start', settings: {}, exits: {}, position: { x: 0, y: 0 } } },
  }
}

/** A tenant, and a flow in it; published if `notes` has a note for each version. */
export async function tenantWithFlow(store: Store, name = 'Front desk', notes: string[] = []) {
  const tenantId = randomUUID()
  const flow = flowNamed(name)
  const { id: flowId, revision } = await store.flows.create(tenantId, { flow, by: 'ada' })
  const versions = []
  for (const note of notes) versions.push(await store.versions.publish(tenantId, flowId, { revision, note, by: 'ada' }))
  return { tenantId, flowId, flow, versions }
}
