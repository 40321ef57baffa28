import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { freshDatabase } from '#test/database.ts'
import { tenantWithFlow } from '#test/store.ts'
import { openStore } from './database.ts'
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

it('gives routes of before the one spelling, and of two that become the same keeps the one that callers hear', async () => {
  const { databaseUrl: url, drop } = await freshDatabase(inject('postgresUrl'))
  await ask(url, 'alter table routes drop constraint routes_called_has_one_spelling')
  const store = openStore({ databaseUrl: url })
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'First', ['first'])
  const { id: deletedId } = await store.flows.create(tenantId, { flow: emptyFlow('Deleted'), by: 'ada' })
  const deleted = await store.versions.publish(tenantId, deletedId, { revision: 1, note: '', by: 'ada' })
  await store.flows.remove(tenantId, deletedId, 'ada')
  await store.close()
  const route = (flow: string, version: string | undefined, called: string) =>
    ask(
      url,
      `insert into routes (id, tenant_id, called, flow_id, version_id)
       values (gen_random_uuid(), '${tenantId}', '${called}', '${flow}', '${version}')`,
    )
  await route(flowId, versions[0]?.id, 'ABCDEF01-2DB4-4022-9570-243709C565AB')
  await route(deletedId, deleted.id, 'abcdef01-2db4-4022-9570-243709c565ab')
  await route(flowId, versions[0]?.id, '{ABCDEF02-2DB4-4022-9570-243709C565AB}')
  await route(flowId, versions[0]?.id, 'tel:+31-20-1234567')
  await route(flowId, versions[0]?.id, '+31201234568')
  await route(flowId, versions[0]?.id, '4255550100')

  const folder = join(import.meta.dirname, '..', 'prisma', 'migrations', '20261130040000_one_spelling')
  await ask(url, readFileSync(join(folder, 'migration.sql'), 'utf8'))
  const { rows } = await ask(url, 'select called, flow_id as flow from routes where called is not null order by called')
  expect(rows).toEqual(
    [
      '+31201234567',
      '+31201234568',
      'abcdef01-2db4-4022-9570-243709c565ab',
      'abcdef02-2db4-4022-9570-243709c565ab',
    ].map((called) => ({ called, flow: flowId })),
  )
  await drop()
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
