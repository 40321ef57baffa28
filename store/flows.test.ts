import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { block } from '#flow/testing/draw.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import { StoreError } from './error.ts'
import type { FlowSummary } from './flowList.ts'

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

  const {
    flows: [summary, ...others],
    total,
  } = await store.flows.list(tenantId)

  expect([others, total]).toEqual([[], 1])
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
  const {
    flows: [summary],
  } = await store.flows.list(tenantId)
  expect(summary?.draftHash).not.toBe(summary?.published?.hash)
})

it('takes a removed flow away from lists and callers, and brings it back whole', async () => {
  const { store } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const answering = async () => (await store.routes.loadRouting()).filter((route) => route.tenantId === tenantId)

  await store.flows.remove(tenantId, flowId, 'ada')
  expect(await store.flows.list(tenantId)).toEqual({ flows: [], total: 0 })
  expect(await answering()).toEqual([])
  await expect(store.flows.get(tenantId, flowId)).rejects.toMatchObject({ code: 'notFound' })
  const saving = store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('x'), revision: 1, by: 'ada' })
  await expect(saving).rejects.toMatchObject({ code: 'notFound' })
  expect(await store.flows.listRemoved(tenantId)).toMatchObject([{ id: flowId, name: 'Front desk' }])

  await store.flows.restore(tenantId, flowId)
  expect(await answering()).toMatchObject([{ called: null, flowId, versionId: versions[0]?.id, test: false }])
  expect((await store.flows.list(tenantId)).flows).toHaveLength(1)
  expect(await store.flows.listRemoved(tenantId)).toEqual([])
})

it('is restored and removed once by whoever clicks twice, and both times it is done', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store, 'Desk', ['first'])
  const remove = (by: string) => store.flows.remove(tenantId, flowId, by)
  await Promise.all([remove('ada'), remove('ada')])
  await remove('grace')
  expect(await store.flows.listRemoved(tenantId)).toMatchObject([{ deletedBy: 'ada', answered: ['default'] }])
  await store.flows.create(tenantId, { flow: emptyFlow('Desk'), by: 'ada' })

  const restore = () => store.flows.restore(tenantId, flowId)
  const back = { name: 'Desk 2', taken: [] }
  expect(await Promise.all([restore(), restore()])).toEqual([back, back])
  expect(await restore()).toEqual(back)
  expect(await store.flows.get(tenantId, flowId)).toMatchObject({ revision: 2 })
  expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, flowId }])
})

it('cannot bring a flow back after thirty days', async () => {
  const { store, sql } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  await store.flows.remove(tenantId, flowId, 'ada')
  await sql(`update flows set deleted_at = now() - interval '30 days 1 minute' where id = $1`, [flowId])
  await expect(store.flows.restore(tenantId, flowId)).rejects.toMatchObject({ code: 'notFound' })
  await expect(store.flows.remove(tenantId, flowId, 'ada')).rejects.toMatchObject({ code: 'notFound' })
  expect(await store.flows.listRemoved(tenantId)).toEqual([])
})

