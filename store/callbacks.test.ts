import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { specStore } from '#test/store.ts'
import type { NewCallback } from './callbacks.ts'
import { openChanges } from './changes.ts'

const spec = specStore()
const store = () => spec.store
const hourMs = 3_600_000
const inHours = (hours: number) => new Date(Date.now() + hours * hourMs)
const flowId = randomUUID()

const wish = (more: Partial<NewCallback> = {}): NewCallback => ({
  ...{ callId: randomUUID(), flowId, number: '+4930555014', name: 'Anna Berger', reason: 'crown', owner: '' },
  ...{ due: inHours(1), mergeMs: 24 * hourMs, typed: false },
  ...more,
})
const list = (tenantId: string) => store().callbacks.list(tenantId, 10)

describe('a callback', () => {
  it('tells who, why, when, and how often they have asked', async () => {
    const tenantId = randomUUID()
    const due = inHours(2)
    expect(await store().callbacks.add(tenantId, wish({ due, name: 'Anna\0' }))).toBe(false)
    expect(await list(tenantId)).toMatchObject([
      { number: '+4930555014', name: 'Anna', reason: 'crown', due, owner: null, times: 1, doneAt: null, doneBy: null },
    ])
  })

  it('is one for who asks the same owner again: the earlier time, the newer words', async () => {
    const tenantId = randomUUID()
    const [soon, later] = [inHours(1), inHours(5)]
    await store().callbacks.add(tenantId, wish({ due: soon, owner: 'Reception' }))
    const again = wish({ due: later, reason: 'pain', name: '', owner: 'Reception' })
    expect(await store().callbacks.add(tenantId, again)).toBe(true)
    expect(await list(tenantId)).toMatchObject([
      { due: soon, reason: 'pain', name: 'Anna Berger', owner: 'Reception', times: 2, callId: again.callId },
    ])
  })

  it('is of another owner for who asks that one, of the same moment, too', async () => {
    const tenantId = randomUUID()
    const owners = ['Sales', 'Support', '']
    const all = await Promise.all(
      owners.map((owner) => store().callbacks.add(tenantId, wish({ owner, reason: owner }))),
    )
    expect(all).toEqual([false, false, false])
    const rows = (await list(tenantId)).map(({ owner, reason }) => [owner ?? '', reason]).sort()
    expect(rows).toEqual([['', ''], ...owners.slice(0, 2).map((owner) => [owner, owner])])
  })

  it('keeps its words and its call when somebody types its number', async () => {
    const tenantId = randomUUID()
    const first = wish({ due: inHours(2) })
    await store().callbacks.add(tenantId, first)
    const sooner = inHours(1)
    const typed = wish({ due: sooner, name: 'Mallory', reason: 'never mind', typed: true })
    expect(await store().callbacks.add(tenantId, typed)).toBe(true)
    expect(await list(tenantId)).toMatchObject([
      { due: sooner, reason: 'crown', name: 'Anna Berger', times: 2, callId: first.callId },
    ])
  })

  it('is another one for another number, another flow, after the window, and once it was done', async () => {
    const tenantId = randomUUID()
    const add = async (more: Partial<NewCallback> = {}) => store().callbacks.add(tenantId, wish(more))
    expect([await add(), await add({ number: '030123' }), await add({ flowId: randomUUID() })]).toEqual(
      Array(3).fill(false),
    )
    expect(await add({ mergeMs: 0 })).toBe(false)
    await spec.sql(`update callbacks set at = at - interval '25 hours' where tenant_id = $1`, [tenantId])
    expect(await add()).toBe(false)
    for (const { id } of await list(tenantId)) await store().callbacks.setDone(tenantId, id, true, 'ada')
    expect(await add()).toBe(false)
  })

  it('is one for two calls of the same moment', async () => {
    const tenantId = randomUUID()
    const all = await Promise.all(Array.from({ length: 6 }, () => store().callbacks.add(tenantId, wish())))
    expect(all.filter((merged) => !merged)).toHaveLength(1)
    expect(await list(tenantId)).toMatchObject([{ times: 6 }])
  })

  it('is taken, done, and to be done again', async () => {
    const tenantId = randomUUID()
    await store().callbacks.add(tenantId, wish())
    const [{ id } = { id: '' }] = await list(tenantId)
    await store().callbacks.setOwner(tenantId, id, 'ada')
    expect(await list(tenantId)).toMatchObject([{ owner: 'ada' }])
    await store().callbacks.setDone(tenantId, id, true, 'bob')
    expect(await list(tenantId)).toMatchObject([{ owner: 'ada', doneBy: 'bob', doneAt: expect.any(Date) }])
    expect(await store().callbacks.waiting(tenantId)).toEqual({ open: 0, overdue: 0 })
    await store().callbacks.setDone(tenantId, id, false, 'bob')
    await store().callbacks.setOwner(tenantId, id, null)
    expect(await list(tenantId)).toMatchObject([{ owner: null, doneBy: null, doneAt: null }])
  })

  it('stands by when it is due, and who was called last at the end', async () => {
    const tenantId = randomUUID()
    for (const [number, hours] of [
      ['111111', 3],
      ['222222', -1],
      ['333333', 1],
      ['444444', -2],
    ] as const)
      await store().callbacks.add(tenantId, wish({ number, due: inHours(hours) }))
    const done = (await list(tenantId)).filter(({ number }) => ['111111', '222222'].includes(number))
    for (const { id } of done) await store().callbacks.setDone(tenantId, id, true, 'ada')
    expect((await list(tenantId)).map(({ number }) => number)).toEqual(['444444', '333333', '111111', '222222'])
    expect(await store().callbacks.waiting(tenantId)).toEqual({ open: 2, overdue: 1 })
  })

  it('is refused when the list is full', async () => {
    const tenantId = randomUUID()
    await spec.sql(
      `insert into callbacks (id, tenant_id, call_id, flow_id, number, name, reason, due)
       select gen_random_uuid(), $1, $1, $1, n::text, '', '', now() from generate_series(1, 10000) n`,
      [tenantId],
    )
    await expect(store().callbacks.add(tenantId, wish())).rejects.toMatchObject({ code: 'limit' })
  })

  it('is told to those who listen for calls', async () => {
    const changes = openChanges(spec.databaseUrl, () => {})
    const heard: unknown[] = []
    await new Promise<void>((listening) =>
      changes.on('calls', (news) => (news === 'reconnected' ? listening() : heard.push(news))),
    )
    const tenantId = randomUUID()
    const asked = wish()
    await store().callbacks.add(tenantId, asked)
    await expect.poll(() => heard).toContainEqual({ tenantId, callIds: [asked.callId] })
    await changes.close()
  })
})

it('forgets what was done, or due, before the days of the tenant', async () => {
  const tenantId = randomUUID()
  await store().messages.set(tenantId, { keeps: false, days: 7 }, 'ada')
  const [dueLongAgo, doneLongAgo, doneLately, dueLately] = ['111111', '222222', '333333', '444444']
  for (const [number, days] of [
    [dueLongAgo, -8],
    [doneLongAgo, -9],
    [doneLately, -9],
    [dueLately, -6],
  ] as const)
    await store().callbacks.add(tenantId, wish({ number, due: inHours(days * 24) }))
  await spec.sql(
    `update callbacks set done_at = now() - case number when $2 then interval '8 days' else interval '6 days' end
     where tenant_id = $1 and number in ($2, $3)`,
    [tenantId, doneLongAgo, doneLately],
  )
  expect(await store().callbacks.forgetOld(randomUUID(), 10)).toBe(0)
  expect(await store().callbacks.forgetOld(tenantId, 10)).toBe(2)
  expect((await list(tenantId)).map(({ number }) => number).toSorted()).toEqual([doneLately, dueLately])
})
