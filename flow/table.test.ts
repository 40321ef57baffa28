import { describe, expect, it } from 'vitest'
import { cellsOf, fromCell, keyOf, keysOf, matches, Table, toCell } from './table.ts'
import { importCsv, paste, writeCsv } from './tableCsv.ts'
import { readCell, readRows, shownCell, type TypedRow, typedRow, writeCell } from './tableText.ts'

const priya = { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Priya Nair' }
const table = Table.parse({
  name: 'On-call list',
  columns: [
    { id: 'from', name: 'From', type: 'day' },
    { id: 'to', name: 'To', type: 'day' },
    { id: 'first', name: 'First', type: 'person' },
    { id: 'phone', name: 'Phone', type: 'phone' },
    { id: 'fee', name: 'Fee', type: 'number' },
    { id: 'on', name: 'On', type: 'switch' },
    { id: 'note', name: 'Note', type: 'text' },
  ],
})
const row = (from: string, more: Record<string, string> = {}, id = from): TypedRow => ({ id, texts: { from, ...more } })

describe('a cell as it is typed', () => {
  it.each([
    ['text', ' a ', 'a'],
    ['number', '-3.50', -3.5],
    ['phone', '0049 (0)40 66969-131', '+494066969131'],
    ['phone', 'tel:+1 425 555 0100', '+14255550100'],
    ['day', '2026-12-14', '2026-12-14'],
    ['day', '4.12.2026', '2026-12-04'],
    ['day', '31/12/2026', '2026-12-31'],
    ['day', '4 December 2026', '2026-12-04'],
    ['person', `Priya Nair <${priya.id.toUpperCase()}>`, priya],
    ['switch', 'Yes', true],
    ['switch', 'off', null],
    ['text', '  ', null],
  ] as const)('%s: “%s”', (type, typed, cell) => {
    expect(readCell(type, typed)).toEqual({ cell })
    // What is written is read as the same.
    expect(readCell(type, writeCell(cell ?? undefined))).toEqual({ cell })
  })

  it.each([
    ['number', '1,5', { code: 'noNumber', fix: '1.5' }],
    ['number', 'many', { code: 'noNumber' }],
    ['phone', '040 66969 133', { code: 'countryMissing' }],
    ['phone', 'ring Ada', { code: 'noPhone' }],
    ['phone', priya.id, { code: 'noPhone' }],
    ['day', '2026-02-30', { code: 'noDay' }],
    ['day', '03/04/2026', { code: 'noDay' }], // March or April
    ['person', 'Somebody', { code: 'noPerson' }],
    ['switch', 'perhaps', { code: 'noSwitch' }],
    ['text', 'x'.repeat(1001), { code: 'tooLong' }],
  ] as const)('%s: “%s” cannot be read', (type, typed, fault) => expect(readCell(type, typed)).toEqual({ fault }))

  it.each([
    [['+49 40 66969 131', '+49 40 66969 132', '+1 425 555 0100'], '040 66969 133', '+494066969133'],
    [['+39 06 1234 5678'], '06 8765 4321', '+390687654321'],
    [['+353 1 234 5678'], '01 876 5432', '+35318765432'],
    [['+1 425 555 0100'], '425-555-0199', '+14255550199'],
  ])('a country is guessed from the others of the column: %s', (beside, typed, fix) =>
    expect(readCell('phone', typed, beside)).toEqual({ fault: { code: 'countryMissing', fix } }),
  )

  it('a name alone is that of who stands in the column already', () => {
    const whole = writeCell(priya)
    expect(readCell('person', 'priya nair', [whole])).toEqual({ fault: { code: 'noPerson', fix: whole } })
    expect([shownCell(whole), shownCell('plain')]).toEqual(['Priya Nair', 'plain'])
  })
})

describe('rows', () => {
  it('are read with the place of each fault; a row without a text is none', () => {
    const { rows, faults } = readRows(table, [
      row('2026-12-14', { phone: '+494066969131', on: 'yes' }),
      row('x', { phone: '040 66969 133' }, 'b'),
      { id: 'c', texts: { note: ' ' } },
    ])
    expect(rows).toEqual([{ id: '2026-12-14', cells: { from: '2026-12-14', phone: '+494066969131', on: true } }])
    expect(faults).toEqual([
      { row: 'b', column: 'from', code: 'noDay' },
      { row: 'b', column: 'phone', code: 'countryMissing', fix: '+494066969133' },
    ])
    expect(typedRow({ id: 'a', cells: { first: priya } }).texts).toEqual({ first: `Priya Nair <${priya.id}>` })
  })

  it('from outside are read by their columns, and what belongs to none is left out', () => {
    const read = cellsOf(table)
    expect(read.parse({ from: '2026-12-14', other: 1 })).toEqual({ from: '2026-12-14' })
    expect(read.safeParse({ phone: '040' }).success).toBe(false)
    expect(read.safeParse({ phone: priya.id }).success).toBe(false)
  })

  it.each([
    ['text', ' Hello ', 'hello'],
    ['text', 7, '7'],
    ['number', '007', '7'],
    ['number', 7, '7'],
    ['phone', '0049 40 66969131', '+494066969131'],
    ['person', priya, priya.id],
    ['person', priya.id.toUpperCase(), priya.id],
    ['switch', true, 'true'],
    ['switch', undefined, 'false'],
    ['day', ' 2026-12-14', '2026-12-14'],
    ['phone', '', null],
    ['phone', 'anonymous', null],
    ['number', 'x', null],
    ['text', '   ', null],
  ] as const)('%s: %o is found as %s', (type, value, key) => expect(keyOf(type, value)).toBe(key))

  const keys = keysOf(table, { from: '2026-12-14', to: '2026-12-20', note: 'A' })
  it.each([
    ['2026-12-13', false],
    ['2026-12-14', true],
    ['2026-12-20', true],
    ['2026-12-21', false],
  ])('hold %s, their first and last day included', (day, is) =>
    expect(matches(keys, { kind: 'day', first: 'from', last: 'to', day })).toBe(is),
  )

  it('without one of the days have no bound there, and without both hold none', () => {
    const open = { kind: 'day', first: 'from', last: 'to', day: '2030-01-01' } as const
    expect([matches({ from: '2026-12-14' }, open), matches({ to: '2026-12-14' }, open), matches({}, open)]).toEqual([
      true,
      false,
      false,
    ])
    expect(matches(keys, { kind: 'column', column: 'note', key: 'a' })).toBe(true)
  })

  it('go into variables of their types, empty cells as empty values', () => {
    expect([fromCell('+494066969131', 'phone'), fromCell(undefined, 'number'), fromCell(priya, 'user')]).toEqual([
      '+494066969131',
      0,
      priya,
    ])
    expect(fromCell('x', 'number')).toBeUndefined()
    expect([toCell('number', '12'), toCell('phone', '040'), toCell('text', ''), toCell('text', 3)]).toEqual([
      12,
      undefined,
      null,
      '3',
    ])
  })
})

describe('tables', () => {
  it.each([
    ['without columns', []],
    [
      'with a name twice',
      [
        { id: 'a', name: 'A', type: 'text' },
        { id: 'b', name: 'a', type: 'text' },
      ],
    ],
    [
      'with an id twice',
      [
        { id: 'a', name: 'A', type: 'text' },
        { id: 'a', name: 'B', type: 'text' },
      ],
    ],
    ['with too many', Array.from({ length: 21 }, (_, n) => ({ id: `c${n}`, name: `${n}`, type: 'text' }))],
    ['with a name that every object has', [{ id: 'constructor', name: 'A', type: 'text' }]],
  ])('are refused %s', (_, columns) => expect(Table.safeParse({ name: 'T', columns }).success).toBe(false))
})

describe('files', () => {
  const rows = [
    row('2026-12-14', { to: '2026-12-20', first: writeCell(priya), phone: '+494066969131', note: '=1+1' }),
    row('2026-12-21', { fee: '-5', note: '\'@ home, "late"\nor not', on: 'on' }),
  ]
  const newId = () => 'new'

  it('guard what a spreadsheet would work out, and come back as they were', () => {
    const csv = writeCsv(table, rows)
    expect(csv).toContain("'=1+1")
    expect(csv).toContain("'+494066969131")
    expect(csv).toContain("'-5")
    expect(importCsv(table, rows, csv, newId)).toMatchObject({ rows, added: 0, changed: 0, same: 2, unread: [] })
    expect(
      importCsv(table, [], csv, () => 'n').rows.map(({ texts }) => readRows(table, [{ id: 'n', texts }]).rows),
    ).toEqual(rows.map(({ texts }) => readRows(table, [{ id: 'n', texts }]).rows))
  })

  it('say first what they would change: new, changed, and what cannot be read', () => {
    const file =
      'from;PHONE;Colour\r\n14.12.2026;+49 40 66969 132;red\r\n28.12.2026;;\r\n4.1.2027;040 66969 133;\r\n21.12.2026;;\r\n'
    const { rows: after, ...counts } = importCsv(table, rows, file, newId)
    expect(counts).toEqual({ added: 1, changed: 1, same: 1, unread: [3], unknown: ['Colour'], tooMany: 0 })
    expect(after[0]).toEqual({
      id: '2026-12-14',
      texts: { ...rows[0]?.texts, from: '14.12.2026', phone: '+49 40 66969 132' },
    })
    expect(after).toHaveLength(3)
  })

  it('have no more rows than a table may', () => {
    const file = `Note\n${Array.from({ length: 2001 }, (_, n) => `n${n}`).join('\n')}`
    expect(importCsv(table, [], file, newId)).toMatchObject({ added: 2000, tooMany: 1 })
  })

  it('what was copied in a spreadsheet goes in from a cell on, and adds rows', () => {
    const after = paste(table, rows, { row: 1, column: 5 }, 'on\tfirst\nx\tsecond\tnowhere\n', newId)
    expect(after.map(({ texts }) => [texts.on, texts.note])).toEqual([
      [undefined, '=1+1'],
      ['on', 'first'],
      ['x', 'second'],
    ])
  })
})