describe('names', () => {
  it('are given once, however many want one at the same moment', async () => {
    const { store } = spec
    const { tenantId } = await tenantWithFlow(store, 'Desk')
    const made = await Promise.all(
      Array.from({ length: 5 }, () => store.flows.create(tenantId, { flow: emptyFlow('desk'), by: 'ada' })),
    )
    expect(made.map(({ name }) => name).sort()).toEqual(['desk 2', 'desk 3', 'desk 4', 'desk 5', 'desk 6'])
    const first = made[0]
    expect((await store.flows.get(tenantId, first?.id ?? '')).flow.name).toBe(first?.name)
  })

  /** The same for whoever reads them: letter case, one letter or two, spaces at the ends. */
  const spellings: [string, string][] = [
    ['Desk', 'dESK'],
    ['Ärzte', 'äRZTE'],
    ['İstanbul', 'i\u0307stanbul'],
    ['Straße', 'straẞe'],
    ['ΟΔΟΣ', 'οδος'],
    ['Café', 'CAFE\u0301'],
    ['I\u0307zmir', 'İZMIR'],
    ['Front desk', ' Front desk '],
  ]

  it.each(spellings)('%j and %j are one, for a new flow and for one that is renamed', async (name, other) => {
    const { store } = spec
    const { tenantId } = await tenantWithFlow(store, name)
    const second = await store.flows.create(tenantId, { flow: emptyFlow(other), by: 'ada' })
    expect(second.name).toBe(`${other.trimEnd()} 2`)
    const renaming = store.flows.saveDraft(tenantId, second.id, { flow: emptyFlow(other), revision: 1, by: 'ada' })
    await expect(renaming).rejects.toMatchObject({ code: 'flowNameTaken' })
    expect((await store.flows.get(tenantId, second.id)).flow.name).toBe(second.name)
    // In another letter case it is still its own.
    const own = { flow: emptyFlow(second.name.toUpperCase()), revision: 1, by: 'ada' }
    expect(await store.flows.saveDraft(tenantId, second.id, own)).toMatchObject({ revision: 2 })
  })

  it('are never two, whatever renames, makes and restores flows at the same moment', async () => {
    const { store } = spec
    const { tenantId, flowId: removed } = await tenantWithFlow(store, 'Desk')
    await store.flows.remove(tenantId, removed, 'ada')
    const flows = await Promise.all(
      Array.from({ length: 8 }, (_, n) => store.flows.create(tenantId, { flow: emptyFlow(`Flow ${n}`), by: 'ada' })),
    )
    const outcomes = await Promise.allSettled([
      ...flows.map(({ id }, n) =>
        store.flows.saveDraft(tenantId, id, { flow: emptyFlow(n % 2 ? 'Desk' : 'DESK'), revision: 1, by: 'ada' }),
      ),
      store.flows.create(tenantId, { flow: emptyFlow('desk'), by: 'ada' }),
      store.flows.restore(tenantId, removed),
    ])
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'flowNameTaken'))
    expect(refused.length).toBeGreaterThanOrEqual(7)
    const names = (await store.flows.list(tenantId)).flows.map(({ name }) => name.toLowerCase())
    expect(names.filter((name) => name === 'desk')).toHaveLength(1)
    expect(new Set(names).size).toBe(names.length)
  })

  it('are free again when their flow is removed, and one may keep its own', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'Desk')
    expect(await store.flows.freeName(tenantId, 'Desk')).toBe('Desk 2')
    expect(await store.flows.freeName(tenantId, 'Desk', flowId)).toBe('Desk')
    await store.flows.remove(tenantId, flowId, 'ada')
    expect(await store.flows.freeName(tenantId, 'Desk')).toBe('Desk')
  })
})

describe('a removed flow', () => {
  it('says who removed it, until when it can be restored, and what it answered', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'Front desk', ['first'])
    await store.routes.set(tenantId, flowId, '+31201234567')
    await store.flows.remove(tenantId, flowId, 'grace')
    const removed = await store.flows.removed(tenantId, flowId)
    expect(await store.flows.listRemoved(tenantId)).toEqual([removed])
    expect(removed).toMatchObject({ deletedBy: 'grace', version: 1, answered: ['default', '+31201234567'] })
    expect(removed.until.getTime() - removed.deletedAt.getTime()).toBe(30 * 24 * 3600 * 1000)
  })

  it('answers again what nobody has taken, and says who has taken the rest', async () => {
    const { store } = spec
    const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
    for (const called of ['+31201234567', '+31201234568', '+31201234569']) {
      await store.routes.set(tenantId, flowId, called)
    }
    await store.flows.remove(tenantId, flowId, 'ada')
    const { id: other } = await store.flows.create(tenantId, { flow: emptyFlow('Night desk'), by: 'ada' })
    // It takes the default by being published, one number for good, and another for a while only.
    await store.versions.publish(tenantId, other, { revision: 1, note: '', by: 'ada' })
    await store.routes.set(tenantId, other, '+31201234567')
    await store.routes.set(tenantId, other, '+31201234568')
    await store.routes.unset(tenantId, other, '+31201234568')

    expect(await store.flows.restore(tenantId, flowId)).toEqual({
      name: 'Front desk',
      taken: [
        { called: 'default', by: 'Night desk' },
        { called: '+31201234567', by: 'Night desk' },
      ],
    })
    const answering = (await store.routes.list(tenantId)).filter((route) => route.flowId === flowId)
    expect(answering).toEqual(
      ['+31201234568', '+31201234569'].map((called) => ({ called, flowId, versionId: versions[0]?.id })),
    )
  })

  it('takes back what a flow had that is removed itself by now, and that one says so when it comes back', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'Front desk', ['first'])
    await store.flows.remove(tenantId, flowId, 'ada')
    const { id: other } = await store.flows.create(tenantId, { flow: emptyFlow('Night desk'), by: 'ada' })
    await store.versions.publish(tenantId, other, { revision: 1, note: '', by: 'ada' })
    await store.flows.remove(tenantId, other, 'ada')
    expect((await store.flows.restore(tenantId, flowId)).taken).toEqual([])
    expect(await store.routes.list(tenantId)).toMatchObject([{ called: null, flowId }])
    expect((await store.flows.restore(tenantId, other)).taken).toEqual([{ called: 'default', by: 'Front desk' }])
  })

  it('comes back under another name when its own is taken, in its document too', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'Desk')
    await store.flows.remove(tenantId, flowId, 'ada')
    await store.flows.create(tenantId, { flow: emptyFlow('Desk'), by: 'ada' })
    expect((await store.flows.restore(tenantId, flowId)).name).toBe('Desk 2')
    expect(await store.flows.get(tenantId, flowId)).toMatchObject({ revision: 2, flow: { name: 'Desk 2' } })
  })
})

