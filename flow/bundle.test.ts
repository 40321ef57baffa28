import { describe, expect, it } from 'vitest'
import { type Bundle, bundleVersion, ownId, readBundle, writeBundle } from './bundle.ts'
import { planOf } from './bundlePlan.ts'
import { Calendar } from './calendar.ts'
import { type Flow, readFlow, writeFlow } from './flow.ts'
import { bundleLimits } from './flowLimits.ts'
import { linked } from './links.ts'
import { frontDesk } from './sample.ts'
import { nothingShared } from './shared.ts'
import { Table, tableLimits } from './table.ts'
import { weekOf } from './testing/calendars.ts'
import { block, draw, hangUp } from './testing/draw.ts'

const id = (n: number) => `aaaaaaaa-0000-4000-8000-00000000000${n}`
const hours = (name: string) => Calendar.parse({ name, timeZone: 'UTC', week: weekOf(['08:00', '17:00']) })
const people = Table.parse({
  name: 'People',
  columns: [
    { id: 'c1', name: 'Name', type: 'text' },
    { id: 'c2', name: 'Phone', type: 'phone' },
  ],
})
const rows = [{ id: id(9), cells: { c1: '=1+1', c2: '+4940669690' } }]

const flow = draw(
  {
    hours: block('businessHours', { calendar: { id: id(1), name: 'Practice' } }, { open: 'find' }),
    find: block('tableLookUp', {
      table: { id: id(2), name: 'People' },
      match: { kind: 'column', column: 'c1', value: '"c2"' },
      results: [{ column: 'c2', variable: 'p' }],
    }),
    end: hangUp(),
  },
  { name: 'Desk' },
)
const bundle: Bundle = {
  bundleVersion,
  flow,
  flows: {},
  calendars: { [id(1)]: hours('Practice') },
  tables: { [id(2)]: { table: people, rows } },
  needs: { secrets: ['crm'], values: [] },
}
let made = 0
const newId = () => {
  made += 1
  return `bbbbbbbb-0000-4000-8000-${String(made).padStart(12, '0')}`
}
const read = (text: string) => readBundle(JSON.parse(text))

describe('a file with hours and tables', () => {
  it('is the same bytes after it was brought to another place and written there', () => {
    const file = writeBundle(bundle)
    expect(file).toContain('"=1+1"')
    const plan = planOf(read(file), nothingShared, newId)
    expect(plan.made).toEqual([
      { kind: 'calendar', name: 'Practice' },
      { kind: 'table', name: 'People' },
    ])
    expect(JSON.stringify(plan.flow)).not.toMatch(/00000000-0000|aaaaaaaa/)
    const { calendars, tables } = plan
    expect(writeBundle({ ...bundle, flow: plan.flow, calendars, tables })).toBe(file)
  })

  it('of a flow that needs nothing is its own file, which goes on being read', () => {
    const bare = { ...bundle, flow: frontDesk, calendars: {}, tables: {}, needs: { secrets: [], values: [] } }
    expect(writeBundle(bare)).toBe(writeFlow(frontDesk))
    expect(read(writeFlow(frontDesk))).toEqual(bare)
  })

  it('leaves rows out, which is another thing than none', () => {
    const { tables } = read(writeBundle({ ...bundle, tables: { [id(2)]: { table: people, rows: null } } }))
    expect(Object.values(tables)).toEqual([{ table: people, rows: null }])
  })
})

