import * as z from 'zod'
import { readCalled } from '#ground/called.ts'
import { listOf } from '#ground/listOf.ts'
import { storable } from '#ground/storableText.ts'
import { isFreeName } from './flow.ts'
import { emptyValue, fitsType, limits, type Value, type ValueType } from './values.ts'

/** Rows that people edit and flows look up: kept beside flows, shared by many of them, and changed without publishing. */

export const columnTypes = ['text', 'number', 'phone', 'day', 'person', 'switch'] as const
export type ColumnType = (typeof columnTypes)[number]

/** `bytes`: of all rows. With the columns they must fit into what an API takes at once, so that people can save what flows have written. */
export const tableLimits = { rows: 2000, columns: 20, bytes: 2_000_000 } as const

/** Ids are random: where one stands in a document, that column is meant. */
const ColumnId = z
  .string()
  .regex(/^[A-Za-z0-9]{1,32}$/)
  .refine(isFreeName, 'invalid_format')

const Column = z.object({ id: ColumnId, name: z.string().trim().min(1).max(60), type: z.enum(columnTypes) })
export type Column = z.infer<typeof Column>

const isSetOf = (values: readonly string[]): boolean => new Set(values).size === values.length

/** What flows speak of: a table's name and its columns, without its rows. */
export const Table = z.object({
  name: z.string().trim().min(1).max(100),
  columns: listOf(Column, tableLimits.columns)
    .refine((columns) => columns.length > 0, 'tooFew')
    .refine((columns) => isSetOf(columns.map(({ id }) => id)), 'idTwice')
    .refine((columns) => isSetOf(columns.map(({ name }) => name.toLowerCase())), 'nameTwice'),
})
export type Table = z.infer<typeof Table>

/** The tables that flows speak of, by their ids. */
export type Tables = Readonly<Record<string, Table>>

const Person = z.object({ id: z.guid(), name: z.string().trim().max(256) })

/** A day that there is, `YYYY-MM-DD`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

/** A phone number is in the one spelling of ground/called.ts: `+4940669691`. */
const cellOf = {
  text: z.string().min(1).max(limits.text),
  number: z.number(),
  phone: z.string().refine((text) => text.startsWith('+') && readCalled(text) === text),
  day: z.string().refine(isDay),
  person: Person,
  switch: z.boolean(),
} satisfies Record<ColumnType, z.ZodType>

export type Cell = string | number | boolean | z.infer<typeof Person>

/** From a column's id to what its cell holds. A cell that is empty is not there; so is a switch that is off. */
export type Cells = Readonly<Record<string, Cell>>

/** A row as it is kept: its id is its own through all changes. */
export type Row = { readonly id: string; readonly cells: Cells }

/** What a row takes beside its cells as it travels: its id and their names. */
export const rowOverhead = 54
const utf8 = new TextEncoder()

/** How much of `tableLimits.bytes` rows take. */
export const bytesOf = (rows: readonly Cells[]): number =>
  rows.reduce((sum, cells) => sum + rowOverhead + utf8.encode(JSON.stringify(cells)).length, 0)

/** Reads cells that come from outside by their columns. What belongs to no column is left out. */
export const cellsOf = ({ columns }: Table) =>
  z
    .object(Object.fromEntries(columns.map(({ id, type }) => [id, (cellOf[type] as z.ZodType<Cell>).optional()])))
    .transform(
      (cells): Cells =>
        withCells(
          {},
          Object.fromEntries(
            Object.entries(cells).map(([id, cell]) => [id, cell === undefined || cell === false ? null : cell]),
          ),
        ),
    )

const Rows = listOf(z.object({ id: z.guid(), cells: z.unknown() }), tableLimits.rows)

const isSet = (rows: readonly Row[]) => new Set(rows.map(({ id }) => id.toLowerCase())).size === rows.length

/** A table with its rows, each cell of the type of its column. */
export const TableWithRows = z.object({ table: Table, rows: Rows }).transform(({ table, rows }, context) => {
  const read = z.array(z.object({ id: z.guid(), cells: cellsOf(table) })).safeParse(storable(rows))
  if (read.success && isSet(read.data)) return { table, rows: read.data }
  const [issue] = read.error?.issues ?? []
  context.addIssue({ code: 'custom', path: ['rows', ...(issue?.path ?? [])], message: 'unreadable' })
  return z.NEVER
})

/** Some cells of a row changed; those that are null become empty. */
export type CellChange = { readonly [column: string]: Cell | null }

export const withCells = (before: Cells, change: CellChange): Cells =>
  Object.fromEntries(
    Object.entries({ ...before, ...change }).flatMap(([column, cell]) => (cell === null ? [] : [[column, cell]])),
  )

/** What a value of an expression is in a column: null, the cell is empty; undefined, it cannot be kept there. */
export function toCell(type: ColumnType, value: Value): Cell | null | undefined {
  if (value === null || value === '' || value === false) return null
  const whole = type === 'number' && typeof value === 'string' ? numberOf(value) : value
  const text = typeof whole === 'number' && type === 'text' ? String(whole) : whole
  const spelled = type === 'phone' && typeof text === 'string' ? readCalled(text) : text
  if (type === 'person' && typeof value === 'object' && 'id' in value && value.id === '') return null
  return cellOf[type].safeParse(spelled).data
}

const numberOf = (text: string): number | null => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null)

/** The types of variables that may take what a column holds. */
export const variablesFor: Readonly<Record<ColumnType, readonly ValueType[]>> = {
  text: ['text', 'secret'],
  number: ['number'],
  phone: ['phone', 'text'],
  day: ['text'],
  person: ['user'],
  switch: ['boolean'],
}

/** What a variable holds after a cell was read into it; undefined when it cannot hold it. */
export function fromCell(cell: Cell | undefined, type: ValueType): Value | undefined {
  const value = cell ?? emptyValue[type]
  return fitsType(type, value) ? value : undefined
}

/** What rows are compared by: two cells that mean the same have the same key. Null for what no cell can be. */
export function keyOf(type: ColumnType, value: Value | undefined): string | null {
  if (type === 'switch') return String(value === true)
  if (type === 'person' && typeof value === 'string') return value === '' ? null : value.toLowerCase()
  const cell = toCell(type, typeof value === 'string' && type !== 'text' ? value.trim() : (value ?? null))
  if (cell === null || cell === undefined) return null
  if (typeof cell === 'object') return cell.id.toLowerCase()
  return String(cell).trim().toLowerCase() || null
}

/** The keys of a row, by column, as they are kept beside it. */
export const keysOf = ({ columns }: Table, cells: Cells): Readonly<Record<string, string>> =>
  Object.fromEntries(
    columns.flatMap(({ id, type }) => {
      const key = keyOf(type, cells[id])
      return key === null ? [] : [[id, key]]
    }),
  )

/** Which row is wanted: the first with this key, or the first whose days hold that day. A day that is missing is no bound. */
export type RowMatch =
  | { readonly kind: 'column'; readonly column: string; readonly key: string }
  | { readonly kind: 'day'; readonly first: string; readonly last: string; readonly day: string }

/** Whether a row is one of those, by its keys. The database asks the same in its own words (store/tableRows.ts). */
export function matches(keys: Readonly<Record<string, string>>, match: RowMatch): boolean {
  if (match.kind === 'column') return keys[match.column] === match.key
  const [first, last] = [keys[match.first], keys[match.last]]
  if (first === undefined && last === undefined) return false
  return (first === undefined || first <= match.day) && (last === undefined || match.day <= last)
}
