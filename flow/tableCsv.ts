import Papa from 'papaparse'
import { type Column, keyOf, type Table, tableLimits } from './table.ts'
import { readCell, sameText, type TypedRow } from './tableText.ts'

/** Tables as files (RFC 4180) and as what spreadsheets put on the clipboard. */

/**
 * A spreadsheet would work these out; an apostrophe makes them plain text. So would it behind a semicolon or a line end, where it begins
 * a cell. https://owasp.org/www-community/attacks/CSV_Injection
 */
const guard = (text: string): string => text.replace(/(^|[;\r\n])(?='*[=+\-@\t\r＝＋－＠])/g, "$1'")
const unguard = (text: string): string => text.replace(/(^|[;\r\n])'(?='*[=+\-@\t\r＝＋－＠])/g, '$1')

/** The table as a file. The mark in front tells spreadsheets that it is UTF-8. */
export const writeCsv = ({ columns }: Table, rows: readonly TypedRow[]): string =>
  `\uFEFF${Papa.unparse(
    [columns.map(({ name }) => name), ...rows.map(({ texts }) => columns.map(({ id }) => texts[id] ?? ''))].map(
      (line) => line.map(guard),
    ),
  )}\r\n`

const linesOf = (text: string, delimiter = ''): string[][] =>
  Papa.parse<string[]>(text, { delimiter, skipEmptyLines: 'greedy' }).data.map((line) => line.map(unguard))

export type Import = {
  /** All rows as they would then be. */
  rows: TypedRow[]
  added: number
  changed: number
  same: number
  /** The lines that cannot be read, counted as a spreadsheet counts rows below the heading; they are left out. */
  unread: number[]
  /** Headings that no column is called by. */
  unknown: string[]
  /** There is no room for them. */
  tooMany: number
}

/**
 * What the lines of a file would change, nothing being changed yet. A line is that of the row with the same first column; rows that
 * the file does not have stay. `newId` names new rows.
 */
export function importCsv(table: Table, rows: readonly TypedRow[], text: string, newId: () => string): Import {
  const [heading = [], ...lines] = linesOf(text.replace(/^\uFEFF/, ''))
  const columns = heading.map((name) => columnCalled(table, name))
  const result: Import = { rows: [...rows], added: 0, changed: 0, same: 0, unread: [], unknown: [], tooMany: 0 }
  result.unknown = heading.filter((_, n) => columns[n] === undefined)
  const places = placesOf(table.columns[0], rows)
  for (const [n, line] of lines.entries()) {
    const texts = Object.fromEntries(columns.flatMap((column, at) => (column ? [[column.id, line[at] ?? '']] : [])))
    const isRead = columns.every((column) => !column || 'cell' in readCell(column.type, texts[column.id] ?? ''))
    if (!isRead || Object.keys(texts).length === 0) result.unread.push(n + 1)
    else takeLine(table, result, places.get(keyIn(table.columns[0], texts) ?? '')?.shift(), texts, newId)
  }
  return result
}

function takeLine(
  { columns }: Table,
  result: Import,
  at: number | undefined,
  texts: TypedRow['texts'],
  newId: () => string,
): void {
  const row = at === undefined ? undefined : result.rows[at]
  if (at === undefined || row === undefined) {
    if (result.rows.length >= tableLimits.rows) result.tooMany += 1
    else {
      result.rows.push({ id: newId(), texts })
      result.added += 1
    }
    return
  }
  const differs = columns.some(
    (column) => column.id in texts && !sameText(column, row.texts[column.id], texts[column.id]),
  )
  if (differs) result.rows[at] = { ...row, texts: { ...row.texts, ...texts } }
  result[differs ? 'changed' : 'same'] += 1
}

const columnCalled = ({ columns }: Table, name: string): Column | undefined =>
  columns.find((column) => column.name.toLowerCase() === name.trim().toLowerCase())

/** Where rows with the same first cell stand, in order: the first line of a file goes to the first of them. */
function placesOf(first: Column | undefined, rows: readonly TypedRow[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const [n, { texts }] of rows.entries()) {
    const key = keyIn(first, texts)
    if (key !== null) places.set(key, [...(places.get(key) ?? []), n])
  }
  return places
}

function keyIn(column: Column | undefined, texts: TypedRow['texts']): string | null {
  if (!column) return null
  const read = readCell(column.type, texts[column.id] ?? '')
  return 'cell' in read ? keyOf(column.type, read.cell) : null
}

/** Cells that were copied in a spreadsheet, put in from one cell on, to the right and down; rows are added as needed. */
export function paste(
  { columns }: Table,
  rows: readonly TypedRow[],
  at: { row: number; column: number },
  text: string,
  newId: () => string,
): TypedRow[] {
  const after = [...rows]
  for (const [down, line] of linesOf(text, '\t').entries()) {
    const n = at.row + down
    if (n >= tableLimits.rows) break
    const row = after[n] ?? { id: newId(), texts: {} }
    const cells = line.flatMap((cell, right) => {
      const column = columns[at.column + right]
      return column ? [[column.id, cell.trim()]] : []
    })
    after[n] = { ...row, texts: { ...row.texts, ...Object.fromEntries(cells) } }
  }
  return after
}
