import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Cells, type Row, type RowMatch, Table } from '#flow/table.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { specStore } from '#test/store.ts'

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
})
