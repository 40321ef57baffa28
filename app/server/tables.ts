import type { TableItem } from '#designer/wire.ts'
import type { StoredTable } from '#store/tables.ts'

/** A table as the pages have it. */
export const tableItem = ({ updatedAt, ...rest }: StoredTable): TableItem => ({
  ...rest,
  updatedAt: updatedAt.toISOString(),
})
