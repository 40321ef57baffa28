import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { Block, Flow } from '#flow/flow.ts'
import { type Cells, type Row, type RowMatch, Table } from '#flow/table.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { goTo } from '#flow/testing/subFlows.ts'
import { specStore } from '#test/store.ts'
import { openStore } from './database.ts'

const spec = specStore()
const columns: Table['columns'] = [
  { id: 'name', name: 'Name', type: 'text' },
  { id: 'phone', name: 'Phone', type: 'phone' },
  { id: 'from', name: 'From', type: 'day' },
  { id: 'to', name: 'To', type: 'day' },
]
const table = (name = 'People') => Table.parse({ name, columns })
const row = (cells: Cells, id: string = randomUUID()): Row => ({ id, cells })
const ada = row({ name: 'Ada', phone: '+14255550100', from: '2026-12-01', to: '2026-12-31' })
const bob = row({ name: 'Bob', from: '2027-01-01' })
const named = (key: string): RowMatch => ({ kind: 'column', column: 'name', key })

const make = async (rows: Row[] = [ada, bob], tenantId = randomUUID()) => {
  const { tables } = spec.store
  const id = await tables.create(tenantId, { table: table(), rows, by: 'ada' })
  let revision = 1
  return {
    tenantId,
    id,
    rows: async () => (await tables.get(tenantId, id)).rows,
    changes: async () =>
      (await tables.changes(tenantId, id)).map(({ by, old, now }) => [by, old?.name ?? null, now?.name ?? null]),
    async save(next: Row[], to = table()) {
      ;({ revision } = await tables.save(tenantId, id, { table: to, rows: next, revision, by: 'bob' }))
    },
    find: (match: RowMatch, asOf = Date.now(), callId: string = randomUUID()) =>
      tables.lookUp(tenantId, { table: id, match, asOf, callId }),
    write: (match: RowMatch | null, cells: Cells, callId: string = randomUUID()) =>
      tables.write(tenantId, { table: id, match, cells, callId }),
    shared: async () => (await spec.store.calendars.shared(tenantId)).revision,
  }
}
const versions = async (id: string) =>
  (await spec.sql('select count(*)::int as n from table_rows where table_id = $1', [id])).rows[0].n