describe('what is there already', () => {
  const settings = (plan: { flow: typeof flow }, at: string) => plan.flow.blocks[at]?.settings

  it('is taken by its name, columns too, and stays as it is', () => {
    const other = { ...people, name: 'PEOPLE', columns: people.columns.map((one) => ({ ...one, id: `x${one.id}` })) }
    const there = { calendars: { [id(3)]: hours('practice') }, tables: { [id(4)]: other } }
    const plan = planOf(bundle, there, newId)
    expect([plan.made, plan.calendars, plan.tables]).toEqual([[], {}, {}])
    expect(plan.matched).toEqual([
      { kind: 'calendar', name: 'practice' },
      { kind: 'table', name: 'PEOPLE' },
    ])
    expect(settings(plan, 'hours')).toMatchObject({ calendar: { id: id(3), name: 'practice' } })
    expect(settings(plan, 'find')).toEqual({
      table: { id: id(4), name: 'PEOPLE' },
      match: { kind: 'column', column: 'xc1', value: '"c2"' },
      results: [{ column: 'xc2', variable: 'p' }],
    })
  })

  it('is not taken for a table with other columns: that of the file gets a name of its own', () => {
    const there = { calendars: {}, tables: { [id(4)]: { ...people, columns: people.columns.slice(0, 1) } } }
    const plan = planOf(bundle, there, newId)
    expect(plan.made[1]).toEqual({ kind: 'table', name: 'People 2', was: 'People' })
    expect(Object.values(plan.tables)).toEqual([{ table: { ...people, name: 'People 2' }, rows }])
  })

  it('is taken by its name for a flow without its file, tables with the columns that are named', () => {
    const bare = { ...bundle, calendars: {}, tables: {} }
    const there = (columns: typeof people.columns) => ({
      calendars: {},
      tables: { [id(4)]: { ...people, name: 'people', columns } },
    })
    const found = planOf(bare, there([...people.columns, { id: 'c3', name: 'More', type: 'text' }]), newId)
    expect(settings(found, 'find')).toMatchObject({ table: { id: id(4), name: 'people' }, match: { column: 'c1' } })
    expect(found.missing).toEqual([{ kind: 'calendar', name: 'Practice' }])
    const other = planOf(bare, there(people.columns.slice(0, 1)), newId)
    expect([settings(other, 'find'), other.missing[1]]).toEqual([
      flow.blocks.find?.settings,
      { kind: 'table', name: 'People' },
    ])
  })

  it('is found for a flow without its file by id, hours by name, and what is missing is told', () => {
    const bare = { ...bundle, calendars: {}, tables: {} }
    expect(planOf(bare, nothingShared, newId)).toMatchObject({
      flow,
      missing: [
        { kind: 'calendar', name: 'Practice' },
        { kind: 'table', name: 'People' },
      ],
    })
    const there = { calendars: { [id(3)]: hours('Practice') }, tables: { [id(2)]: people } }
    const plan = planOf(bare, there, newId)
    expect([plan.missing, settings(plan, 'hours')]).toEqual([[], { calendar: { id: id(3), name: 'Practice' } }])
  })
})

describe('a file with flows', () => {
  const to = (id: string, version: number | null = null, name = 'Old name') => ({ flow: { id, name, version } })
  const enters = (name: string, ...blocks: object[]) =>
    draw(Object.fromEntries(blocks.map((settings, n) => [`b${n}`, block('goToFlow', { ...settings })])), { name })
  const whole: Bundle = {
    ...bundle,
    flow: enters('Main', to(id(5)), to(id(8), 2)),
    flows: { [id(5)]: enters('Second', to(id(6)), to(ownId, null, 'Main')), [id(6)]: { ...flow, name: 'First' } },
  }
  const entered = (one: Flow) => Object.values(one.blocks).flatMap(({ settings }) => settings.flow ?? [])

  it('is the same bytes after it was brought to another place and written there', () => {
    const file = writeBundle(whole)
    const plan = planOf(read(file), nothingShared, newId, id(7))
    const [first, second] = Object.keys(plan.flows)
    expect(Object.values(plan.flows).map(({ name }) => name)).toEqual(['First', 'Second'])
    expect([entered(plan.flow), entered(plan.flows[second ?? ''] ?? flow)]).toEqual([
      [
        { id: second, name: 'Second', version: null },
        { id: id(8), name: 'Old name', version: 2 },
      ],
      [
        { id: first, name: 'First', version: null },
        { id: id(7), name: 'Main', version: null },
      ],
    ])
    expect(plan.made.slice(2)).toEqual(['First', 'Second'].map((name) => ({ kind: 'flow', name })))
    // What could not be carried is told.
    expect(plan.missing).toEqual([{ kind: 'flow', name: 'Old name' }])
    const { calendars, tables } = plan
    const made = linked(plan.flows[second ?? ''] ?? flow, {
      ...{ calendar: new Map(), table: new Map() },
      flow: new Map([[`${id(7)}@latest`, { id: ownId, name: 'Main', columns: {} }]]),
    })
    const again = { ...plan.flows, [second ?? '']: made }
    expect(writeBundle({ ...whole, flow: plan.flow, flows: again, calendars, tables })).toBe(file)
  })

  it('enters for a draft those that are here under their names', () => {
    const face = { parameters: null, exits: [], gives: [], asks: false, enters: [] }
    const there = { ...nothingShared, flows: { [`${id(3)}@4`]: { ...face, id: id(3), name: 'old NAME', version: 4 } } }
    const plan = planOf({ ...whole, flows: {} }, there, newId, id(7))
    expect(entered(plan.flow)).toEqual([0, 1].map(() => ({ id: id(3), name: 'old NAME', version: null })))
    expect([plan.flows, plan.missing.filter(({ kind }) => kind === 'flow')]).toEqual([{}, []])
  })

  it('that has another flow of its name, one that is none, or too many is refused', () => {
    const of = (flows: object) => () => readBundle({ ...JSON.parse(writeBundle(whole)), flows })
    const many = Object.fromEntries(Array.from({ length: 51 }, () => [newId(), flow]))
    expect(of({ [id(5)]: enters('main') })).toThrow(expect.objectContaining({ detail: 'flows: nameTwice' }))
    expect(of({ [id(5)]: { ...flow, start: 7 } })).toThrow(
      expect.objectContaining({ code: 'flowNotReadable', detail: expect.stringContaining(`flows.${id(5)}.start`) }),
    )
    expect(of({ [id(5)]: { ...flow, schemaVersion: 99 } })).toThrow(
      expect.objectContaining({ code: 'flowTooNew', detail: '99' }),
    )
    expect(of(many)).toThrow(expect.objectContaining({ code: 'flowTooLarge', detail: 'flows: 51' }))
  })
})

