import { describe, expect, it } from 'vitest'
import { Table } from '#flow/table.ts'
import { addRow, changesOf, countChanges, type Draft, faultsOf, removeRow, setText, undoChange } from './draft.ts'
import { headline } from './headline.ts'

const id = 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b'
const table = Table.parse({
  name: 'On-call list',
  columns: [
    { id: 'from', name: 'From', type: 'day' },
    { id: 'to', name: 'To', type: 'day' },
    { id: 'who', name: 'First', type: 'person' },
    { id: 'phone', name: 'Phone', type: 'phone' },
  ],
})
const saved: Draft = {
  table,
  rows: [
    { id: 'a', texts: { from: '2026-12-14', to: '2026-12-20', who: `Priya Nair <${id}>`, phone: '+494066969131' } },
    { id: 'b', texts: { from: '2026-12-21', phone: '+494066969132' } },
  ],
}

describe('a draft', () => {
  it('counts what it changes; what means the same is no change', () => {
    expect(countChanges(saved, setText(saved, 'a', 'phone', '0049 40 66969131'))).toBe(0)
    expect(countChanges(saved, addRow(saved))).toBe(0) // an empty row is none
    const changed = removeRow(setText(saved, 'a', 'phone', '+494066969199'), 'b')
    expect(countChanges(saved, changed)).toBe(2)
    expect(countChanges(saved, { ...changed, table: { ...table, name: 'Other', columns: [] } })).toBe(3)
  })

  it('takes each change back by itself', () => {
    const changed = removeRow(setText(addRow(saved), 'b', 'phone', '+494066969199'), 'a')
    const [first, second] = changesOf(saved, changed)
    expect([first?.what, second?.what]).toEqual(['cell', 'removed'])
    const back = changesOf(saved, changed).reduce((draft, change) => undoChange(saved, draft, change), changed)
    expect(changesOf(saved, back)).toEqual([])
    expect(back.rows.slice(0, 2)).toEqual(saved.rows)
  })

  it('says where it cannot be read, and what to write instead', () => {
    const wrong = setText(saved, 'b', 'phone', '040 66969 133')
    expect(faultsOf(wrong)).toEqual({
      faults: [{ row: 'b', column: 'phone', code: 'countryMissing', fix: '+494066969133' }],
      isTableRight: true,
    })
    expect(faultsOf({ ...saved, table: { ...table, name: '' } }).isTableRight).toBe(false)
  })
})

describe('the first line', () => {
  it.each([
    ['2026-12-14', 'Today: Priya Nair. Until 20 Dec 2026.', true],
    ['2026-12-25', 'Today: 21 Dec 2026.', true],
    ['2026-12-01', 'No row holds today.', false],
  ])('tells who is on call: %s', (today, text, isOn) => {
    expect(headline(saved, today)).toEqual({ text, isOn })
  })

  it('tells which switches are on', () => {
    const notices = Table.parse({
      name: 'Notices',
      columns: [
        { id: 'what', name: 'What', type: 'text' },
        { id: 'on', name: 'On', type: 'switch' },
      ],
    })
    const rows = (on: string) => [{ id: 'a', texts: { what: 'Outage in Vienna', on } }]
    expect(headline({ table: notices, rows: rows('on') }, '')?.text).toBe('1 switch on: Outage in Vienna')
    expect(headline({ table: notices, rows: rows('') }, '')).toEqual({ text: 'No switch is on.', isOn: false })
  })

  it('is not there where nothing is to be told', () => {
    const plain = Table.parse({ name: 'Plain', columns: [{ id: 'a', name: 'A', type: 'text' }] })
    expect(headline({ table: plain, rows: [] }, '2026-12-14')).toBeNull()
  })
})