describe('tables', () => {
  it('keep their rows in order, and say how many there are', async () => {
    const { tenantId, rows } = await make()
    expect(await rows()).toEqual([ada, bob])
    expect(await spec.store.tables.list(tenantId)).toMatchObject([{ table: table(), size: 2, revision: 1 }])
    const { shared } = await spec.store.calendars.shared(tenantId)
    expect(Object.values(shared.tables)).toEqual([table()])
  })

  it('write only the rows that changed, wherever one was put in, and keep who changed what', async () => {
    const people = await make()
    const eve = row({ name: 'Eve' })
    await people.save([ada, eve, { ...bob, cells: { name: 'Bert' } }])
    expect(await people.rows()).toEqual([ada, eve, { ...bob, cells: { name: 'Bert' } }])
    expect(await versions(people.id)).toBe(4)
    await people.save([eve, ada])
    expect(await people.rows()).toEqual([eve, ada])
    const [latest] = await people.changes()
    expect(latest?.[0]).toBe('bob')
    expect((await people.changes()).slice(-4).sort()).toEqual(
      [
        ['ada', null, 'Ada'],
        ['ada', null, 'Bob'],
        ['bob', null, 'Eve'],
        ['bob', 'Bob', 'Bert'],
      ].sort(),
    )
    expect(await people.changes()).toContainEqual(['bob', 'Bert', null])
  })

  it('are saved by who saw the latest, and by nobody else; also rows that a flow has written are news', async () => {
    const people = await make()
    await people.write(null, { name: 'Eve' })
    await expect(people.save([ada])).rejects.toMatchObject({ code: 'changedMeanwhile', detail: { revision: 2 } })
    expect(await people.rows()).toHaveLength(3)
  })

  it('have names of their own, whatever their case', async () => {
    const { tenantId } = await make()
    const twice = spec.store.tables.create(tenantId, { table: table('PEOPLE'), rows: [], by: 'ada' })
    await expect(twice).rejects.toMatchObject({ code: 'nameTaken' })
  })

  it('make flows ready anew by their name and columns, never by their rows', async () => {
    const people = await make()
    const before = await people.shared()
    await people.save([ada])
    await people.write(null, { name: 'Eve' })
    expect(await people.shared()).toBe(before)
    const { revision } = await spec.store.tables.get(people.tenantId, people.id)
    const save = { table: table('Others'), rows: [ada], revision, by: 'ada' }
    await spec.store.tables.save(people.tenantId, people.id, save)
    expect(await people.shared()).toBe(before + 1)
  })

  it('lose columns many at once with one connection each', async () => {
    const tenantId = randomUUID()
    const store = openStore({ databaseUrl: spec.databaseUrl, poolSize: 2 })
    try {
      const make = (n: number) => store.tables.create(tenantId, { table: table(`T${n}`), rows: [], by: 'ada' })
      const ids = await Promise.all([make(1), make(2), make(3), make(4)])
      const fewer = (n: number) => Table.parse({ name: `T${n}`, columns: columns.slice(0, 1) })
      const save = (id: string, n: number) =>
        store.tables.save(tenantId, id, { table: fewer(n + 1), rows: [], revision: 1, by: 'ada' })
      expect(await Promise.all(ids.map(save))).toEqual(ids.map(() => ({ revision: 2 })))
    } finally {
      await store.close()
    }
  })

  it('stay as long as a flow speaks of them, and so do their columns', async () => {
    const people = await make()
    const { tenantId, id } = people
    const settings = { table: { id, name: 'People' }, action: 'add', cells: [{ column: 'phone', value: '""' }] }
    const flow = draw({ write: block('tableUpdate', settings) }, { name: 'Desk' })
    const { id: flowId } = await spec.store.flows.create(tenantId, { flow, by: 'ada' })
    expect(await spec.store.tables.uses(tenantId, id)).toEqual([
      { flowId, name: 'Desk', draft: true, live: false, writes: true },
    ])
    const inUse = { code: 'inUse', detail: { flows: ['Desk'] } }
    await expect(spec.store.tables.remove(tenantId, id)).rejects.toMatchObject(inUse)
    const without = Table.parse({ name: 'People', columns: columns.filter((column) => column.id !== 'phone') })
    await expect(people.save([ada], without)).rejects.toMatchObject(inUse)
    await spec.store.flows.remove(tenantId, flowId, 'ada')
    await spec.store.tables.remove(tenantId, id)
    await expect(people.find(named('ada'))).rejects.toMatchObject({ code: 'notFound', detail: { what: 'table' } })
    await expect(people.write(null, {})).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('what a table is needed by', () => {
  const uses = ({ id }: { id: string }) =>
    block('tableUpdate', { table: { id, name: 'People' }, action: 'add', cells: [{ column: 'phone', value: '""' }] })

  /** A flow to be published as often as wanted; its draft has nothing in it. */
  async function flowIn(tenantId: string, name: string) {
    const { flows, versions } = spec.store
    const empty = draw({}, { name })
    let { id, revision } = await flows.create(tenantId, { flow: empty, by: 'ada' })
    const save = async (flow: Flow) => {
      ;({ revision } = await flows.saveDraft(tenantId, id, { flow, revision, by: 'ada' }))
    }
    return {
      id,
      async publish(blocks: Record<string, Block>) {
        await save(draw(blocks, { name }))
        await versions.publish(tenantId, id, { revision, note: '', by: 'ada' })
        await save(empty)
      },
    }
  }

  it('is what callers come to from one flow to the next, whatever their drafts are now', async () => {
    const people = await make()
    const { tenantId, id } = people
    const { routes, tables, flows } = spec.store
    const front = await flowIn(tenantId, 'Front')
    const middle = await flowIn(tenantId, 'Middle')
    const last = await flowIn(tenantId, 'Last')
    // What names no flow is passed over, and the circle comes to an end.
    await front.publish({
      go: goTo(middle.id),
      bad: block('goToFlow', { flow: { id: 'none' } }),
      none: block('goToFlow'),
    })
    await middle.publish({ go: goTo(last.id) })
    await last.publish({ write: uses(people), go: goTo(front.id) })
    expect(await routes.list(tenantId)).toMatchObject([{ called: null, flowId: front.id }])

    expect(await tables.uses(tenantId, id)).toEqual([
      { flowId: last.id, name: 'Last', live: true, draft: false, writes: true },
    ])
    const neededBy = (name: string) => ({ code: 'inUse', detail: { flows: [name] } })
    await expect(tables.remove(tenantId, id)).rejects.toMatchObject(neededBy('Last'))
    await expect(flows.remove(tenantId, last.id, 'ada')).rejects.toMatchObject(neededBy('Middle'))
    await routes.unset(tenantId, front.id, null)
    await tables.remove(tenantId, id)
  })

  it('is the version that a block is bound to, and not the one after it', async () => {
    const people = await make()
    const { tenantId, id } = people
    const front = await flowIn(tenantId, 'Front')
    const last = await flowIn(tenantId, 'Last')
    await front.publish({ go: goTo(last.id, 1) })
    await last.publish({ write: uses(people) })
    await last.publish({ end: hangUp() })
    await expect(spec.store.tables.remove(tenantId, id)).rejects.toMatchObject({ code: 'inUse' })
    await front.publish({ go: goTo(last.id) })
    await spec.store.tables.remove(tenantId, id)
  })
})

describe('look-ups', () => {
  it('find the first row in order with such a cell, or that holds a day', async () => {
    const people = await make([ada, bob, row({ name: ' ADA ' })])
    expect(await people.find(named('ada'))).toEqual(ada.cells)
    expect(await people.find(named('nobody'))).toBeNull()
    const on = (day: string) => people.find({ kind: 'day', first: 'from', last: 'to', day })
    expect([await on('2026-11-30'), await on('2026-12-01'), await on('2026-12-31'), await on('2030-01-01')]).toEqual([
      null,
      ada.cells,
      ada.cells,
      bob.cells,
    ])
  })

  it('see what counted at a moment, whatever was saved since: changed, removed or added', async () => {
    const people = await make()
    const began = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    const eve = row({ name: 'Eve' })
    await people.save([{ ...ada, cells: { name: 'Ada', phone: '+14255550199' } }, eve])
    expect([await people.find(named('ada'), began), await people.find(named('bob'), began)]).toEqual([
      ada.cells,
      bob.cells,
    ])
    expect(await people.find(named('eve'), began)).toBeNull()
    expect([await people.find(named('bob')), await people.find(named('eve'))]).toEqual([null, eve.cells])
    expect(await spec.store.tables.rowsAt(people.tenantId, people.id, new Date(began))).toEqual([ada, bob])
  })

  it('see what the call itself has written, and what no other call has', async () => {
    const people = await make()
    const [callId, began] = [randomUUID(), Date.now() - 1]
    await people.write(null, { name: 'Eve' }, callId)
    await people.write(named('eve'), { phone: '+14255550111' }, callId)
    expect(await people.find(named('eve'), began, callId)).toEqual({ name: 'Eve', phone: '+14255550111' })
    expect(await people.find(named('eve'), began)).toBeNull()
  })
})

describe('updates', () => {
  it('change the first row that matches, or say that there is none', async () => {
    const people = await make()
    expect(await people.write(named('ada'), { phone: '+14255550111' })).toBe(true)
    expect((await people.rows())[0]?.cells).toEqual({ ...ada.cells, phone: '+14255550111' })
    expect(await people.write(named('nobody'), { phone: '+14255550111' })).toBe(false)
  })

  it('of one row at the same moment all count', async () => {
    const many: Table['columns'] = Array.from({ length: 8 }, (_, n) => ({ id: `c${n}`, name: `${n}`, type: 'number' }))
    const [tenantId, id] = [randomUUID(), randomUUID()]
    const { tables } = spec.store
    const numbers = Table.parse({ name: 'N', columns: [{ id: 'name', name: 'Name', type: 'text' }, ...many] })
    const made = await tables.create(tenantId, { table: numbers, rows: [row({ name: 'x' }, id)], by: 'ada' })
    await Promise.all(
      many.map(({ id: column }, n) =>
        tables.write(tenantId, { table: made, match: named('x'), cells: { [column]: n }, callId: randomUUID() }),
      ),
    )
    expect((await tables.get(tenantId, made)).rows).toEqual([
      { id, cells: { name: 'x', ...Object.fromEntries(many.map(({ id: column }, n) => [column, n])) } },
    ])
  })

  it('are refused when the table is full', async () => {
    const people = await make(Array.from({ length: 2000 }, (_, n) => row({ name: `n${n}` })))
    await expect(people.write(null, { name: 'more' })).rejects.toMatchObject({ code: 'limit' })
  })

  it('put a row behind the last one, wherever that was put', async () => {
    const people = await make()
    await people.save([bob, ada])
    await people.write(null, { name: 'Eve' })
    expect((await people.rows()).map(({ cells }) => cells.name)).toEqual(['Bob', 'Ada', 'Eve'])
  })

  it('wait a second for who writes there, not longer, and say so; look-ups wait for nobody', async () => {
    const people = await make()
    const writer = new pg.Client({ connectionString: spec.databaseUrl })
    await writer.connect()
    try {
      await writer.query('begin')
      await writer.query('select from tables where id = $1 for update', [people.id])
      const late = people.write(null, { name: 'Eve' })
      await expect(late).rejects.toMatchObject({ code: 'unavailable', detail: { why: 'locked' } })
      expect(await people.find(named('ada'))).toEqual(ada.cells)
    } finally {
      await writer.end()
    }
    expect(await people.rows()).toHaveLength(2)
  })
})

describe('the bytes of a table', () => {
  const full = Array.from({ length: 1951 }, (_, n) => row({ name: `${n} `.padEnd(960, 'x') }))
  const large = { name: 'é'.repeat(1000) }

  it('have a bound for flows, which may still write what takes no more', async () => {
    const people = await make(full)
    const match = named(String(full[0]?.cells.name))
    await expect(people.write(null, large)).rejects.toMatchObject({ code: 'limit' })
    await expect(people.write(match, large)).rejects.toMatchObject({ code: 'limit' })
    expect(await people.write(match, { name: 'short' })).toBe(true)
    expect(await people.write(null, { name: 'more' })).toBe(true)
  })

  it('have the same bound for people, below what an API takes at once', async () => {
    const people = await make(full)
    const limit = { code: 'limit', message: expect.stringMatching(/at most 2 MB/) }
    await expect(people.save([...full, row(large)])).rejects.toMatchObject(limit)
    await expect(make([...full, row(large)])).rejects.toMatchObject(limit)
    expect(Buffer.byteLength(JSON.stringify({ table: table(), rows: full }))).toBeLessThan(2 * 1024 * 1024 - 20_000)
  })
})
