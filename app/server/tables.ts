import * as z from 'zod'
import type { TableItem } from '#designer/wire.ts'
import { cellsOf, type Row, Table, tableLimits } from '#flow/table.ts'
import { storable } from '#ground/storableText.ts'
import type { StoredTable } from '#store/tables.ts'

/** A table as the pages have it. */
export const tableItem = ({ updatedAt, ...rest }: StoredTable): TableItem => ({
  ...rest,
  updatedAt: updatedAt.toISOString(),
})

const Rows = z.array(z.object({ id: z.guid(), cells: z.unknown() })).max(tableLimits.rows)

const isSet = (rows: readonly Row[]) => new Set(rows.map(({ id }) => id.toLowerCase())).size === rows.length

/** A table with its rows, each cell of the type of its column. */
export const TableWithRows = z.object({ table: Table, rows: Rows }).transform(({ table, rows }, context) => {
  const read = z.array(z.object({ id: z.guid(), cells: cellsOf(table) })).safeParse(storable(rows))
  if (read.success && isSet(read.data)) return { table, rows: read.data }
  const [issue] = read.error?.issues ?? []
  context.addIssue({ code: 'custom', path: ['rows', ...(issue?.path ?? [])], message: 'unreadable' })
  return z.NEVER
})
