import { readCalled } from '#ground/called.ts'
import { type Cell, type Column, type ColumnType, isDay, type Row, type Table } from './table.ts'
import { limits } from './values.ts'

/** Cells as people type them, paste them and keep them in files: always a text, and what it means. */

/** A row as it is typed, by the ids of its columns. */
export type TypedRow = { readonly id: string; readonly texts: Readonly<Record<string, string>> }

export type FaultCode = 'noNumber' | 'countryMissing' | 'noPhone' | 'noDay' | 'noPerson' | 'noSwitch' | 'tooLong'
/** Why a text cannot be read, and what to write instead where that can be guessed. */
export type CellFault = { readonly code: FaultCode; readonly fix?: string }

/** What else stands in columns of the type, for guesses. */
type Beside = readonly string[]

type Read = { readonly cell: Cell | null } | { readonly fault: CellFault }

const fault = (code: FaultCode, fix?: string): Read => ({ fault: fix === undefined ? { code } : { code, fix } })

const on = ['on', 'yes', 'true', 'x', '1']
const off = ['off', 'no', 'false', '0']

/** Reads one cell. `beside`: what stands in columns of the type, from which a fix may be guessed. */
export function readCell(type: ColumnType, typed: string, beside: Beside = []): Read {
  const text = typed.trim()
  if (text === '') return { cell: null }
  switch (type) {
    case 'text':
      return text.length > limits.text ? fault('tooLong') : { cell: text }
    case 'number':
      return readNumber(text)
    case 'phone':
      return readPhone(text, beside)
    case 'day':
      return readDay(text)
    case 'person':
      return readPerson(text, beside)
    case 'switch': {
      const word = text.toLowerCase()
      return on.includes(word) ? { cell: true } : off.includes(word) ? { cell: null } : fault('noSwitch')
    }
  }
}

function readNumber(text: string): Read {
  if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return { cell: Number(text) }
  // A comma parts decimals in half of the world and thousands in the other: who wrote it knows.
  return fault('noNumber', /^-?\d+,\d+$/.test(text) ? text.replace(',', '.') : undefined)
}

function readPhone(text: string, beside: Beside): Read {
  const number = readCalled(text)
  if (number?.startsWith('+')) return { cell: number }
  const digits = text.replace(/[\s()./-]/g, '')
  if (!/^\d{5,14}$/.test(digits)) return fault('noPhone')
  const country = commonest(beside.flatMap((one) => countryOf(readCalled(one)) ?? []))
  // The zero in front is for calls within a country; in Italy it belongs to the number.
  const guess =
    country === undefined ? null : readCalled(country + (country === '+39' ? digits : digits.replace(/^0/, '')))
  return fault('countryMissing', guess ?? undefined)
}

/** Country codes of one and two digits; all others have three (https://www.itu.int/pub/T-SP-E.164D). */
const shortCodes = /^\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

const countryOf = (number: string | null): string | null =>
  number?.startsWith('+') ? (shortCodes.exec(number)?.[0] ?? number.slice(0, 4)) : null

function commonest(all: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** `2026-12-14`, or as it is written where the month is told from the day: `14.12.2026`, `14 Dec 2026`, `31/12/2026`. */
function readDay(text: string): Read {
  const iso = isDay(text) ? text : (named(text) ?? dotted(text))
  return iso !== null && isDay(iso) ? { cell: iso } : fault('noDay')
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const dayOf = (year: string, month: number, day: string) =>
  `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`

function named(text: string): string | null {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\.? ([a-z]{3,9})\.?,? (\d{4})$/i.exec(text) ?? []
  const at = months.indexOf(month.slice(0, 3).toLowerCase())
  return at < 0 ? null : dayOf(year, at + 1, day)
}

/** With points the day stands first. With strokes it does so in one part of the world only: read where it can be no month. */
function dotted(text: string): string | null {
  const [, day = '', mark, month = '', year = ''] = /^(\d{1,2})([./])(\d{1,2})[./](\d{4})$/.exec(text) ?? []
  return mark === '.' || (mark === '/' && Number(day) > 12) ? dayOf(year, Number(month), day) : null
}

/** `Priya Nair <object id>`. A name alone is that of the person who stands in the column already. */
function readPerson(text: string, beside: Beside): Read {
  const person = personIn(text)
  if (person) return { cell: person }
  const same = beside.find((one) => personIn(one)?.name.toLowerCase() === text.toLowerCase())
  return fault('noPerson', same)
}

function personIn(text: string): { id: string; name: string } | null {
  const [, name = '', written = ''] = /^([^<]*)<([^>]+)>$/.exec(text.trim()) ?? [null, '', text]
  const id = readCalled(written)
  return id && !id.startsWith('+') ? { id, name: name.trim() } : null
}

/** A cell as a text that is read as the same cell. */
export function writeCell(cell: Cell | undefined): string {
  if (cell === undefined || cell === false) return ''
  if (cell === true) return 'on'
  return typeof cell === 'object' ? `${cell.name} <${cell.id}>`.trim() : String(cell)
}

/** A cell as people see it: of a person the name. */
export const shownCell = (text: string): string => personIn(text)?.name || text

export const typedRow = ({ id, cells }: Row): TypedRow => ({
  id,
  texts: Object.fromEntries(Object.entries(cells).map(([column, cell]) => [column, writeCell(cell)])),
})

export type PlacedFault = CellFault & { readonly row: string; readonly column: string }

/** The rows as they can be kept, and what in them cannot be read. A row without any text is left out. */
export function readRows({ columns }: Table, typed: readonly TypedRow[]): { rows: Row[]; faults: PlacedFault[] } {
  const faults: PlacedFault[] = []
  const beside = new Map(
    columns.map(({ type }) => [
      type,
      textsOf(
        typed,
        columns.filter((one) => one.type === type),
      ),
    ]),
  )
  const rows = typed.map(({ id, texts }): Row => {
    const cells: Record<string, Cell> = {}
    for (const column of columns) {
      const read = readCell(column.type, texts[column.id] ?? '', beside.get(column.type))
      if ('fault' in read) faults.push({ row: id, column: column.id, ...read.fault })
      else if (read.cell !== null) cells[column.id] = read.cell
    }
    return { id, cells }
  })
  const isThere = ({ cells }: Row) => Object.keys(cells).length > 0
  return { rows: rows.filter(isThere), faults }
}

/** For guesses a few are enough, and each cell of thousands looks through them. */
const mostBeside = 50
const textsOf = (rows: readonly TypedRow[], columns: readonly Column[]): string[] => {
  const texts = new Set<string>()
  for (const row of rows) {
    for (const { id } of columns) texts.add(row.texts[id] ?? '')
    if (texts.size >= mostBeside) break
  }
  return [...texts]
}

/** True when both are read as the same. */
export const sameText = ({ type }: Column, a = '', b = ''): boolean => {
  const [one, other] = [readCell(type, a), readCell(type, b)]
  if (!('cell' in one) || !('cell' in other)) return a.trim() === b.trim()
  return writeCell(one.cell ?? undefined) === writeCell(other.cell ?? undefined)
}
