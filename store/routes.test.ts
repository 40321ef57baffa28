import { describe, expect, it } from 'vitest'
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
  await store.routes.unset(tenantId, second.id, null)
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

it('puts the clocks of a test call forward, and those of no other call', async () => {
  const { store, sql } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  await store.routes.set(tenantId, flowId, null)
  const called = await store.routes.addTest(tenantId, flowId, versions[0]?.id ?? '', { movedSeconds: -3600 })
  const routing = (await store.routes.loadRouting()).filter((route) => route.tenantId === tenantId)
  expect(routing.map(({ test, movedSeconds }) => [test, movedSeconds]).sort()).toEqual([
    [false, 0],
    [true, -3600],
  ])
  for (const moves of ['set moved_seconds = 60 where not test', 'set test = false where called = $2']) {
    const refused = sql(`update routes ${moves} and tenant_id = $1 and $2::text is not null`, [tenantId, called])
    await expect(refused).rejects.toThrow('routes_time_is_moved_in_tests')
  }
})

it('refuses a test call of another flow’s version', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const other = await tenantWithFlow(store, 'Other', ['first'])
  const adding = store.routes.addTest(tenantId, flowId, other.versions[0]?.id ?? '')
  await expect(adding).rejects.toMatchObject({ code: 'notFound', detail: { what: 'version' } })
})

/** A second flow that is published in the tenant, for what two flows want at once. */
async function another(tenantId: string, name = 'Second') {
  const { store } = spec
  const { id } = await store.flows.create(tenantId, { flow: emptyFlow(name), by: 'ada' })
  await store.versions.publish(tenantId, id, { revision: 1, note: '', by: 'ada' })
  return id
}

describe('one spelling', () => {
  const account = 'abcdef01-2db4-4022-9570-243709c565ab'
  const spellings: [string, string][] = [
    [account, account.toUpperCase()],
    [account.toUpperCase(), `{${account}}`],
    [account, account.replaceAll('-', '')],
    ['+31201234567', 'tel:+31-20-123-4567'],
    ['+31 20 1234567', '0031201234567'],
  ]

  it.each(spellings)('of %s: %s is taken', async (first, second) => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
    const other = await another(tenantId)
    await store.routes.set(tenantId, flowId, first)
    await expect(store.routes.set(tenantId, other, second)).rejects.toMatchObject({ code: 'taken' })
    await store.routes.set(tenantId, other, second, { take: true })
    await store.routes.unset(tenantId, other, first)
    expect((await store.routes.list(tenantId)).map(({ called }) => called)).toEqual([null])
  })

  it('is the database’s own rule too', async () => {
    const { store, sql } = spec
    const { tenantId, flowId, versions } = await tenantWithFlow(store, 'First', ['first'])
    for (const called of [account.toUpperCase(), `{${account}}`, 'tel:+31201234567', '+31 201234567', 'reception']) {
      const inserting = sql(
        'insert into routes (id, tenant_id, called, flow_id, version_id) values (gen_random_uuid(), $1, $2, $3, $4)',
        [tenantId, called, flowId, versions[0]?.id],
      )
      await expect(inserting, called).rejects.toMatchObject({ code: '23514' })
    }
  })
})

describe('at the same moment', () => {
  it('what two flows want goes to one, and the other is told', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
    const other = await another(tenantId)
    for (let n = 0; n < 20; n += 1) {
      const called = `+3120123450${n + 10}`
      const told = await Promise.allSettled([flowId, other].map((id) => store.routes.set(tenantId, id, called)))
      expect(told.map(({ status }) => status).sort(), called).toEqual(['fulfilled', 'rejected'])
      const winner = told[0]?.status === 'fulfilled' ? flowId : other
      expect((await store.routes.list(tenantId)).find((route) => route.called === called)?.flowId).toBe(winner)
    }
  })

  it('a flow that no longer answers takes nothing from the one that has just taken over', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
    const other = await another(tenantId)
    const called = '+31201234567'
    for (let n = 0; n < 40; n += 1) {
      await store.routes.set(tenantId, flowId, called, { take: true })
      let over = false
      const taking = store.routes.set(tenantId, other, called, { take: true }).then(() => {
        over = true
      })
      const leaving = async () => {
        while (!over) await store.routes.unset(tenantId, flowId, called).catch(() => {})
      }
      await Promise.all([taking, leaving(), leaving(), leaving()])
      expect((await store.routes.list(tenantId)).find((route) => route.called === called)?.flowId).toBe(other)
    }
  })

  it('a flow cannot stop another from answering', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'First', ['first'])
    const other = await another(tenantId)
    await expect(store.routes.unset(tenantId, other, null)).rejects.toMatchObject({
      code: 'notFound',
      detail: { what: 'route' },
    })
    expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, flowId }])
  })
})
