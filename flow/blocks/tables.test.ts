import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import type { Block } from '../flow.ts'
import { rehearse } from '../rehearse.ts'
import { nothingShared, type Shared } from '../shared.ts'
import { type Cells, Table } from '../table.ts'
import { block, collect, draw, menu, say } from '../testing/draw.ts'

const id = 'c0ffee00-7c1e-4b8e-9a55-0c1d2e3f4a5b'
const priya = { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Priya Nair' }
const onCall = Table.parse({
  name: 'On-call list',
  columns: [
    { id: 'from', name: 'From', type: 'day' },
    { id: 'to', name: 'To', type: 'day' },
    { id: 'who', name: 'First', type: 'person' },
    { id: 'phone', name: 'Phone', type: 'phone' },
    { id: 'calls', name: 'Calls', type: 'number' },
    { id: 'on', name: 'On', type: 'switch' },
    { id: 'note', name: 'Note', type: 'text' },
  ],
})
const shared: Shared = { ...nothingShared, tables: { [id]: onCall } }
const variables = {
  who: { type: 'user' },
  phone: { type: 'phone' },
  n: { type: 'number', initial: 7 },
  t: { type: 'text', initial: '' },
  entry: { type: 'digits', initial: '' },
  on: { type: 'boolean' },
} as const
const rows: Cells[] = [
  { from: '2026-12-14', to: '2026-12-20', who: priya, phone: '+494066969131', calls: 3, note: ' Christmas ' },
  { from: '2026-12-21', to: '2026-12-27', phone: '+494066969132', on: true },
]
const chosen = { id, name: 'On-call list' }
const by = (column: string, value: string) => ({ kind: 'column', column, value })
const today = { kind: 'today', first: 'from', last: 'to' }
const keep = (...all: [string, string][]) => all.map(([column, variable]) => ({ column, variable }))
const lookUp = (match: object, results = keep(['phone', 'phone']), exits: Record<string, string> = ways): Block =>
  block('tableLookUp', { table: chosen, match: match as never, results }, exits)
const ways = { found: 'found', notFound: 'notFound', error: 'error' }
const answers = { found: say('Found.'), notFound: say('Not found.'), error: say('Failed.') }
const drawn = (one: Block) => draw({ one, ...answers }, { variables, timeZone: 'Europe/Berlin' })
const noon = Date.parse('2026-12-20T12:00+01:00')
const call = (one: Block, more: { from?: number; caller?: { phone: string } } = {}) =>
  rehearse(drawn(one), { shared }, { from: noon, tables: { [id]: rows }, ...more })

describe('a table look-up', () => {
  it.each([
    ['text without case and outer spaces', by('note', '"CHRISTMAS"'), '+494066969131'],
    ['phone in any spelling', by('phone', '"0049 (0)40 66969-132"'), '+494066969132'],
    ['numbers as numbers', by('calls', 'n - 4.0'), '+494066969131'],
    ['digits that were typed as numbers', by('calls', '"03"'), '+494066969131'],
    ['a switch', by('on', 'true'), '+494066969132'],
    ['a person by the id', by('who', `"${priya.id.toUpperCase()}"`), '+494066969131'],
    ['the row that holds today', today, '+494066969131'],
  ])('finds %s', (_, match, phone) => {
    const found = call(lookUp(match))
    expect([found.hears, found.variables.phone]).toEqual([['Found.'], phone])
  })

  it.each([
    ['2026-12-20T23:59+01:00', '+494066969131'],
    ['2026-12-20T23:01Z', '+494066969132'], // in Berlin it is the 21st
    ['2026-12-13T22:59Z', undefined],
  ])('tells the day in the zone of the flow: %s', (time, phone) => {
    const found = call(lookUp(today), { from: Date.parse(time) })
    expect(found.hears).toEqual([phone ? 'Found.' : 'Not found.'])
    if (phone) expect(found.variables.phone).toBe(phone)
  })

  it('keeps cells in variables of their types; what is empty becomes an empty value', () => {
    const results = keep(['who', 'who'], ['calls', 'n'], ['note', 't'], ['on', 'on'])
    expect(call(lookUp(today, results)).variables).toMatchObject({ who: priya, n: 3, t: ' Christmas ', on: false })
    const second = call(lookUp(by('on', 'true'), results))
    expect(second.variables).toMatchObject({ who: { id: '', name: '' }, n: 0, t: '', on: true })
  })

  it('asks for no row that cannot be: a caller without a number, letters for a number', () => {
    for (const match of [by('phone', 'caller.phone'), by('calls', '"many"'), by('note', '" "')]) {
      const nobody = call(lookUp(match))
      expect(nobody.hears).toEqual(['Not found.'])
      expect(nobody.asked.map(({ type }) => type)).not.toContain('lookUp')
    }
  })

  it('leaves by error when the table is away or an expression fails, and keeps keys for whoever comes next', () => {
    const gone = rehearse(drawn(lookUp(today)), { shared }, { from: noon })
    expect(gone.hears).toEqual(['Not found.'])
    const flow = drawn(lookUp(by('calls', '1.0 / (n - 7.0)')))
    expect(rehearse(flow, { shared }, { tables: { [id]: rows } }).hears).toEqual(['Failed.'])
  })
})

it('the key that ends an entry means nothing behind a look-up either', () => {
  const flow = draw(
    {
      ask: collect({ collected: 'one' }, { maxDigits: 2, terminators: '#' }),
      one: lookUp(by('calls', 'entry'), [], { found: 'menu', notFound: 'menu' }),
      menu: menu('1#', { '1': 'found', '#': 'error' }),
      ...answers,
    },
    { variables },
  )
  const typed = rehearse(flow, { shared }, { tables: { [id]: rows } }).presses('03#')
  expect(typed.at).toBe('menu')
  expect(typed.presses('#').at).toBe('error')
})

describe('a table update', () => {
  const write = (
    cells: Record<string, string>,
    more: object = {},
    exits: Record<string, string> = { done: 'found', ...ways },
  ) =>
    block(
      'tableUpdate',
      {
        table: chosen,
        cells: Object.entries(cells).map(([column, value]) => ({ column, value })),
        ...more,
      },
      exits,
    )
  const change = (match: object) => ({ action: 'change', match: match as never })

  it('adds a row, which the call then sees', () => {
    const made = call(write({ phone: '"0049 40 66969 199"', note: 'caller.name + "!"', on: 'n > 3.0', calls: 'n' }))
    expect(made.hears).toEqual(['Found.'])
    expect(made.tables.rows(id)[2]).toEqual({ phone: '+494066969199', note: '!', on: true, calls: 7 })
  })

  it('changes the first row that matches and leaves its other cells; an empty text empties a cell', () => {
    const made = call(write({ note: '""', calls: 'n + 1' }, change(today)))
    expect(made.hears).toEqual(['Found.'])
    expect(made.tables.rows(id)[0]).toEqual({ ...rows[0], note: undefined, calls: 8 })
    expect(made.tables.rows(id)[1]).toEqual(rows[1])
  })

  it('says when there is no row to change', () => {
    expect(call(write({ note: '"x"' }, change(by('note', '"nobody"')))).hears).toEqual(['Not found.'])
    expect(call(write({ note: '"x"' }, change(by('phone', 'caller.phone')))).hears).toEqual(['Not found.'])
  })

  it('leaves by error for a value that the column cannot hold, and writes nothing', () => {
    const made = call(write({ phone: '"040 66969 133"' }))
    expect(made.hears).toEqual(['Failed.'])
    expect(made.tables.rows(id)).toEqual(rows)
  })

  it('writes on the hang-up path too', () => {
    const flow = {
      ...draw({ hello: say('Hello.'), write: write({ note: '"gone"' }, {}, {}) }, { variables }),
      onHangUp: 'write',
    }
    const gone = rehearse(flow, { shared }, { tables: { [id]: rows } }).hangsUp()
    expect([gone.isOver, gone.tables.rows(id)[2]]).toEqual([true, { note: 'gone' }])
  })
})

describe('what is wrong is said before anybody calls', () => {
  const faults = (one: Block, known = shared) =>
    check(drawn(one), { shared: known }).flatMap(({ code, field, detail }) =>
      code === 'setting' ? [`${field}: ${detail}`] : [],
    )
  it.each([
    ['a table that is gone', lookUp(today), 'table: unknownTable', nothingShared],
    ['a column that is gone', lookUp(by('x', '"a"')), 'match.column: unknownColumn'],
    ['a column that is not chosen', lookUp(by('', '"a"')), 'match.column: required'],
    ['days that are none', lookUp({ ...today, last: 'note' }), 'match.last: notDays'],
    ['a value that the column never has', lookUp(by('on', '"yes"')), 'match.value: wrongType'],
    ['an expression that is none', lookUp(by('note', '1 +')), 'match.value: expression'],
    ['a variable of another type', lookUp(today, keep(['phone', 'n'])), 'results.0: wrongType'],
    ['a variable that is not declared', lookUp(today, keep(['phone', 'x'])), 'results.0: unknownVariable'],
  ])('%s', (_, one, fault, known?: Shared) => expect(faults(one, known)).toEqual([fault]))

  it('nothing is wrong with what is right', () => {
    for (const match of [today, by('phone', 'caller.phone'), by('calls', 'entry')]) {
      expect(check(drawn(lookUp(match)), { shared }).filter(({ block }) => block === 'one')).toEqual([])
    }
  })

  it('a sensitive value that would be written where others read it', () => {
    const cells = [{ column: 'note', value: '"Card " + entry' }]
    const one = block('tableUpdate', { table: chosen, cells }, ways)
    const flow = draw({ ask: collect({ collected: 'one' }, { sensitive: true }), one, ...answers }, { variables })
    expect(check(flow, { shared })).toContainEqual(
      expect.objectContaining({ code: 'sensitiveTold', block: 'one', field: 'cells.0', detail: 'entry' }),
    )
  })

  it('a row to change has to be named', () => {
    const one = block(
      'tableUpdate',
      { table: chosen, action: 'change', cells: [{ column: 'note', value: '"x"' }] },
      ways,
    )
    expect(faults(one)).toEqual(['match: required'])
  })
})
