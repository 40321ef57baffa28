import { randomUUID } from 'node:crypto'
import type { Cells, Row, Table } from '#flow/table.ts'

const columns: Table['columns'] = [
  { id: 'onCallFrom', name: 'From', type: 'day' },
  { id: 'onCallTo', name: 'To', type: 'day' },
  { id: 'onCallFirst', name: 'First', type: 'person' },
  { id: 'onCallSecond', name: 'Second', type: 'person' },
  { id: 'onCallPhone', name: 'Phone of the first', type: 'phone' },
  { id: 'onCallNote', name: 'Note', type: 'text' },
]
const people = ['Priya Nair', 'Jonas Weber', 'Lena Hofer', 'Marco Rossi', 'Timo Keller'].map((name) => ({
  id: randomUUID(),
  name,
}))
const weeks = [
  ['2026-12-14', '2026-12-20'],
  ['2026-12-21', '2026-12-27'],
  ['2026-12-28', '2027-01-03'],
  ['2027-01-04', '2027-01-10'],
  ['2027-01-11', '2090-01-17'],
] as const

/** The table of design/tables: who is on call, week by week. One column of each sort but numbers. */
export function onCallList(name = 'On-call list'): { table: Table; rows: Row[] } {
  const rows = weeks.map(([from, to], n): Row => {
    const cells: Record<string, Cells[string] | undefined> = {
      onCallFrom: from,
      onCallTo: to,
      onCallFirst: people[n],
      onCallSecond: people[(n + 1) % people.length],
      onCallPhone: `+494066969${131 + n}`,
    }
    const there = Object.entries(cells).flatMap(([id, cell]) => (cell === undefined ? [] : [[id, cell] as const]))
    return {
      id: randomUUID(),
      cells: { ...Object.fromEntries(there), ...(n === 1 && { onCallNote: 'Christmas: calls come early' }) },
    }
  })
  return { table: { name, columns }, rows }
}
