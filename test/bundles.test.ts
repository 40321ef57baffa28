import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bundleOf } from '#app/server/flowFile.ts'
import { readBundle, writeBundle } from '#flow/bundle.ts'
import { Calendar } from '#flow/calendar.ts'
import type { Flow } from '#flow/flow.ts'
import { choicesIn } from '#flow/subFlows.ts'
import { type Row, Table } from '#flow/table.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { drawSub, giveBack } from '#flow/testing/subFlows.ts'
import { specStore } from './store.ts'

const spec = specStore()
const by = 'ada'
const calendar = Calendar.parse({ name: 'Practice', timeZone: 'UTC', week: weekOf(['08:00', '17:00']) })
const columns: Table['columns'] = [{ id: 'name', name: 'Name', type: 'text' }]
const table = Table.parse({ name: 'People', columns })
const rows: Row[] = [
  { id: randomUUID(), cells: { name: '=HYPERLINK("x")' } },
  { id: randomUUID(), cells: {} },
]

/** A tenant with a flow that speaks of hours, a table and a secret. */
async function desk() {
  const { flows, calendars, tables } = spec.store
  const tenantId = randomUUID()
  const calendarId = await calendars.create(tenantId, { calendar, by })
  const tableId = await tables.create(tenantId, { table, rows, by })
  const flow = draw(
    {
      hours: block('businessHours', { calendar: { id: calendarId, name: 'Old name' } }, { open: 'find' }),
      find: block(
        'tableLookUp',
        {
          table: { id: tableId, name: 'People' },
          match: { kind: 'column', column: 'name', value: '"Ada"' },
          results: [{ column: 'name', variable: 't' }],
        },
        { found: 'ask' },
      ),
      ask: block('httpRequest', { url: 'https://example.com/${env.path}', auth: 'bearer', secret: 'crm' }),
    },
    { name: 'Desk' },
  )
  const { id } = await flows.create(tenantId, { flow, by })
  return { tenantId, id, calendarId, tableId }
}

async function fileOf(tenantId: string, id: string, rows = true) {
  const { flow } = await spec.store.flows.get(tenantId, id)
  return writeBundle(await bundleOf(spec.store, tenantId, { id, flow, rows }))
}
const bring = (tenantId: string, file: string) =>
  spec.store.bundles.bring(tenantId, { bundle: readBundle(JSON.parse(file)), by })

it('a file that goes out, comes into a fresh place and goes out again is the same bytes', async () => {
  const { tenantId, id } = await desk()
  const file = await fileOf(tenantId, id)
  expect(JSON.parse(file).needs).toEqual({ secrets: ['crm'], values: ['path'] })
  const other = randomUUID()
  const brought = await bring(other, file)
  expect(brought).toMatchObject({
    name: 'Desk',
    made: [{ name: 'Practice' }, { name: 'People' }],
    matched: [],
    missing: [],
  })
  expect(await fileOf(other, brought.id)).toBe(file)
  const [made] = await spec.store.tables.list(other)
  expect((await spec.store.tables.get(other, made?.id ?? '')).rows).toEqual(rows)
})

it('one that comes in twice makes the flow twice, and hours and tables once', async () => {
  const { tenantId, id, calendarId, tableId } = await desk()
  const again = await bring(tenantId, await fileOf(tenantId, id, false))
  expect(again).toMatchObject({ name: 'Desk 2', made: [], matched: [{ name: 'Practice' }, { name: 'People' }] })
  expect(again.flow.blocks.hours?.settings.calendar).toEqual({ id: calendarId, name: 'Practice' })
  expect(again.flow.blocks.find?.settings.table).toEqual({ id: tableId, name: 'People' })
  expect((await spec.store.tables.get(tenantId, tableId)).rows).toEqual(rows)
})

it('what is another tenant’s is as if it were nowhere', async () => {
  const { tenantId, id } = await desk()
  const { flow } = await spec.store.flows.get(tenantId, id)
  const brought = await bring(randomUUID(), JSON.stringify(flow))
  expect(brought.missing.map(({ name }) => name).sort()).toEqual(['Old name', 'People'])
})

it('nothing is half made when something is refused', async () => {
  const { tenantId, id } = await desk()
  const file = JSON.parse(await fileOf(tenantId, id))
  const text = 'é'.repeat(1_000)
  const [place] = Object.keys(file.tables)
  file.tables[place ?? ''].rows = Array.from({ length: 1_000 }, () => ({ id: randomUUID(), cells: { name: text } }))
  const other = randomUUID()
  await expect(bring(other, JSON.stringify(file))).rejects.toMatchObject({ code: 'limit' })
  const { calendars, tables, flows } = spec.store
  expect([await calendars.list(other), await tables.list(other), (await flows.list(other)).total]).toEqual([[], [], 0])
})

