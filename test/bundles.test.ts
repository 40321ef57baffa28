import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { bundleOf } from '#app/server/flowFile.ts'
import { readBundle, writeBundle } from '#flow/bundle.ts'
import { Calendar } from '#flow/calendar.ts'
import { type Row, Table } from '#flow/table.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
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
  return writeBundle(await bundleOf(spec.store, tenantId, { flow, rows }))
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
