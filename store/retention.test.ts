import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { Table } from '#flow/table.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'

const spec = specStore()
const before = new Date('2026-06-01T00:00:00Z')

async function call(tenantId: string, flowId: string, versionId: string, startedAt: string, state = 'ended') {
  const id = randomUUID()
  await spec.sql(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, started_at, state)
     values ($1::uuid, $2, $1::text, $3, $4, false, $5, $6)`,
    [id, tenantId, flowId, versionId, startedAt, state],
  )
  await spec.sql(
    `insert into call_steps (tenant_id, call_id, seq, at, block, event, detail) values ($1, $2, 1, $3, 'menu', 'entered', '{}')`,
    [tenantId, id, startedAt],
  )
  return id
}
const idsIn = async (table: string, tenantId: string, id = 'id') =>
  (await spec.sql(`select ${id} as id from ${table} where tenant_id = $1`, [tenantId])).rows.map((row) => row.id).sort()

it('forgets old calls of every tenant with their steps, and keeps later ones and those that run', async () => {
  const { store } = spec
  const kept: Record<string, string[]> = {}
  for (let n = 0; n < 2; n += 1) {
    const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Desk', ['first'])
    const version = versions[0]?.id ?? ''
    await call(tenantId, flowId, version, '2026-05-31T23:59:59Z')
    kept[tenantId] = [
      await call(tenantId, flowId, version, '2026-06-01T00:00:00Z'),
      await call(tenantId, flowId, version, '2026-05-01T00:00:00Z', 'live'),
    ].sort()
  }
  expect(await store.retention.forget(before)).toBe(2)
  for (const [tenantId, ids] of Object.entries(kept)) {
    expect(await idsIn('calls', tenantId)).toEqual(ids)
    expect(await idsIn('call_steps', tenantId, 'call_id')).toEqual(ids)
  }
  expect(await store.retention.forget(before)).toBe(0)
})

it('forgets more calls than one statement takes, and stops when it is told to', async () => {
  const { store } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Busy', ['first'])
  await spec.sql(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, started_at, state)
     select gen_random_uuid(), $1, n, $2, $3, false, '2026-01-01', 'ended' from generate_series(1, 1203) n`,
    [tenantId, flowId, versions[0]?.id],
  )
  expect(await store.retention.forget(before, AbortSignal.abort())).toBe(0)
  expect(await store.retention.forget(before)).toBe(1203)
})

it('forgets test routes that ran out, and no version: what was published is never changed', async () => {
  const { store } = spec
  const { tenantId, flowId, flow, versions } = await tenantWithFlow(store, 'Tested', ['first'])
  const dialled = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'dialled' }, 'ada')
  await store.routes.addTest(tenantId, flowId, dialled)
  const old = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'old' }, 'ada')
  await store.routes.addTest(tenantId, flowId, old)
  await spec.sql(`update routes set expires_at = now() - interval '1 hour' where version_id = $1`, [old])

  await store.retention.forget(new Date(Date.now() + 60_000))
  expect(await idsIn('routes', tenantId, 'version_id')).toEqual([versions[0]?.id, dialled].sort())
  expect(await idsIn('flow_versions', tenantId)).toEqual([versions[0]?.id, dialled, old].sort())
  await expect(spec.sql('delete from flow_versions where id = $1', [versions[0]?.id])).rejects.toThrow(/never changed/)
  await expect(spec.sql(`update flow_versions set note = 'x' where id = $1`, [dialled])).rejects.toThrow(
    /never changed/,
  )
})

it('forgets how rows of tables were before, and never what counts now', async () => {
  const { store, sql } = spec
  const tenantId = randomUUID()
  const table = Table.parse({ name: 'People', columns: [{ id: 'name', name: 'Name', type: 'text' }] })
  const rows = (name: string) => [{ id: tenantId, cells: { name } }]
  const id = await store.tables.create(tenantId, { table, rows: rows('Ada'), by: 'ada' })
  await store.tables.save(tenantId, id, { table, rows: rows('Bob'), revision: 1, by: 'ada' })
  await store.tables.save(tenantId, id, { table, rows: rows('Eve'), revision: 2, by: 'ada' })
  await sql(
    `update table_rows set from_at = '2026-01-01', until_at = case when until_at is not null then '2026-05-31'::timestamptz end
     where tenant_id = $1 and cells ->> 'name' <> 'Bob'`,
    [tenantId],
  )
  await store.retention.forget(before)
  const left = await sql(`select cells ->> 'name' as name from table_rows where tenant_id = $1 order by 1`, [tenantId])
  expect(left.rows).toEqual([{ name: 'Bob' }, { name: 'Eve' }])
})

it('forgets more versions of rows than one statement takes', async () => {
  const { store, sql } = spec
  const tenantId = randomUUID()
  const table = Table.parse({ name: 'People', columns: [{ id: 'name', name: 'Name', type: 'text' }] })
  const rows = (name: string) => Array.from({ length: 1203 }, () => ({ id: randomUUID(), cells: { name } }))
  const id = await store.tables.create(tenantId, { table, rows: rows('Ada'), by: 'ada' })
  await store.tables.save(tenantId, id, { table, rows: rows('Bob'), revision: 1, by: 'ada' })
  await sql(`update table_rows set until_at = '2026-05-31' where tenant_id = $1 and until_at is not null`, [tenantId])
  await store.retention.forget(before)
  const left = await sql(`select distinct cells ->> 'name' as name from table_rows where tenant_id = $1`, [tenantId])
  expect(left.rows).toEqual([{ name: 'Bob' }])
})
