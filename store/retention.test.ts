import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
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

it('forgets what was only tested once its calls are gone, and test routes that ran out; never what was published', async () => {
  const { store } = spec
  const { tenantId, flowId, flow, versions } = await tenantWithFlow(store, 'Tested', ['first'])
  const old = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'old' }, 'ada')
  const used = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'used' }, 'ada')
  const aside = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'put aside' }, 'ada')
  await spec.sql(
    `insert into flow_versions (id, tenant_id, flow_id, document, hash, note, kept, created_by)
     select gen_random_uuid(), tenant_id, flow_id, document, hash, '', true, 'ada' from flow_versions where id = $1`,
    [aside],
  )
  const dialled = await store.versions.snapshot(tenantId, flowId, { ...flow, name: 'dialled' }, 'ada')
  await call(tenantId, flowId, used, '2026-06-02T00:00:00Z')
  await store.routes.addTest(tenantId, flowId, dialled)
  await store.routes.addTest(tenantId, flowId, old)
  await spec.sql(`update routes set expires_at = now() - interval '1 hour' where version_id = $1`, [old])

  await store.retention.forget(new Date(Date.now() + 60_000)) // all of it was made before then, and the call has not ended its day
  const { rows } = await spec.sql('select id, kept from flow_versions where tenant_id = $1 order by kept', [tenantId])
  expect(
    rows
      .filter((row) => !row.kept)
      .map((row) => row.id)
      .sort(),
  ).toEqual([versions[0]?.id, dialled].sort())
  expect(rows.filter((row) => row.kept)).toHaveLength(1)

  await expect(spec.sql('delete from flow_versions where id = $1', [versions[0]?.id])).rejects.toThrow(/never changed/)
  await expect(spec.sql(`update flow_versions set note = 'x' where id = $1`, [dialled])).rejects.toThrow(
    /never changed/,
  )
})

it('keeps what was tested for as long as one of its calls is kept', async () => {
  const { store } = spec
  const { tenantId, flowId, flow } = await tenantWithFlow(store, 'In use', [])
  const used = await store.versions.snapshot(tenantId, flowId, flow, 'ada')
  await call(tenantId, flowId, used, '2099-01-01T00:00:00Z')
  await store.retention.forget(new Date('2098-01-01T00:00:00Z'))
  expect(await idsIn('flow_versions', tenantId)).toEqual([used])
})
