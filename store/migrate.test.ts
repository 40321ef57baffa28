import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { migrate, migrationNames, migrationSql } from './migrate.ts'

const name = `spec_${randomUUID()}`
let databaseUrl: string

beforeAll(async () => {
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  databaseUrl = url.href
  await ask(inject('postgresUrl'), `create database "${name}"`)
})

afterAll(() => ask(inject('postgresUrl'), `drop database if exists "${name}" with (force)`))

it('applies each migration once, when several processes begin at once and when it is asked again', async () => {
  const names = await migrationNames()
  expect(names.length).toBeGreaterThan(0)

  const applied = await Promise.all([migrate(databaseUrl), migrate(databaseUrl), migrate(databaseUrl)])
  expect(applied.flat()).toEqual(names)

  const statements = vi.spyOn(pg.Client.prototype, 'query')
  expect(await migrate(databaseUrl)).toEqual([])
  expect(statements.mock.calls.length).toBeLessThanOrEqual(2)
  statements.mockRestore()
})

it('leaves what Prisma’s own migrate would leave', async () => {
  const { rows } = await ask(
    databaseUrl,
    'select migration_name, checksum, applied_steps_count from _prisma_migrations',
  )
  const names = await migrationNames()
  const file = (migration: string) =>
    join(import.meta.dirname, '..', 'prisma', 'migrations', migration, 'migration.sql')
  expect(rows).toEqual(
    names.map((migration) => ({
      migration_name: migration,
      checksum: createHash('sha256')
        .update(readFileSync(file(migration)))
        .digest('hex'),
      applied_steps_count: 1,
    })),
  )
})

it('has migrations that say the same as the schema', async () => {
  expect(await migrationSql(databaseUrl)).toBeNull()
  const { rows } = await ask(databaseUrl, `select datname from pg_database where datname like 'shadow%'`)
  expect(rows).toEqual([])
})

it('says that the database is away', async () => {
  await expect(migrate('postgresql://postgres:x@127.0.0.1:1/postgres')).rejects.toMatchObject({ code: 'unavailable' })
})

async function ask(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}
