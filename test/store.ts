import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { openStore, type Store } from '#store/database.ts'
import { freshDatabase } from './database.ts'

/** The store of a spec file, over a database of its own; filled before the first test. Call at its head: `const spec = specStore()`. */
export function specStore() {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let pool: pg.Pool
  let store: Store
  beforeAll(async () => {
    database = await freshDatabase(inject('postgresUrl'))
    pool = new pg.Pool({ connectionString: database.databaseUrl, max: 2 })
    store = openStore({ databaseUrl: database.databaseUrl, dataKey: randomBytes(32).toString('base64') })
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
    sql: (text: string, values?: unknown[]) => pool.query(text, values),
  }
}

/** A tenant, and a flow in it; published if `notes` has a note for each version. */
export async function tenantWithFlow(store: Store, name = 'Front desk', notes: string[] = []) {
  const tenantId = randomUUID()
  const flow = emptyFlow(name)
  const { id: flowId, revision } = await store.flows.create(tenantId, { flow, by: 'ada' })
  const versions = []
  for (const note of notes) versions.push(await store.versions.publish(tenantId, flowId, { revision, note, by: 'ada' }))
  return { tenantId, flowId, flow, versions }
}
