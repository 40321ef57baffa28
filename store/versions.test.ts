import { expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'

const spec = specStore()

it('numbers the publications of a changing flow 1, 2, 3…, and its routes lead to the last', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const numbers: number[] = []
  for (let revision = 1; revision <= 5; revision += 1) {
    // Two at once each time: numbers are given one after the other.
    const publish = () => store.versions.publish(tenantId, flowId, { revision, note: '', by: 'ada' })
    const [{ number }] = await Promise.all([publish(), publish()])
    numbers.push(number)
    await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow(`Desk ${revision}`), revision, by: 'ada' })
  }
  expect(numbers).toEqual([1, 2, 3, 4, 5])

  const listed = await store.versions.list(tenantId, flowId)
  expect(listed.map(({ number }) => number)).toEqual(numbers.toReversed())
  const [route] = await store.routes.list(tenantId)
  expect(route?.versionId).toBe(listed[0]?.id)
})

it('makes one version of five publications of the same draft at once, with the first one’s note', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const published = await Promise.all(
    Array.from({ length: 5 }, () => store.versions.publish(tenantId, flowId, { revision: 1, note: 'once', by: 'ada' })),
  )
  expect(new Set(published.map(({ id }) => id)).size).toBe(1)
  expect(published.map(({ number }) => number)).toEqual([1, 1, 1, 1, 1])
  await store.versions.publish(tenantId, flowId, { revision: 1, note: 'again', by: 'grace' })
  expect(await store.versions.list(tenantId, flowId)).toMatchObject([{ number: 1, note: 'once', by: 'ada' }])
})

it('makes a new version of what was published before, but is not the latest', async () => {
  const { store } = spec
  const { tenantId, flowId, flow } = await tenantWithFlow(store, 'Front desk', ['first'])
  const publish = (revision: number) => store.versions.publish(tenantId, flowId, { revision, note: '', by: 'ada' })
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Changed'), revision: 1, by: 'ada' })
  expect(await publish(2)).toMatchObject({ number: 2 })
  await store.flows.saveDraft(tenantId, flowId, { flow, revision: 2, by: 'ada' })
  expect(await publish(3)).toMatchObject({ number: 3 })
})

it('publishes under a number what was kept for a test call', async () => {
  const { store } = spec
  const { tenantId, flowId, flow } = await tenantWithFlow(store)
  const tested = await store.versions.snapshot(tenantId, flowId, flow, 'ada')
  const published = await store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' })
  expect(published.number).toBe(1)
  expect(published.id).not.toBe(tested)
})

it('publishes what was kept when that was asked for, whatever has become of the draft', async () => {
  const { store } = spec
  const { tenantId, flowId, flow } = await tenantWithFlow(store)
  const versionId = await store.versions.snapshot(tenantId, flowId, flow, 'ada')
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Drawn meanwhile'), revision: 1, by: 'ada' })
  const kept = { versionId, note: 'First', by: 'ada' }
  const [one, two] = await Promise.all([
    store.versions.publishKept(tenantId, flowId, kept),
    store.versions.publishKept(tenantId, flowId, kept),
  ])
  expect([one.number, two]).toEqual([1, one])
  expect(await store.versions.get(tenantId, one.id)).toMatchObject({ number: 1, note: 'First', flow })
  expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, versionId: one.id }])
  const other = await tenantWithFlow(store)
  const theirs = store.versions.publishKept(other.tenantId, other.flowId, kept)
  await expect(theirs).rejects.toMatchObject({ code: 'notFound' })
})

it('publishes only the revision that was looked at', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Newer'), revision: 1, by: 'grace' })
  const publishing = store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' })
  await expect(publishing).rejects.toMatchObject({
    code: 'changedMeanwhile',
    detail: { revision: 2, updatedBy: 'grace', updatedAt: expect.any(Date) },
  })
  expect(await store.versions.list(tenantId, flowId)).toEqual([])
})

it('publishes all or nothing', async () => {
  const { store, sql } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  await sql(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`)
  await sql('create trigger refuse before update on routes for each row execute function refuse()')
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Changed'), revision: 1, by: 'ada' })
  try {
    await expect(store.versions.publish(tenantId, flowId, { revision: 2, note: '', by: 'ada' })).rejects.toThrow()
  } finally {
    await sql('drop function refuse cascade')
  }
  expect((await store.versions.list(tenantId, flowId)).map(({ id }) => id)).toEqual([versions[0]?.id])
})

it('gives a version back as it was published, with its author, note and number', async () => {
  const { store } = spec
  const { tenantId, flowId, flow, versions } = await tenantWithFlow(store, 'Front desk', ['Opening hours'])
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Later'), revision: 1, by: 'grace' })
  const [version] = versions
  expect(await store.versions.get(tenantId, version?.id ?? '')).toEqual({
    id: version?.id,
    flowId,
    number: 1,
    hash: version?.hash,
    note: 'Opening hours',
    at: version?.at,
    by: 'ada',
    flow,
  })
})

it('never changes or deletes a version', async () => {
  const { store, sql } = spec
  await tenantWithFlow(store, 'Front desk', ['first'])
  const refusal = 'A flow version is never changed or deleted.'
  await expect(sql(`update flow_versions set note = 'other'`)).rejects.toThrow(refusal)
  await expect(sql('delete from flow_versions')).rejects.toThrow(refusal)
  await expect(sql('truncate flow_versions cascade')).rejects.toThrow(refusal)
})

it('leads all that a flow answers to the new version, and leaves a test call on its own', async () => {
  const { store } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const other = await store.flows.create(tenantId, { flow: emptyFlow('Other'), by: 'ada' })
  const ofOther = await store.versions.publish(tenantId, other.id, { revision: 1, note: '', by: 'ada' })
  await store.routes.set(tenantId, flowId, '+31201234567')
  await store.routes.set(tenantId, other.id, '+31207654321')
  const test = await store.routes.addTest(tenantId, flowId, versions[0]?.id ?? '')

  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Changed'), revision: 1, by: 'ada' })
  const second = await store.versions.publish(tenantId, flowId, { revision: 2, note: '', by: 'ada' })

  const routes = (await store.routes.loadRouting()).filter((route) => route.tenantId === tenantId)
  expect(new Map(routes.map(({ called, versionId }) => [called, versionId]))).toEqual(
    new Map([
      [null, second.id],
      ['+31201234567', second.id],
      ['+31207654321', ofOther.id],
      [test, versions[0]?.id],
    ]),
  )
})

it('lets the first published flow of a tenant answer by default, and no later one', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
  const second = await store.flows.create(tenantId, { flow: emptyFlow('Second'), by: 'ada' })
  const publishSecond = () => store.versions.publish(tenantId, second.id, { revision: 1, note: '', by: 'ada' })

  await publishSecond()
  expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, flowId }])

  await store.flows.remove(tenantId, flowId, 'ada')
  await publishSecond()
  expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, flowId: second.id }])
})

it('keeps the same flow once for any number of test calls, and under no number', async () => {
  const { store } = spec
  const { tenantId, flowId, flow, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const changed = emptyFlow('Not published')
  const [first, second] = await Promise.all([
    store.versions.snapshot(tenantId, flowId, changed, 'ada'),
    store.versions.snapshot(tenantId, flowId, changed, 'grace'),
  ])
  expect(second).toBe(first)
  expect(await store.versions.get(tenantId, first)).toMatchObject({ number: null, flow: changed })
  expect(await store.versions.list(tenantId, flowId)).toHaveLength(1)
  expect(await store.versions.snapshot(tenantId, flowId, flow, 'ada')).toBe(versions[0]?.id)
})
