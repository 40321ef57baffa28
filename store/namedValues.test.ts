import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { specStore } from '#test/store.ts'
import { openChanges } from './changes.ts'
import { openStore, type Store } from './database.ts'

const spec = specStore()
let store: Store
beforeAll(() => {
  store = openStore({ databaseUrl: spec.databaseUrl, dataKey: randomBytes(32).toString('base64') })
})
afterAll(() => store.close())
const quiet = () => {
  throw new Error('nothing was to go wrong')
}

const canary = 'canary-4f1d2c-token'

it('keeps a secret sealed, tells it to nobody, and gives it to whoever uses it', async () => {
  const tenantId = randomUUID()
  const { namedValues } = store
  const hosts = ['crm.example.com']
  await namedValues.set(tenantId, { name: 'crmToken', kind: 'secret', text: canary, hosts, by: 'ada' })
  await namedValues.set(tenantId, { name: 'crmUrl', kind: 'value', text: 'https://crm.example.com', by: 'ada' })
  expect(await namedValues.list(tenantId)).toMatchObject([
    { name: 'crmToken', kind: 'secret', plain: null, hosts, updatedBy: 'ada' },
    { name: 'crmUrl', kind: 'value', plain: 'https://crm.example.com' },
  ])
  expect(await namedValues.load(tenantId, quiet)).toEqual({
    values: { crmUrl: 'https://crm.example.com' },
    secrets: new Map([['crmToken', { text: canary, hosts }]]),
  })
  const { rows } = await spec.sql('select * from named_values where tenant_id = $1', [tenantId])
  const dump = rows.map((row) => `${JSON.stringify(row)} ${row.sealed?.toString('latin1') ?? ''}`).join()
  expect(dump).not.toContain(canary)
})

it('replaces one of the same name, also by one of the other kind', async () => {
  const tenantId = randomUUID()
  const set = (kind: 'value' | 'secret', text: string) =>
    store.namedValues.set(tenantId, { name: 'a', kind, text, by: 'eve' })
  await set('secret', 'one')
  await set('secret', 'two')
  expect((await store.namedValues.load(tenantId, quiet)).secrets.get('a')?.text).toBe('two')
  await set('value', 'three')
  expect(await store.namedValues.list(tenantId)).toMatchObject([{ name: 'a', kind: 'value', plain: 'three' }])
  await store.namedValues.remove(tenantId, 'a')
  await expect(store.namedValues.remove(tenantId, 'a')).rejects.toMatchObject({ code: 'notFound' })
})

it('sends a secret nowhere before a host is allowed, and keeps it when another is', async () => {
  const tenantId = randomUUID()
  const { namedValues } = store
  const kept = async () => (await namedValues.load(tenantId, quiet)).secrets.get('a')
  await namedValues.set(tenantId, { name: 'a', kind: 'secret', text: canary, by: 'ada' })
  expect(await kept()).toEqual({ text: canary, hosts: [] })
  await namedValues.setHosts(tenantId, { name: 'a', hosts: ['crm.example.com'], by: 'eve' })
  expect(await kept()).toEqual({ text: canary, hosts: ['crm.example.com'] })
  expect(await namedValues.list(tenantId)).toMatchObject([{ name: 'a', updatedBy: 'eve' }])
  await namedValues.set(tenantId, { name: 'a', kind: 'value', text: 'x', by: 'ada' })
  const toValue = namedValues.setHosts(tenantId, { name: 'a', hosts: ['crm.example.com'], by: 'eve' })
  await expect(toValue).rejects.toMatchObject({ code: 'notFound' })
})

it('adds a host beside those that others add at the same moment, each once, and twenty at most', async () => {
  const tenantId = randomUUID()
  const add = (host: string, name = 'a') => store.namedValues.addHost(tenantId, { name, host, by: 'eve' })
  await store.namedValues.set(tenantId, { name: 'a', kind: 'secret', text: canary, by: 'ada' })
  await store.namedValues.set(tenantId, { name: 'b', kind: 'value', text: 'x', by: 'ada' })
  const wanted = Array.from({ length: 20 }, (_, n) => `h${n}.example.com`)
  await Promise.all([...wanted, ...wanted].map((host) => add(host)))
  const [kept] = await store.namedValues.list(tenantId)
  expect(kept?.hosts.toSorted()).toEqual(wanted.toSorted())
  await expect(add('one.more.example.com')).rejects.toMatchObject({ code: 'limit', detail: { most: 20 } })
  await add('h7.example.com')
  await expect(add('h1.example.com', 'b')).rejects.toMatchObject({ code: 'notFound' })
})

it('keeps no secret without a key, and goes on without one that it cannot open', async () => {
  const tenantId = randomUUID()
  const secret = { name: 'a', kind: 'secret', text: canary, by: 'eve' } as const
  const keyless = openStore({ databaseUrl: spec.databaseUrl })
  onTestFinished(() => keyless.close())
  await expect(keyless.namedValues.set(tenantId, secret)).rejects.toMatchObject({ code: 'noDataKey' })
  await store.namedValues.set(tenantId, secret)
  const told: unknown[] = []
  expect((await keyless.namedValues.load(tenantId, (error) => told.push(error))).secrets.size).toBe(0)
  expect(told).toMatchObject([{ code: 'noDataKey' }])
})

it('tells other processes of each change', async () => {
  const tenantId = randomUUID()
  const changes = openChanges(spec.databaseUrl, quiet)
  const heard: string[] = []
  await new Promise<void>((ready) => {
    changes.on('values', (payload) => (payload === 'reconnected' ? ready() : heard.push(payload)))
  })
  await store.namedValues.set(tenantId, { name: 'a', kind: 'value', text: '1', by: 'eve' })
  await store.namedValues.set(tenantId, { name: 'a', kind: 'value', text: '2', by: 'eve' })
  await store.namedValues.remove(tenantId, 'a')
  await expect.poll(() => heard).toEqual([tenantId, tenantId, tenantId])
  await changes.close()
})

it('has a bound', async () => {
  const tenantId = randomUUID()
  await spec.sql(
    `insert into named_values (id, tenant_id, name, plain, updated_by)
     select gen_random_uuid(), $1, 'n' || n, '', 'eve' from generate_series(1, 500) n`,
    [tenantId],
  )
  const set = (name: string) => store.namedValues.set(tenantId, { name, kind: 'value', text: '', by: 'eve' })
  await expect(set('one more')).rejects.toMatchObject({ code: 'limit' })
  await set('n1')
})
