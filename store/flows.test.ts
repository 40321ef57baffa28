import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, it, vi } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { block } from '#flow/testing/draw.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import { StoreError } from './error.ts'

const spec = specStore()

it('gives a draft back as it was saved', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const flow = { ...emptyFlow('Night desk'), apology: 'Zoë says: “sorry” 🙂' }
  const { revision } = await store.flows.saveDraft(tenantId, flowId, { flow, revision: 1, by: 'grace' })
  expect(revision).toBe(2)
  expect(await store.flows.get(tenantId, flowId)).toMatchObject({
    flow,
    revision: 2,
    updatedBy: 'grace',
    published: null,
  })
})

it('lets exactly one of two savers win, and tells the other who was first', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const save = (by: string) => store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow(by), revision: 1, by })

  const results = await Promise.allSettled([save('ada'), save('grace')])

  const draft = await store.flows.get(tenantId, flowId)
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(draft).toMatchObject({ revision: 2, flow: { name: draft.updatedBy } })
  const refusal = results.find((result) => result.status === 'rejected')?.reason
  expect(refusal).toBeInstanceOf(StoreError)
  expect(refusal).toMatchObject({
    code: 'changedMeanwhile',
    detail: { revision: 2, updatedAt: draft.updatedAt, updatedBy: draft.updatedBy },
  })
})

it('takes what is there already as saved: the answer to an earlier save of it may have been lost', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const draft = { flow: emptyFlow('Mine'), revision: 1, by: 'ada' }
  const first = await store.flows.saveDraft(tenantId, flowId, draft)
  expect(await store.flows.saveDraft(tenantId, flowId, draft)).toEqual(first)
  const { draftHash } = await store.flows.get(tenantId, flowId)
  const other = store.flows.saveDraft(tenantId, flowId, { ...draft, flow: emptyFlow('Other') })
  await expect(other).rejects.toMatchObject({ code: 'changedMeanwhile', detail: { revision: 2, hash: draftHash } })
})

it('saves in one statement', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const statements = vi.spyOn(pg.Client.prototype, 'query')
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Again'), revision: 1, by: 'ada' })
  expect(statements).toHaveBeenCalledTimes(1)
  statements.mockRestore()
})

it('refuses a flow that is larger than flows may be', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const large = block('play', { text: 'x'.repeat(2_000_000) })
  const flow = { ...emptyFlow('Large'), blocks: { large } }
  const saving = store.flows.saveDraft(tenantId, flowId, { flow, revision: 1, by: 'ada' })
  await expect(saving).rejects.toMatchObject({ code: 'limit', detail: { what: 'flow', most: 2_000_000 } })
})

it('lists a flow with what callers hear, its calls and what it answers', async () => {
  const { store, sql } = spec
  const { tenantId, flowId, flow, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const changed = { flow: { ...flow, apology: 'Sorry.' }, revision: 1, by: 'ada' }
  const { revision } = await store.flows.saveDraft(tenantId, flowId, changed)
  const latest = await store.versions.publish(tenantId, flowId, { revision, note: 'second', by: 'ada' })
  await store.routes.set(tenantId, flowId, '+31201234567')
  await store.routes.addTest(tenantId, flowId, versions[0]?.id ?? '')
  for (const [startedAt, state, outcome] of [
    ['2026-11-20T09:00:00Z', 'live', null],
    ['2026-11-20T10:00:00Z', 'ended', 'completed'],
  ]) {
    await sql(
      `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, state, started_at, outcome)
       values ($1, $2, 'graph', $3, $4, false, $5, $6, $7)`,
      [randomUUID(), tenantId, flowId, latest.id, state, startedAt, outcome],
    )
  }

  const [summary, ...others] = await store.flows.list(tenantId)

  expect(others).toEqual([])
  expect(summary).toMatchObject({
    id: flowId,
    name: 'Front desk',
    revision: 2,
    updatedBy: 'ada',
    published: { versionId: latest.id, number: 2, at: latest.at, by: 'ada', hash: latest.hash },
    draftHash: latest.hash,
    lastCall: { startedAt: new Date('2026-11-20T10:00:00Z'), outcome: 'completed', state: 'ended' },
    liveCalls: 1,
    answers: ['default', '+31201234567'],
  })
  expect((await store.flows.get(tenantId, flowId)).published).toEqual(summary?.published)
})

it('shows a draft that callers do not hear yet by another hash', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store, 'Front desk', ['first'])
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Changed'), revision: 1, by: 'ada' })
  const [summary] = await store.flows.list(tenantId)
  expect(summary?.draftHash).not.toBe(summary?.published?.hash)
})

it('takes a removed flow away from lists and callers, and brings it back whole', async () => {
  const { store } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const answering = async () => (await store.routes.loadRouting()).filter((route) => route.tenantId === tenantId)

  await store.flows.remove(tenantId, flowId)
  expect(await store.flows.list(tenantId)).toEqual([])
  expect(await answering()).toEqual([])
  await expect(store.flows.get(tenantId, flowId)).rejects.toMatchObject({ code: 'notFound' })
  const saving = store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('x'), revision: 1, by: 'ada' })
  await expect(saving).rejects.toMatchObject({ code: 'notFound' })
  await expect(store.flows.remove(tenantId, flowId)).rejects.toMatchObject({ code: 'notFound' })
  expect(await store.flows.listRemoved(tenantId)).toMatchObject([{ id: flowId, name: 'Front desk' }])

  await store.flows.restore(tenantId, flowId)
  expect(await answering()).toEqual([{ tenantId, called: null, flowId, versionId: versions[0]?.id, test: false }])
  expect(await store.flows.list(tenantId)).toHaveLength(1)
  expect(await store.flows.listRemoved(tenantId)).toEqual([])
})

it('cannot bring a flow back after thirty days', async () => {
  const { store, sql } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  await store.flows.remove(tenantId, flowId)
  await sql(`update flows set deleted_at = now() - interval '30 days 1 minute' where id = $1`, [flowId])
  await expect(store.flows.restore(tenantId, flowId)).rejects.toMatchObject({ code: 'notFound' })
  expect(await store.flows.listRemoved(tenantId)).toEqual([])
})
