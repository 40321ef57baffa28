import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '#store/embedded.ts'
import { makeTemplate } from './database.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

/**
 * One PostgreSQL for all specs: that at TEST_DATABASE_URL, or one of our own that lives as long as the run.
 * A spec file takes a database in it: `freshDatabase(inject('postgresUrl'))`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    await makeTemplate(given)
    project.provide('postgresUrl', given)
    return async () => {}
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'specs-postgres-'))
  // As root, PostgreSQL runs as another user, who must get through to its folder.
  chmodSync(dataDir, 0o755)
  const postgres = await startPostgres({ dataDir, port: 0, durable: false })
  await makeTemplate(postgres.databaseUrl)
  project.provide('postgresUrl', postgres.databaseUrl)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
