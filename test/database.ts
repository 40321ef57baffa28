import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrate, migrationNames } from '#store/migrate.ts'

/**
 * A database of a spec file's own, already migrated: a copy of the template takes a few hundredths of a second, migrating some tenths.
 * @param url of the PostgreSQL of the specs: `inject('postgresUrl')`
 */
export async function freshDatabase(url: string) {
  const template = await templateName()
  const name = `spec_${randomUUID()}`
  await ask(url, `create database "${name}" template "${template}"`)
  return { databaseUrl: urlOf(url, name), drop: () => ask(url, `drop database if exists "${name}" with (force)`) }
}

/** Makes the template that `freshDatabase` copies, if there is none of these migrations yet. */
export async function makeTemplate(url: string): Promise<void> {
  const name = await templateName()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // One at a time, where several runs share a PostgreSQL.
    await client.query('select pg_advisory_lock(5270112024)')
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [name])
    if (rowCount === 1) return
    await client.query(`drop database if exists "${name}" with (force)`)
    await client.query(`create database "${name}"`)
    await migrate(urlOf(url, name))
    await client.query(`alter database "${name}" is_template true`)
  } finally {
    await client.end()
  }
}

async function templateName(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of await migrationNames()) {
    hash.update(readFileSync(join(import.meta.dirname, '..', 'prisma', 'migrations', name, 'migration.sql')))
  }
  return `template_${hash.digest('hex').slice(0, 16)}`
}

function urlOf(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = database
  return other.href
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
