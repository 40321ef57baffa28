import { afterAll, beforeAll, expect, it } from 'vitest'
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

it('says that it is away where nobody listens', async () => {
  const nowhere = openStore({ databaseUrl: 'postgresql://postgres:x@127.0.0.1:1/postgres' })
  await expect(nowhere.ready()).rejects.toMatchObject({ code: 'unavailable' })
  await expect(nowhere.routes.loadRouting()).rejects.toMatchObject({ code: 'unavailable' })
  await nowhere.close()
})