describe('a hostile file is refused with a place', () => {
  const of = (parts: object) => () => readBundle({ ...JSON.parse(writeBundle(bundle)), ...parts })
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, () => [newId(), hours('x')]))
  const nest = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
  const table = (parts: object) => ({ tables: { [id(2)]: { table: people, rows, ...parts } } })

  it.each([
    ['a later form', of({ bundleVersion: 2 }), 'flowTooNew', '2'],
    ['no form', of({ bundleVersion: 'x' }), 'flowNotReadable', 'bundleVersion'],
    ['too many hours', of({ calendars: many(101) }), 'flowTooLarge', 'calendars: 101'],
    ['a nest', of({ calendars: nest(1000) }), 'flowNotReadable', 'nested'],
    ['values without end', of({ x: Array(bundleLimits.values).fill(0) }), 'flowTooLarge', ''],
    [
      'hours that are none',
      of({ calendars: { [id(1)]: { ...hours('x'), timeZone: 'Moon' } } }),
      'flowNotReadable',
      `calendars.${id(1)}.timeZone`,
    ],
    [
      'holidays without end',
      of({ calendars: { [id(1)]: { ...hours('x'), holidays: Array(90_000).fill(0) } } }),
      'flowNotReadable',
      `calendars.${id(1)}.holidays`,
    ],
    [
      'hours of one name',
      of({ calendars: { [id(1)]: hours('x'), [id(2)]: hours('X') } }),
      'flowNotReadable',
      'calendars: nameTwice',
    ],
    ['an id that is none', of({ calendars: { constructor: hours('x') } }), 'flowNotReadable', 'calendars'],
    [
      'rows without end',
      of(table({ rows: Array(tableLimits.rows + 1).fill(rows[0]) })),
      'flowNotReadable',
      `tables.${id(2)}.rows`,
    ],
    [
      'a cell of another type',
      of(table({ rows: [{ id: id(9), cells: { c2: 7 } }] })),
      'flowNotReadable',
      `tables.${id(2)}.rows.0.cells.c2`,
    ],
    ['rows that are no list', of(table({ rows: 'x' })), 'flowNotReadable', `tables.${id(2)}.rows`],
    ['a flow that is none', of({ flow: {} }), 'flowNotReadable', 'schemaVersion'],
    ['names that are none', of({ needs: { secrets: ['a b'] } }), 'flowNotReadable', 'needs.secrets.0'],
  ])('%s', (_, reading, code, place) => {
    const began = performance.now()
    expect(reading).toThrow(expect.objectContaining({ code, detail: expect.stringContaining(place) }))
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('and what would change prototypes is left out', () => {
    const file = readBundle(JSON.parse(`{"bundleVersion":1,"__proto__":{"x":1},"flow":${writeFlow(readFlow(flow))}}`))
    expect([file.calendars, Object.getPrototypeOf(file)]).toEqual([{}, Object.prototype])
  })
})
