import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '#store/embedded.ts'
import { migrate } from '#store/migrate.ts'

/** A PostgreSQL of this run's own with our tables, durable as in production. */
export async function openDatabase(folder: string) {
  // As root, PostgreSQL runs as another user, who must get through to its folder.
  chmodSync(folder, 0o755)
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0 })
  await migrate(postgres.databaseUrl)
  const client = new pg.Client({ connectionString: postgres.databaseUrl })
  await client.connect()
  const numbers = async (sql: string): Promise<number[]> => {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return Object.values(rows[0] ?? {}).map(Number)
  }
  return {
    databaseUrl: postgres.databaseUrl,
    /** How many transactions the database has ended; outside of a transaction each statement is one. */
    async transactions() {
      const [count = 0] = await numbers(
        'select xact_commit + xact_rollback from pg_stat_database where datname = current_database()',
      )
      return count
    },
    /** Calls in the history, and how many of them have ended. */
    async calls() {
      const [all = 0, ended = 0] = await numbers(
        `select count(*) as every, count(*) filter (where state = 'ended') as ended from calls`,
      )
      return { all, ended }
    },
    async stop() {
      await client.end()
      await postgres.stop()
    },
  }
}
