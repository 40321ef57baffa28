import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { type Cells, type Row, Table } from '#flow/table.ts'
import { block, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Tables as callers meet them: database, bot and emulator, over HTTP. */

let telephone: Telephone
let sql: pg.Pool
beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
  sql = new pg.Pool({ connectionString: telephone.wire.url, max: 1 })
})
afterAll(async () => {
  await sql.end()
  await telephone.close()
})

const columns: Table['columns'] = [
  { id: 'name', name: 'Name', type: 'text' },
  { id: 'phone', name: 'Phone', type: 'phone' },
  { id: 'calls', name: 'Calls', type: 'number' },
]
const row = (cells: Cells, id: string = randomUUID()): Row => ({ id, cells })
const onCall = row({ name: 'sales', phone: '+4940669690', calls: 1 })

/** A table, and a flow that waits for a key before it asks it. */
async function desk(ask: (table: { id: string; name: string }) => Flow['blocks'][string]) {
  const { tables, routes } = telephone.store
  const { tenantId } = telephone.identity
  const name = randomUUID()
  const table = Table.parse({ name, columns })
  const id = await tables.create(tenantId, { table, rows: [onCall], by: 'ada' })
  const asked = ask({ id, name })
  const flow = draw(
    {
      ask: menu('1', { '1': 'asked', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Press 1.', noInputRetries: 0 }),
      asked: { ...asked, exits: { found: 'found', done: 'found', notFound: 'nobody', error: 'failed' } },
      found: say('There it is.', { done: 'which' }),
      which: block(
        'branch',
        { conditions: [{ id: 'new', label: '', when: { kind: 'expression', expression: 't == "changed"' } }] },
        { new: 'new', else: 'old' },
      ),
      new: hangUp('Changed.'),
      old: hangUp('As it was.'),
      nobody: hangUp('Nobody there.'),
      failed: hangUp('It failed.'),
      bye: hangUp('Goodbye.'),
    },
    { name },
  )
  const { flowId } = await telephone.publish(flow)
  await routes.set(tenantId, flowId, name)
  return {
    id,
    flowId,
    rows: async () => (await tables.get(tenantId, id)).rows.map(({ cells }) => cells),
    async save(rows: Row[]) {
      const { revision } = await tables.get(tenantId, id)
      await tables.save(tenantId, id, { table, rows, revision, by: 'bob' })
    },
    remove: () => tables.remove(tenantId, id),
    async dial() {
      const call = await telephone.dial({ to: { applicationInstance: { id: name } } })
      await call.hears('Press 1')
      return call
    },
  }
}

const by = (value: string) => ({ kind: 'column', column: 'name', value })
const lookUp =
  (value = '"Sales"') =>
  (table: { id: string; name: string }) =>
    block('tableLookUp', { table, match: by(value), results: [{ column: 'name', variable: 't' }] })
const update =
  (value: string, cells: Record<string, string>) =>
  (table: { id: string; name: string }): Flow['blocks'][string] =>
    block('tableUpdate', {
      ...{ table, action: 'change', match: by(value) },
      cells: Object.entries(cells).map(([column, value]) => ({ column, value })),
    })

type Call = Awaited<ReturnType<Awaited<ReturnType<typeof desk>>['dial']>>
async function exitOf(call: Call, heard: string) {
  await call.presses('1')
  await call.hears(heard)
  await call.ends()
  const { steps } = await call.history()
  return steps.filter(({ block: at }) => at === 'asked').at(-1)?.exit
}

describe('the ways of a look-up', () => {
  it('found', async () => {
    expect(await exitOf(await (await desk(lookUp())).dial(), 'There it is')).toBe('found')
  })
  it('not found', async () => {
    expect(await exitOf(await (await desk(lookUp('"nobody"'))).dial(), 'Nobody there')).toBe('notFound')
  })
  it('error: the table is gone under a live call; as long as a flow speaks of it nobody can delete it', async () => {
    const gone = await desk(lookUp())
    const call = await gone.dial()
    await expect(gone.remove()).rejects.toMatchObject({ code: 'inUse' })
    await sql.query('delete from tables where id = $1', [gone.id])
    expect(await exitOf(call, 'It failed')).toBe('error')
  })
})

describe('the ways of an update', () => {
  it('done', async () => {
    const people = await desk(update('"sales"', { phone: '"0049 40 66969-111"', calls: '2' }))
    expect(await exitOf(await people.dial(), 'There it is')).toBe('done')
    expect(await people.rows()).toEqual([{ name: 'sales', phone: '+494066969111', calls: 2 }])
  })
  it('not found', async () => {
    const people = await desk(update('"nobody"', { calls: '2' }))
    expect(await exitOf(await people.dial(), 'Nobody there')).toBe('notFound')
    expect(await people.rows()).toEqual([onCall.cells])
  })
  it('error: a value that the column cannot hold', async () => {
    const people = await desk(update('"sales"', { phone: 't + "no number"' }))
    expect(await exitOf(await people.dial(), 'It failed')).toBe('error')
    expect(await people.rows()).toEqual([onCall.cells])
  })
})

it('the next call sees a change without publishing, and a call under way does not', async () => {
  const people = await desk(lookUp('"sales"'))
  const before = await people.dial()
  await people.save([row({ ...onCall.cells, name: 'other' }, onCall.id)])
  expect(await exitOf(await people.dial(), 'Nobody there')).toBe('notFound')
  expect(await exitOf(before, 'There it is')).toBe('found')
})

it('whoever is on call is rung by a number that only the table knows', async () => {
  const people = await desk((table) =>
    block('tableLookUp', { table, match: by('"sales"'), results: [{ column: 'phone', variable: 'p' }] }),
  )
  const { flow } = await telephone.store.flows.get(telephone.identity.tenantId, people.flowId)
  flow.variables.p = { type: 'phone', initial: '' }
  flow.blocks.found = block('transferToNumber', { number: '${p}' }, { failed: 'nobody' })
  await telephone.publish(flow, people.flowId)
  const call = await people.dial()
  await call.presses('1')
  await vi.waitFor(async () => {
    const transfers = (await telephone.requests()).filter(({ operation }) => operation === 'call-transfer')
    expect(JSON.stringify(transfers)).toContain('"id":"+4940669690"')
  })
  await call.ends()
})

it('two callers who write into one row at the same moment both count', async () => {
  const people = await desk((table) =>
    block('tableUpdate', { table, action: 'add', cells: [{ column: 'name', value: 'caller.id' }] }),
  )
  const calls = await Promise.all([people.dial(), people.dial(), people.dial()])
  expect(await Promise.all(calls.map((call) => exitOf(call, 'There it is')))).toEqual(['done', 'done', 'done'])
  expect(await people.rows()).toHaveLength(4)
})

it('what is written after the caller has hung up counts, and the call came out as its caller ended it', async () => {
  let table = { id: '', name: '' }
  const people = await desk((made) => {
    table = made
    return lookUp()(made)
  })
  const cells = [{ column: 'name', value: '"gone: " + caller.id' }]
  const flow = draw(
    { ask: menu('1', {}, { prompt: 'Press 1.' }), left: block('tableUpdate', { table, action: 'add', cells }) },
    { name: table.name, onHangUp: 'left' },
  )
  await telephone.publish(flow, people.flowId)
  const call = await people.dial()
  await call.hangsUp()
  expect(await call.history()).toMatchObject({ outcome: 'callerHungUp' })
  expect((await people.rows()).map(({ name }) => String(name).slice(0, 5))).toEqual(['sales', 'gone:'])
})

it('writers who wait for one table take their error exits, and meanwhile calls are answered and look rows up', async () => {
  const [counter, people] = [await desk(update('"sales"', { calls: '2' })), await desk(lookUp())]
  await sql.query('begin')
  try {
    await sql.query('select from tables where id = $1 for update', [counter.id])
    const waiting = Array.from({ length: 4 }, async () => exitOf(await counter.dial(), 'It failed'))
    const looking = Array.from({ length: 2 }, async () => exitOf(await people.dial(), 'There it is'))
    expect(await Promise.all([...waiting, ...looking])).toEqual(['error', 'error', 'error', 'error', 'found', 'found'])
  } finally {
    await sql.query('rollback')
  }
  expect(await counter.rows()).toEqual([onCall.cells])
})

it('a database that is away is the way of an error within two seconds, and callers hear so', async () => {
  const people = await desk(lookUp())
  const call = await people.dial()
  telephone.wire.freeze()
  try {
    const began = Date.now()
    await call.presses('1')
    await call.hears('It failed')
    expect(Date.now() - began).toBeLessThan(5_000) // two for the database; the rest is for a busy machine
  } finally {
    telephone.wire.mend()
  }
  await call.ends()
})
