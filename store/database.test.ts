import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import { openWire } from '#test/wire.ts'
import { openStore, type Store } from './database.ts'

const spec = specStore()
let wire: Awaited<ReturnType<typeof openWire>>
let store: Store

beforeAll(async () => {
  wire = await openWire(spec.databaseUrl)
  store = openStore({ databaseUrl: wire.url })
})

afterAll(async () => {
  await store.close()
  await wire.close()
})

it('says within two seconds that the database is away, and goes on when it is back', async () => {
  const { tenantId, flowId } = await tenantWithFlow(store)
  const save = (revision: number) =>
    store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Saved'), revision, by: 'ada' })
  const questions: Record<string, () => Promise<unknown>> = {
    sql: () => save(1),
    prisma: () => store.flows.get(tenantId, flowId),
    transaction: () => store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' }),
    ready: () => store.ready(),
  }

  for (const outage of ['cut', 'freeze'] as const) {
    wire[outage]()
    const start = performance.now()
    const answers = await Promise.allSettled(Object.values(questions).map((ask) => ask()))
    expect(performance.now() - start, outage).toBeLessThan(2_500)
    expect(answers, outage).toMatchObject(Object.keys(questions).map(() => ({ reason: { code: 'unavailable' } })))
    wire.mend()
  }

  await store.ready()
  expect(await save(1)).toMatchObject({ revision: 2 })
})

it('is asked once how it is, however many want to know', async () => {
  const first = store.ready()
  expect(store.ready()).toBe(first)
  await first
  const later = store.ready()
  expect(later).not.toBe(first)
  await later
})

it('says so of a question that gets no answer in time, by each way to it', async () => {
  const own = openStore({ databaseUrl: spec.databaseUrl })
  const { tenantId, flowId } = await tenantWithFlow(own)
  const holder = new pg.Client(spec.databaseUrl)
  await holder.connect()
  await holder.query('begin')
  await holder.query('lock table flows, flow_versions in access exclusive mode')
  const questions = {
    sql: () => own.flows.get(tenantId, flowId),
    prisma: () => own.versions.list(tenantId, flowId),
    transaction: () => own.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' }),
  }
  const answers = await Promise.allSettled(Object.values(questions).map((ask) => ask()))
  await holder.end()
  await own.close()
  expect(answers).toMatchObject(Object.keys(questions).map(() => ({ reason: { code: 'unavailable' } })))
}, 15_000)

describe('a database that is there and takes nothing', () => {
  // https://www.postgresql.org/docs/18/errcodes-appendix.html
  const refusals: [state: string, why: string | undefined][] = [
    ['53100', 'full'],
    ['53000', 'busy'],
    ['53200', 'busy'],
    ['53300', 'busy'],
    ['53400', 'busy'],
    ['55P03', 'locked'],
    ['40001', 'busy'],
    ['40P01', 'busy'],
    ['57014', 'busy'],
    ['25006', 'readOnly'],
    ['57P01', undefined],
    ['57P05', undefined],
    ['08006', undefined],
    ['58030', undefined],
  ]

  it.each(refusals)('%s is unavailable, and why is %s, by each way to it', async (state, why) => {
    const own = openStore({ databaseUrl: spec.databaseUrl })
    const { tenantId, flowId } = await tenantWithFlow(own)
    await spec.sql(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'no' using errcode = '${state}'; end $$`,
    )
    for (const table of ['flows', 'flow_versions']) {
      await spec.sql(`create trigger refuse before insert or update on ${table} for each row execute function refuse()`)
    }
    const questions = {
      sql: () => own.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Saved'), revision: 1, by: 'ada' }),
      prisma: () => own.flows.create(tenantId, { flow: emptyFlow('Made'), by: 'ada' }),
      transaction: () => own.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' }),
    }
    const answers = await Promise.allSettled(Object.values(questions).map((ask) => ask()))
    await spec.sql('drop function refuse cascade')
    await own.close()
    const reason = {
      code: 'unavailable',
      detail: why === undefined ? {} : { why },
      message: expect.stringMatching(/[.]$/),
    }
    expect(answers).toMatchObject(Object.keys(questions).map(() => ({ reason })))
  })

  it('that can only be read is said to be so, also when it is so by itself', async () => {
    const { pathname } = new URL(spec.databaseUrl)
    const { tenantId, flowId } = await tenantWithFlow(spec.store)
    await spec.sql(`alter database "${pathname.slice(1)}" set default_transaction_read_only = on`)
    const own = openStore({ databaseUrl: spec.databaseUrl })
    const saving = own.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Saved'), revision: 1, by: 'ada' })
    await expect(saving).rejects.toMatchObject({ code: 'unavailable', detail: { why: 'readOnly' } })
    expect(await own.flows.get(tenantId, flowId)).toMatchObject({ revision: 1 })
    await spec.sql(`alter database "${pathname.slice(1)}" reset default_transaction_read_only`)
    await own.close()
  })
})

it('says that it is away where nobody listens', async () => {
  const nowhere = openStore({ databaseUrl: 'postgresql://postgres:x@127.0.0.1:1/postgres' })
  await expect(nowhere.ready()).rejects.toMatchObject({ code: 'unavailable' })
  await expect(nowhere.routes.loadRouting()).rejects.toMatchObject({ code: 'unavailable' })
  await nowhere.close()
})
