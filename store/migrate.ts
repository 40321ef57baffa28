import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { inOurWords } from './connection.ts'
import { withSchemaEngine } from './schemaEngine.ts'

const prismaFolder = join(import.meta.dirname, '..', 'prisma')
const noFilters = { externalTables: [], externalEnums: [] }

/**
 * Brings a database up to prisma/migrations. Safe when several processes do it at once: one migrates, and the
 * others wait for it, by the advisory lock that Prisma's engine takes, in `prisma migrate deploy` as here.
 * Nothing to do costs one connection and one question.
 * @returns the names of the migrations that were applied
 * @throws StoreError `unavailable`
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const wanted = await migrationNames()
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {}) // A connection that breaks fails the question under way.
  try {
    await inOurWords(() => client.connect())
    if (await isUpToDate(client, wanted)) return []
  } finally {
    await client.end().catch(() => {})
  }
  return withSchemaEngine(databaseUrl, null, async (engine) => {
    const input = { migrationsList: await migrationList(), filters: noFilters }
    return (await engine.applyMigrations(input)).appliedMigrationNames
  })
}

/**
 * What would bring a database from prisma/migrations to prisma/schema.prisma, as SQL; null if they say the same. Makes an empty
 * database beside the named one for it, and drops it again.
 */
export async function migrationSql(databaseUrl: string): Promise<string | null> {
  const content = await readFile(join(prismaFolder, 'schema.prisma'), 'utf8')
  return withSchemaEngine(databaseUrl, content, async (engine) => {
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'migrations', ...(await migrationList()) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
      script: true,
      exitCode: true,
      filters: noFilters,
    })
    return exitCode === 0 ? null : stdout
  })
}

/** The migrations there are, in the order in which they are applied. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(join(prismaFolder, 'migrations'), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

async function isUpToDate(client: pg.Client, wanted: string[]): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there`,
  )
  if (!rows[0]?.there) return wanted.length === 0
  const applied = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  )
  const names = new Set(applied.rows.map((row) => row.migration_name))
  return wanted.every((name) => names.has(name))
}

async function migrationList(): Promise<MigrationList> {
  const baseDir = join(prismaFolder, 'migrations')
  const names = await migrationNames()
  const contents = await Promise.all(names.map((name) => readFile(join(baseDir, name, 'migration.sql'), 'utf8')))
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.map((path, index) => ({
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: contents[index] ?? '' } },
    })),
  }
}
