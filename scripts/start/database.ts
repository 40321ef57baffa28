import { join } from 'node:path'
import { frontDesk } from '#flow/sample.ts'
import { openStore } from '#store/database.ts'
import { startPostgres } from '#store/embedded.ts'
import { migrate } from '#store/migrate.ts'
import type { Endings } from './endings.ts'

/** The database of this start, with all migrations: the one at `given`, or one of our own, which ends with the start. */
export async function startDatabase(given: string | undefined, dataDir: string, endings: Endings): Promise<string> {
  const databaseUrl = given || (await startOwn(dataDir, endings))
  await migrate(databaseUrl)
  return databaseUrl
}

async function startOwn(dataDir: string, endings: Endings): Promise<string> {
  const { databaseUrl, stop } = await startPostgres({ dataDir: join(dataDir, 'postgres') })
  endings.add(stop)
  return databaseUrl
}

/** A new installation holds a sample that answers calls. True when there was nothing before. */
export async function seed(databaseUrl: string, tenantId: string): Promise<boolean> {
  const store = openStore({ databaseUrl })
  try {
    if ((await store.flows.list(tenantId)).length > 0) return false
    const by = 'Call flows'
    const { id, revision } = await store.flows.create(tenantId, { flow: frontDesk, by })
    await store.versions.publish(tenantId, id, { revision, note: 'The sample', by })
    return true
  } finally {
    await store.close()
  }
}