describe('the list', () => {
  /** Flows of these names, the last one changed last. */
  async function tenantWith(names: string[]) {
    const { tenantId } = await tenantWithFlow(spec.store, names[0])
    for (const name of names.slice(1)) await spec.store.flows.create(tenantId, { flow: emptyFlow(name), by: 'ada' })
    return tenantId
  }
  const marks = {
    changed: ({ updatedAt, id }: FlowSummary) => ({ key: updatedAt.toISOString(), id }),
    name: ({ name, id }: FlowSummary) => ({ key: name, id }),
  }

  it.each(['changed', 'name'] as const)('by %s comes page by page: each flow once, in order', async (sort) => {
    const names = ['Beta', 'alpha', 'Äpfel', 'Zulu', 'gamma', 'Delta', 'zebra']
    const tenantId = await tenantWith(names)
    // Some were changed in the same millisecond.
    await spec.sql(
      `update flows set updated_at = '2026-11-20' where tenant_id = $1 and name in ('Beta', 'Zulu', 'zebra')`,
      [tenantId],
    )
    const whole = (await spec.store.flows.list(tenantId, { sort })).flows.map(({ name }) => name)
    expect([...whole].sort()).toEqual([...names].sort())
    if (sort === 'name') expect(whole).toEqual(['alpha', 'Äpfel', 'Beta', 'Delta', 'gamma', 'zebra', 'Zulu'])
    const paged: string[] = []
    for (let after: { key: string; id: string } | undefined; ; ) {
      const { flows, total } = await spec.store.flows.list(tenantId, { sort, limit: 2, ...(after && { after }) })
      expect(total).toBe(7)
      paged.push(...flows.map(({ name }) => name))
      const last = flows.at(-1)
      if (!last) break
      after = marks[sort](last)
    }
    expect(paged).toEqual(whole)
  })

  it('finds every word in a name, in who changed it, or in what it answers', async () => {
    const { store } = spec
    const { tenantId, flowId } = await tenantWithFlow(store, 'Front desk 100 % Äpfel', ['first'])
    await store.routes.set(tenantId, flowId, '+14255550100')
    await store.flows.create(tenantId, { flow: emptyFlow('Other cafe\u0301'), by: 'grace' })
    const found = async (search: string) => (await store.flows.list(tenantId, { search })).total
    const searches: [string, number][] = [
      ['', 2],
      ['desk', 1],
      ['DESK  front', 1],
      ['äPFEL', 1],
      ['A\u0308pfel', 1],
      ['CAFÉ', 1],
      ['5550100', 1],
      ['ada desk', 1],
      ['grace', 1],
      ['grace desk', 0],
      ['100 %', 1],
      ['%', 1],
      ['_', 0],
      ["'; drop table flows", 0],
    ]
    for (const [search, total] of searches) expect(await found(search), search).toBe(total)
  })

  it('has nothing behind a mark that it never gave', async () => {
    const tenantId = await tenantWith(['Desk'])
    for (const after of [
      { key: 'yesterday', id: randomUUID() },
      { key: '2026-11-20', id: 'none' },
      { key: '0', id: randomUUID() },
      { key: '-271821-04-20T00:00:00.000Z', id: randomUUID() },
      { key: '+275760-09-13T00:00:00.000Z', id: randomUUID() },
    ]) {
      expect(await spec.store.flows.list(tenantId, { after })).toEqual({ flows: [], total: 0 })
    }
  })
})
