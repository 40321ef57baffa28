import { describe, expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import { openStore } from './database.ts'

const spec = specStore()
const number = '+31201234567'
const any = { called: null, caller: null, when: null }

/** A tenant with two published flows and hours. The first flow answers by default. */
async function desk() {
  const { store } = spec
  const { tenantId, flowId: first } = await tenantWithFlow(store, 'First', ['first'])
  const { id: second } = await store.flows.create(tenantId, { flow: emptyFlow('Second'), by: 'ada' })
  await store.versions.publish(tenantId, second, { revision: 1, note: '', by: 'ada' })
  const calendar = { name: 'Office', timeZone: 'UTC', week: weekOf(['09:00', '17:00']), holidays: [], overrides: [] }
  const calendarId = await store.calendars.create(tenantId, { calendar, by: 'ada' })
  const rules = async () =>
    (await store.routeRules.list(tenantId)).map(({ called, caller, when, flow }) => [called, caller, when?.state, flow])
  return { store, tenantId, first, second, calendarId, rules }
}

describe('rules', () => {
  it('stand behind one another, and what has no condition behind them all', async () => {
    const { store, tenantId, second, calendarId, rules } = await desk()
    await store.routeRules.add(tenantId, { called: number, caller: '+49', when: null, flowId: second })
    const when = { calendarId, state: 'closed' as const }
    await store.routeRules.add(tenantId, { called: number, caller: null, when, flowId: second })
    expect(await rules()).toEqual([
      [number, '+49', undefined, 'Second'],
      [number, null, 'closed', 'Second'],
      [null, null, undefined, 'First'],
    ])
    const routing = (await store.routes.loadRouting()).filter((entry) => entry.tenantId === tenantId)
    expect(routing.find((entry) => entry.when !== null)).toMatchObject({ when, calendar: { name: 'Office' } })
  })

  it('are put in another order at once, and only all of them', async () => {
    const { store, tenantId, second, rules } = await desk()
    const add = (caller: string) => store.routeRules.add(tenantId, { ...any, caller, flowId: second })
    const ids = [await add('+1'), await add('+2'), await add('+3')]
    await store.routeRules.order(tenantId, ids.toReversed())
    expect((await rules()).map(([, caller]) => caller)).toEqual(['+3', '+2', '+1', null])
    for (const wrong of [ids.slice(1), [...ids, ids[0] ?? ''], [ids[0] ?? '', ids[0] ?? '', ids[1] ?? '']]) {
      await expect(store.routeRules.order(tenantId, wrong)).rejects.toMatchObject({ code: 'changedMeanwhile' })
    }
  })

  it('of the same conditions belong to one flow, and a removed flow holds none', async () => {
    const { store, tenantId, first, second, rules } = await desk()
    const id = await store.routeRules.add(tenantId, { ...any, caller: '+49', flowId: second })
    const again = store.routeRules.add(tenantId, { ...any, caller: '+49', flowId: first })
    await expect(again).rejects.toMatchObject({ code: 'taken', detail: { name: 'Second' } })
    const other = await store.routeRules.add(tenantId, { ...any, caller: '+31', flowId: first })
    const onto = store.routeRules.change(tenantId, other, { ...any, caller: '+49', flowId: first })
    await expect(onto).rejects.toMatchObject({ code: 'taken' })
    await store.flows.remove(tenantId, second, 'ada')
    await store.routeRules.change(tenantId, other, { ...any, caller: '+49', flowId: first })
    await expect(store.routeRules.remove(tenantId, id)).rejects.toMatchObject({ code: 'notFound' })
    expect(await rules()).toEqual([
      [null, '+49', undefined, 'First'],
      [null, null, undefined, 'First'],
    ])
  })

  it('come back with a flow that is restored, as they were', async () => {
    const { store, tenantId, second, rules } = await desk()
    await store.routeRules.add(tenantId, { called: number, caller: '+49', when: null, flowId: second })
    const before = await rules()
    await store.flows.remove(tenantId, second, 'ada')
    expect(await rules()).toHaveLength(1)
    await store.flows.restore(tenantId, second)
    expect(await rules()).toEqual(before)
  })

  it('lead to the version that is published last', async () => {
    const { store, tenantId, second } = await desk()
    await store.routeRules.add(tenantId, { ...any, caller: '+49', flowId: second })
    const { revision } = await store.flows.saveDraft(tenantId, second, {
      ...{ flow: { ...emptyFlow('Second'), apology: 'Other words.' }, revision: 1, by: 'ada' },
    })
    await store.versions.publish(tenantId, second, { revision, note: '', by: 'ada' })
    expect((await store.routeRules.list(tenantId))[0]).toMatchObject({ flow: 'Second', version: 2 })
  })

  it('need a flow that is published, and hours that are there', async () => {
    const { store, tenantId, second } = await desk()
    const { id: draft } = await store.flows.create(tenantId, { flow: emptyFlow('Draft'), by: 'ada' })
    const add = (flowId: string, calendarId?: string) =>
      store.routeRules.add(tenantId, {
        ...any,
        caller: '+49',
        when: calendarId === undefined ? null : { calendarId, state: 'open' },
        flowId,
      })
    await expect(add(draft)).rejects.toMatchObject({ detail: { what: 'publishedVersion' } })
    await expect(add(second, draft)).rejects.toMatchObject({ detail: { what: 'calendar' } })
    await expect(add('nonsense')).rejects.toMatchObject({ detail: { what: 'flow' } })
  })

  it('keep the hours that they go by from being deleted', async () => {
    const { store, tenantId, second, calendarId } = await desk()
    await store.routeRules.add(tenantId, { ...any, when: { calendarId, state: 'open' }, flowId: second })
    await expect(store.calendars.remove(tenantId, calendarId)).rejects.toMatchObject({
      code: 'inUse',
      detail: { flows: ['Second'] },
    })
  })

  it('of a removed flow go with the hours that they went by', async () => {
    const { store, tenantId, second, calendarId, rules } = await desk()
    await store.routeRules.add(tenantId, { ...any, when: { calendarId, state: 'open' }, flowId: second })
    await store.routeRules.add(tenantId, { ...any, caller: '+49', flowId: second })
    await store.flows.remove(tenantId, second, 'ada')
    await store.calendars.remove(tenantId, calendarId)
    await store.flows.restore(tenantId, second)
    expect(await rules()).toEqual([
      [null, '+49', undefined, 'Second'],
      [null, null, undefined, 'First'],
    ])
  })

  it('are put in order by many at once, with one connection each', async () => {
    const { tenantId, second } = await desk()
    const { routeRules, close } = openStore({ databaseUrl: spec.databaseUrl, poolSize: 2 })
    try {
      const add = (caller: string) => routeRules.add(tenantId, { ...any, caller, flowId: second })
      const ids = [await add('+1'), await add('+2')]
      const orders = [ids, ids.toReversed(), ids, ids.toReversed()]
      expect(await Promise.all(orders.map((order) => routeRules.order(tenantId, order)))).toHaveLength(4)
    } finally {
      await close()
    }
  })
})

it('a rule that is made while its hours are deleted is refused, or keeps them', async () => {
  const { store, tenantId, second, calendarId } = await desk()
  const when = { calendarId, state: 'open' as const }
  const told = await Promise.allSettled([
    store.routeRules.add(tenantId, { ...any, when, flowId: second }),
    store.calendars.remove(tenantId, calendarId),
  ])
  const refused = told.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
  expect(refused).toHaveLength(1)
  expect(['inUse', 'changedMeanwhile', 'notFound']).toContain(refused[0])
})

it('two that want the same at the same moment: one is told', async () => {
  const { store, tenantId, first, second } = await desk()
  for (let n = 0; n < 10; n += 1) {
    const told = await Promise.allSettled(
      [first, second].map((flowId) => store.routeRules.add(tenantId, { ...any, caller: `+49${n}`, flowId })),
    )
    expect(told.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  }
})
