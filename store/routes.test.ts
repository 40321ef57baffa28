import { expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'

const spec = specStore()

it('refuses to let a flow answer that was never published', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  await expect(store.routes.set(tenantId, flowId, null)).rejects.toMatchObject({
    code: 'notFound',
    detail: { what: 'publishedVersion' },
    message: expect.stringContaining('Publish it first'),
  })
})

it('gives each number, and the default, one flow that answers', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
  const second = await store.flows.create(tenantId, { flow: emptyFlow('Second'), by: 'ada' })
  const { id: versionId } = await store.versions.publish(tenantId, second.id, { revision: 1, note: '', by: 'ada' })
  await store.routes.set(tenantId, flowId, '+31201234567')

  await expect(store.routes.set(tenantId, second.id, '+31201234567')).rejects.toMatchObject({
    code: 'taken',
    detail: { name: 'First' },
  })
  await store.routes.set(tenantId, flowId, '+31201234567')
  for (const called of [null, '+31201234567']) await store.routes.set(tenantId, second.id, called, { take: true })

  expect(await store.routes.list(tenantId)).toEqual([
    { called: null, flowId: second.id, versionId },
    { called: '+31201234567', flowId: second.id, versionId },
  ])
  await store.routes.unset(tenantId, null)
  expect(await store.routes.list(tenantId)).toEqual([{ called: '+31201234567', flowId: second.id, versionId }])
})

it('forgets the address of a test call after fifteen minutes', async () => {
  const { store, sql } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const versionId = versions[0]?.id ?? ''
  const dialled = async () => {
    const routing = await store.routes.loadRouting()
    return routing.filter((route) => route.tenantId === tenantId && route.test).map(({ called }) => called)
  }
  const first = await store.routes.addTest(tenantId, flowId, versionId)
  expect(await dialled()).toEqual([first])
  const { rows } = await sql('select extract(minutes from expires_at - now()) as left from routes where called = $1', [
    first,
  ])
  expect(Number(rows[0].left)).toBe(14)

  await sql(`update routes set expires_at = now() - interval '1 second' where called = $1`, [first])
  expect(await dialled()).toEqual([])
  const second = await store.routes.addTest(tenantId, flowId, versionId)
  expect(await dialled()).toEqual([second])
  expect((await sql('select from routes where called = $1', [first])).rowCount).toBe(0)
})

it('refuses a test call of another flow’s version', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const other = await tenantWithFlow(store, 'Other', ['first'])
  const adding = store.routes.addTest(tenantId, flowId, other.versions[0]?.id ?? '')
  await expect(adding).rejects.toMatchObject({ code: 'notFound', detail: { what: 'version' } })
})
