import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type * as z from 'zod'
import { type Bundle, bundleVersion, ownId, readBundle, writeBundle } from '#flow/bundle.ts'
import { planOf } from '#flow/bundlePlan.ts'
import { Calendar, stateAt } from '#flow/calendar.ts'
import { checkCalendar } from '#flow/calendarCheck.ts'
import { check } from '#flow/check.ts'
import { compile } from '#flow/compile.ts'
import { FlowError } from '#flow/error.ts'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'
import { kinds } from '#flow/kinds.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { nothingShared } from '#flow/shared.ts'
import { type Row, Table, TableWithRows, tableLimits } from '#flow/table.ts'
import { importCsv, writeCsv } from '#flow/tableCsv.ts'
import { readRows, typedRow } from '#flow/tableText.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { anyFlow, shared } from './flows.ts'
import { mutated } from './mutations.ts'

/**
 * S6: a document that was changed anywhere is read, or refused with a code and a place. What is read is checked and made ready without
 * an error, and is written and read again as the same. At full size in `npm run nightly`.
 */
const all = Number(process.env.MUTATED_DOCUMENTS ?? 1000)
const seed = Number(process.env.MUTATED_SEED ?? 20_261_130)
/** No document may hold up who reads it; so far beyond what the slowest takes that a busy machine does not matter. */
const mostMs = 5_000
/** Of all of one kind: some milliseconds each, on a machine that does other things too. */
const timeout = Math.max(60_000, all * 60)

/** Holds for as many mutations of these as that part of all. */
function holds(documents: fc.Arbitrary<unknown>, part: number, look: (value: unknown) => void): void {
  const property = fc.property(mutated(documents), (value) => {
    const began = performance.now()
    look(value)
    expect(performance.now() - began).toBeLessThan(mostMs)
  })
  fc.assert(property, { numRuns: Math.ceil(all * part), seed })
}

const everyBlock = draw(Object.fromEntries(kinds.map(({ type, defaults }) => [type, block(type, { ...defaults })])))
const flows = fc.oneof(fc.constantFrom<Flow>(frontDesk, emptyFlow('New'), everyBlock), anyFlow)

const calendar = Calendar.parse({
  name: 'Office',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '12:00'], ['13:00', '02:00']),
  holidays: [
    {
      name: 'Christmas',
      from: '2026-12-24',
      to: '2026-12-26',
      yearly: true,
      hours: [{ from: '09:00', to: '10:00' }],
      source: 'DE-HH',
    },
  ],
  overrides: [{ name: 'Storm', open: false, from: '2026-12-01T00:00:00Z', until: '2026-12-02T00:00:00Z' }],
})
const table = Table.parse({
  name: 'People',
  columns: (['text', 'number', 'phone', 'day', 'person', 'switch'] as const).map((type) => ({
    id: `c${type}`,
    name: type,
    type,
  })),
})
const person = { id: 'aaaaaaaa-0000-4000-8000-000000000003', name: 'Ada' }
const rows: Row[] = [
  {
    id: person.id,
    cells: { ctext: 'Ada', cnumber: 1, cphone: '+4940669690', cday: '2026-12-24', cperson: person, cswitch: true },
  },
  { id: 'aaaaaaaa-0000-4000-8000-000000000004', cells: {} },
]
const [calendarId] = Object.keys(shared.calendars)
const [tableId] = Object.keys(shared.tables)
const childId = 'aaaaaaaa-0000-4000-8000-000000000005'
const child = draw({
  again: block('goToFlow', { flow: { id: ownId, name: 'Own', version: null } }),
  call: block('callFlow', { flow: { id: childId, name: 'Child', version: null, exits: [] } }),
})
const bundles = flows.map(
  (flow): Bundle => ({
    ...{ bundleVersion, flow, needs: { secrets: ['crm'], values: ['base'] } },
    flows: { [childId]: { ...child, name: `${flow.name.slice(0, 90)} child` } },
    calendars: { [calendarId ?? '']: calendar },
    tables: { [tableId ?? '']: { table, rows } },
  }),
)

/** What was read; null where it was refused as it should be. */
function readOr<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    expect(['flowNotReadable', 'flowTooLarge', 'flowTooNew']).toContain(error.code)
    expect(error.detail).not.toBe('')
    return null
  }
}

function reads(schema: z.ZodType, value: unknown): boolean {
  const { error } = schema.safeParse(value)
  for (const { code, path } of error?.issues ?? []) expect([typeof code, Array.isArray(path)]).toEqual(['string', true])
  return error === undefined
}

const isSound = (flow: Flow) => {
  check(flow, { shared, names: { secret: {}, value: {} } })
  compile(flow, { shared })
}

it('a flow that was changed anywhere', { timeout }, () => {
  holds(flows, 0.4, (value) => {
    const flow = readOr(() => readFlow(value))
    if (!flow) return
    isSound(flow)
    const file = writeFlow(flow)
    expect(writeFlow(readFlow(JSON.parse(file)))).toBe(file)
  })
})

it('a file with hours and tables', { timeout }, () => {
  holds(bundles, 0.3, (value) => {
    const bundle = readOr(() => readBundle(value))
    if (!bundle) return
    const plan = planOf(bundle, nothingShared, () => crypto.randomUUID())
    isSound(plan.flow)
    const file = writeBundle(bundle)
    expect(writeBundle(readBundle(JSON.parse(file)))).toBe(file)
  })
})

it('hours', { timeout }, () => {
  holds(fc.constant(calendar), 0.1, (value) => {
    if (!reads(Calendar, value)) return
    const read = Calendar.parse(value)
    for (const at of [0, Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 11, 24)]) {
      stateAt(read, at)
      checkCalendar(read, at)
    }
    expect(Calendar.parse(read)).toEqual(read)
  })
})

it('a table with its rows', { timeout }, () => {
  holds(fc.constant({ table, rows }), 0.1, (value) => {
    if (!reads(TableWithRows, value)) return
    const read = TableWithRows.parse(value)
    expect(TableWithRows.parse(read)).toEqual(read)
    const typed = read.rows.map(typedRow)
    importCsv(read.table, typed, writeCsv(read.table, typed), () => crypto.randomUUID())
  })
})

it('a table’s CSV', { timeout }, () => {
  const file = writeCsv(table, rows.map(typedRow))
  const sign = fc.constantFrom(
    '"',
    ',',
    ';',
    '\n',
    '\r',
    '\t',
    '=',
    "'",
    '\0',
    '\ud800',
    '"'.repeat(500),
    'x,\n'.repeat(5_000),
  )
  const text = fc
    .array(fc.tuple(fc.nat(file.length), fc.nat(9), sign), { minLength: 1, maxLength: 6 })
    .map((edits) => edits.reduce((csv, [at, gone, put]) => csv.slice(0, at) + put + csv.slice(at + gone), file))
  const property = fc.property(text, (csv) => {
    const began = performance.now()
    const result = importCsv(table, rows.map(typedRow), csv, () => crypto.randomUUID())
    expect(result.rows.length).toBeLessThanOrEqual(tableLimits.rows)
    readRows(table, result.rows)
    expect(performance.now() - began).toBeLessThan(mostMs)
  })
  fc.assert(property, { numRuns: Math.ceil(all * 0.1), seed })
})