describe('a flow that enters others', () => {
  const link = (id: string, version: number | null = null) => ({ id, name: 'Old name', version })
  const child = (name: string, more: Flow['blocks'] = {}): Flow => drawSub({ end: giveBack('Done'), ...more }, { name })

  /** One calls another in two versions, and one that nobody published; both speak of hours, and of what is gone. */
  async function team() {
    const { flows, versions, calendars } = spec.store
    const tenantId = randomUUID()
    const calendarId = await calendars.create(tenantId, { calendar, by })
    const hours = block('businessHours', { calendar: { id: calendarId, name: 'Practice' } })
    const [asks, draft] = [
      await flows.create(tenantId, { flow: child('Asks', { hours }), by }),
      await flows.create(tenantId, { flow: child('Draft'), by }),
    ]
    await versions.publish(tenantId, asks.id, { revision: 1, note: '', by })
    const { id } = await flows.create(tenantId, { flow: draw({}, { name: 'Main' }), by })
    const back = block('goToFlow', { flow: link(id) })
    await flows.saveDraft(tenantId, asks.id, { flow: child('Asks', { back }), revision: 1, by })
    await versions.publish(tenantId, asks.id, { revision: 2, note: '', by })
    await flows.saveDraft(tenantId, asks.id, { flow: child('Asks', { nobody: back }), revision: 2, by })
    const calls = [
      link(asks.id, 1),
      link(asks.id),
      link(asks.id, 2),
      link(draft.id),
      link(id),
      link(randomUUID()),
      link(asks.id, 9),
    ]
    const blocks = calls.map((flow, n) => [`call${n}`, block('callFlow', { flow: { ...flow, exits: ['Done'] } })])
    const flow = draw(Object.fromEntries(blocks), { name: 'Main' })
    await flows.saveDraft(tenantId, id, { flow, revision: 1, by })
    return { tenantId, id }
  }

  it('goes out with them, comes into a fresh place and goes out again as the same bytes', async () => {
    const { tenantId, id } = await team()
    const file = await fileOf(tenantId, id)
    const { flows, calendars } = readBundle(JSON.parse(file))
    const kinds = Object.values(flows).map(({ name, blocks }) => [name, Object.keys(blocks).sort()])
    expect(kinds).toEqual([
      ['Asks', ['end', 'hours', 'incoming']],
      ['Asks 2', ['back', 'end', 'incoming']],
      ['Draft', ['end', 'incoming']],
    ])
    expect(Object.values(calendars)).toEqual([calendar])

    const other = randomUUID()
    const brought = await bring(other, file)
    expect(brought).toMatchObject({
      name: 'Main',
      made: [{ name: 'Practice' }, { kind: 'flow', name: 'Asks' }, { name: 'Asks 2' }, { name: 'Draft' }],
      missing: [
        { kind: 'flow', name: 'Old name' },
        { kind: 'flow', name: 'Old name' },
      ],
    })
    const ids = new Map((await spec.store.flows.list(other)).flows.map((one) => [one.name, one.id]))
    const entered = (flow: Flow) =>
      choicesIn(flow).map(({ id, name, version }) => [[...ids.values()].includes(id), name, version])
    const here = (name: string) => [true, name, null]
    expect(entered(brought.flow)).toEqual([
      ...[here('Asks'), here('Asks 2'), here('Asks 2'), here('Draft'), here('Main')],
      ...[
        [false, 'Old name', null],
        [false, 'Old name', 9],
      ],
    ])
    expect(entered((await spec.store.flows.get(other, ids.get('Asks 2') ?? '')).flow)).toEqual([here('Main')])
    expect(await fileOf(other, brought.id)).toBe(file)
  })

  it('comes in beside flows of the same names, and enters its own', async () => {
    const { tenantId, id } = await team()
    const { flow, made } = await bring(tenantId, await fileOf(tenantId, id))
    expect(made.filter(({ kind }) => kind === 'flow')).toEqual([
      { kind: 'flow', name: 'Asks 2', was: 'Asks' },
      { kind: 'flow', name: 'Asks 3', was: 'Asks 2' },
      { kind: 'flow', name: 'Draft 2', was: 'Draft' },
    ])
    expect(choicesIn(flow).map(({ name }) => name)).toEqual([
      ...['Asks 2', 'Asks 3', 'Asks 3', 'Draft 2', 'Main 2', 'Old name', 'Old name'],
    ])
  })
})
