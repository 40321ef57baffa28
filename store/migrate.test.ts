import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { readFlow } from '#flow/flow.ts'
import { emptyFlow } from '#flow/sample.ts'
import { block } from '#flow/testing/draw.ts'
import { freshDatabase } from '#test/database.ts'
import { tenantWithFlow } from '#test/store.ts'
import { openStore } from './database.ts'
import { documentOf } from './document.ts'
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

it('gives flows of one name others, with what is written in their drafts, and makes no name twice by that', async () => {
  const { databaseUrl: url, drop } = await freshDatabase(inject('postgresUrl'))
  await ask(url, 'drop index flows_one_name; drop function known_as')
  const long = '😀'.repeat(50)
  const tenantId = randomUUID()
  await ask(url, `insert into tenants (id) values ('${tenantId}')`)
  const settings = { 2: [], text: 'a "b" \\ \n \u0001 €', deep: [[{}], { x: [1.5, null, true, 1e21] }] }
  const blocks = { ...emptyFlow('x').blocks, odd: block('odd', settings) }
  const documents: string[] = []
  const add = async (name: string, { deleted = 'null' } = {}) => {
    const id = randomUUID()
    const { document, hash } = documentOf({ ...emptyFlow(name), blocks })
    // As drafts are kept by the two ways that write them.
    const kept = documents.push(document) % 2 ? document : JSON.stringify(JSON.parse(document))
    const values = [tenantId, name, kept, hash].map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')
    await ask(
      url,
      `insert into flows (id, tenant_id, name, draft, draft_hash, created_by, updated_by, deleted_at)
       values ('${id}', ${values}, 'ada', 'ada', ${deleted})`,
    )
    return id
  }
  const oldest = await add('Desk')
  const heard = await add('desk')
  const names = ['DESK ', 'Desk (2)', 'Cafe\u0301 "\\1"', 'Café "\\1"', long, long, 'Other']
  for (const name of names) await add(name)
  await add('Desk', { deleted: 'now()' })
  await add('Desk', { deleted: 'now()' })
  const version = randomUUID()
  await ask(
    url,
    `insert into flow_versions (id, tenant_id, flow_id, number, document, hash, note, created_by)
       values ('${version}', '${tenantId}', '${heard}', 1, '{}', '', '', 'ada');
     insert into routes (id, tenant_id, flow_id, version_id)
       values (gen_random_uuid(), '${tenantId}', '${heard}', '${version}')`,
  )

  const folder = join(import.meta.dirname, '..', 'prisma', 'migrations', '20261130090000_one_name')
  await ask(url, readFileSync(join(folder, 'migration.sql'), 'utf8'))
  const { rows } = await ask(
    url,
    'select id, name, revision, draft, draft_hash as hash, deleted_at as deleted from flows',
  )
  const there = rows.filter(({ deleted }) => deleted === null)
  expect(there.find(({ id }) => id === heard).name).toBe('desk')
  expect(there.find(({ id }) => id === oldest).name).toBe('Desk (3)')
  expect(there.map(({ name }) => name).sort()).toEqual(
    [
      ...['Cafe\u0301 "\\1"', 'Café "\\1" (2)', 'DESK (4)', 'Desk (2)', 'Desk (3)', 'Other', 'desk'],
      ...[long, `${'😀'.repeat(48)} (2)`],
    ].sort(),
  )
  for (const { name, draft, hash } of rows) {
    expect(draft.name).toBe(name)
    expect(hash).toBe(documentOf(readFlow(draft)).hash)
    expect(draft.blocks).toEqual(JSON.parse(documents[0] ?? '').blocks)
  }
  expect(rows.filter(({ revision }) => revision === 2)).toHaveLength(4)
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
