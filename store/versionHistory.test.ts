import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'

const spec = specStore()

/** A flow with three versions, each with another apology, and a draft that nobody hears yet. */
async function threeVersions() {
  const { store } = spec
  const { tenantId, flowId, flow } = await tenantWithFlow(store)
  const said = (apology: string) => ({ ...flow, apology })
  let revision = 1
  for (const apology of ['one', 'two', 'three']) {
    ;({ revision } = await store.flows.saveDraft(tenantId, flowId, { flow: said(apology), revision, by: 'ada' }))
    await store.versions.publish(tenantId, flowId, { revision, note: apology, by: 'ada' })
  }
  ;({ revision } = await store.flows.saveDraft(tenantId, flowId, { flow: said('draft'), revision, by: 'grace' }))
  const draft = async () => (await store.flows.get(tenantId, flowId)).flow.apology
  return {
    tenantId,
    flowId,
    flow,
    revision,
    said,
    draft,
    find: (name: string | number) => store.versions.find(tenantId, flowId, name),
  }
}

it('lists versions page by page, with the calls that are in each now', async () => {
  const { store, sql } = spec
  const { tenantId, flowId, find } = await threeVersions()
  await sql(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, state, started_at)
     values (gen_random_uuid(), $1, 'g', $2, $3, false, 'live', now()), (gen_random_uuid(), $1, 'h', $2, $3, false, 'ended', now())`,
    [tenantId, flowId, (await find(2)).id],
  )
  const first = await store.versions.page(tenantId, flowId, { limit: 2 })
  expect(first).toMatchObject([
    { number: 3, note: 'three', by: 'ada', liveCalls: 0 },
    { number: 2, note: 'two', by: 'ada', liveCalls: 1 },
  ])
  expect(await store.versions.page(tenantId, flowId, { before: 2 })).toMatchObject([{ number: 1 }])
})

it('opens a version as it was, by number or id, and none of another flow', async () => {
  const { store } = spec
  const { tenantId, said, find } = await threeVersions()
  const first = await find(1)
  expect(first).toMatchObject({ number: 1, flow: said('one') })
  expect(await find(first.id)).toEqual(first)
  const { flowId: other } = await tenantWithFlow(store)
  for (const name of [first.id, 1, 4, 2 ** 40, 1.5, 'one', randomUUID()]) {
    await expect(store.versions.find(tenantId, other, name), String(name)).rejects.toMatchObject({ code: 'notFound' })
  }
})

it('rolls back by a new version that is equal to the old one, and calls are led to it', async () => {
  const { store } = spec
  const { tenantId, flowId, find, draft } = await threeVersions()
  const first = await find(1)
  const rolled = await store.versions.rollBack(tenantId, first, { note: 'Rolled back to version 1.', by: 'grace' })
  expect(rolled.number).toBe(4)
  const now = await find(4)
  expect(now).toMatchObject({
    id: rolled.id,
    hash: first.hash,
    flow: first.flow,
    note: 'Rolled back to version 1.',
    by: 'grace',
  })
  expect(await store.routes.list(tenantId)).toEqual([{ called: null, flowId, versionId: rolled.id }])
  expect(await draft()).toBe('draft')
  // Once more, as by a double click, is what callers hear already.
  expect(await store.versions.rollBack(tenantId, first, { note: 'again', by: 'grace' })).toMatchObject({ number: 4 })
  expect(await store.versions.page(tenantId, flowId)).toHaveLength(4)
})

it('numbers rolling back and publishing at the same moment one after the other', async () => {
  const { store } = spec
  const { tenantId, flowId, revision, find } = await threeVersions()
  const first = await find(1)
  await Promise.all([
    store.versions.rollBack(tenantId, first, { note: '', by: 'ada' }),
    store.versions.publish(tenantId, flowId, { revision, note: '', by: 'ada' }),
    store.versions.rollBack(tenantId, await find(2), { note: '', by: 'ada' }),
  ])
  const listed = await store.versions.page(tenantId, flowId)
  expect(listed.map(({ number }) => number)).toEqual([6, 5, 4, 3, 2, 1])
  expect((await store.routes.list(tenantId))[0]?.versionId).toBe(listed[0]?.id)
})

it('puts a version in the place of the draft and keeps what stood there, so that it can be put back', async () => {
  const { store } = spec
  const { tenantId, flowId, revision, find, draft } = await threeVersions()
  const restored = await store.versions.restoreAsDraft(tenantId, await find(1), { revision, by: 'ada' })
  expect(restored.revision).toBe(revision + 1)
  expect(await draft()).toBe('one')
  expect(await store.versions.kept(tenantId, flowId)).toMatchObject([{ id: restored.before, by: 'grace' }])
  expect((await store.versions.page(tenantId, flowId)).map(({ number }) => number)).toEqual([3, 2, 1])

  const undone = await store.versions.restoreAsDraft(tenantId, await find(restored.before), { ...restored, by: 'ada' })
  expect(await draft()).toBe('draft')
  // What was thrown away is equal to version 1, which stays: nothing more has to be kept.
  expect(undone.before).toBe((await find(1)).id)
  await store.versions.restoreAsDraft(tenantId, await find(3), { ...undone, by: 'ada' })
  expect(await store.versions.kept(tenantId, flowId)).toHaveLength(1)
})

it('throws away no draft that somebody has changed since', async () => {
  const { store } = spec
  const { tenantId, revision, find, draft } = await threeVersions()
  const restoring = store.versions.restoreAsDraft(tenantId, await find(1), { revision: revision - 1, by: 'ada' })
  await expect(restoring).rejects.toMatchObject({ code: 'changedMeanwhile', detail: { revision, updatedBy: 'grace' } })
  expect(await draft()).toBe('draft')
})

it('takes no name from another flow by restoring', async () => {
  const { store } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Desk', ['first'])
  const renamed = await store.flows.saveDraft(tenantId, flowId, {
    flow: emptyFlow('Night desk'),
    revision: 1,
    by: 'ada',
  })
  await store.flows.create(tenantId, { flow: emptyFlow('Desk'), by: 'ada' })
  const first = await store.versions.find(tenantId, flowId, versions[0]?.number ?? 0)
  await store.versions.restoreAsDraft(tenantId, first, { revision: renamed.revision, by: 'ada' })
  expect((await store.flows.get(tenantId, flowId)).flow.name).toBe('Desk 2')
})
