import { randomUUID } from 'node:crypto'
import { bytesOf, type Cells, keysOf, type Row, Table } from '#flow/table.ts'
import { type Connection, isId, sqlIn } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import {
  addVersions,
  closeVersions,
  countingRows,
  type Kept,
  lockTable,
  nextMoment,
  refuseMoreBytes,
  type Version,
} from './tableRows.ts'
import { refuseInUse, type Use, usesOf } from './uses.ts'

export type StoredTable = {
  id: string
  table: Table
  /** How many rows count now. */
  size: number
  revision: number
  updatedAt: Date
  updatedBy: string
}

/** One row that became another. Without `old` it was added, without `now` removed. `callId`: a flow did it, on that call. */
export type RowChange = {
  rowId: string
  at: Date
  by: string
  callId: string | null
  old: Cells | null
  now: Cells | null
}

type ToSave = { table: Table; rows: readonly Row[]; revision: number; by: string }

const mostChanges = 500

/** Rows that people edit. Who listens to `routes` (changes.ts) hears when a table has come, gone, or has other columns. */
export function createTables({ sql, transaction }: Pick<Connection, 'sql' | 'transaction'>) {
  return {
    /** All of a tenant, by name. */
    async list(tenantId: string): Promise<StoredTable[]> {
      return (await sql<StoredRow>(`${selected} order by lower(t.name), t.id`, [tenantId])).map(read)
    },

    /** @throws StoreError `notFound` */
    async get(tenantId: string, id: string): Promise<StoredTable & { rows: Row[] }> {
      const [found] = isId(id) ? await sql<StoredRow>(`${selected} and t.id = $2`, [tenantId, id]) : []
      if (!found) throw new StoreError('notFound', { what: 'table' })
      return { ...read(found), rows: await sql<Row>(rowsNow, [tenantId, id]) }
    },

    /** The rows as they were at a moment. */
    async rowsAt(tenantId: string, id: string, at: Date): Promise<Row[]> {
      return isId(id) ? sql<Row>(rowsThen, [tenantId, id, at]) : []
    },

    /** What was changed, the latest first. */
    async changes(tenantId: string, id: string): Promise<RowChange[]> {
      return isId(id) ? sql<RowChange>(changed, [tenantId, id, mostChanges]) : []
    },

    /** @throws StoreError `nameTaken`, `limit` */
    async create(tenantId: string, { table, rows, by }: Omit<ToSave, 'revision'>): Promise<string> {
      const id = randomUUID()
      await transaction(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        await addTable(client, tenantId, { id, table, rows, by })
      })
      return id
    },

    /**
     * Saves name, columns and all rows, if nobody else has since `revision` was loaded. Rows that are as they were stay untouched.
     * @throws StoreError `changedMeanwhile` with the revision that is there and who made it; `nameTaken`; `notFound`; `limit`; `inUse`
     *   with the flows that speak of a column which is gone or of another type
     */
    async save(tenantId: string, id: string, toSave: ToSave): Promise<{ revision: number }> {
      return transaction((client) => save(client, tenantId, id, toSave))
    },

    /** @throws StoreError `notFound`; `inUse` with the flows that speak of it, their drafts included */
    async remove(tenantId: string, id: string): Promise<void> {
      await refuseInUse(sql, tenantId, [id])
      const gone = isId(id)
        ? await sql('delete from tables where tenant_id = $1 and id = $2 returning id', [tenantId, id])
        : []
      if (gone.length === 0) throw new StoreError('notFound', { what: 'table' })
    },

    /** The flows that speak of a table. */
    async uses(tenantId: string, id: string): Promise<Use[]> {
      return isId(id) ? usesOf(sql, tenantId, id) : []
    },
  }
}

/** In a tenant that is there. @throws StoreError `limit` */
export async function addTable(
  client: Prisma.TransactionClient,
  tenantId: string,
  { id, table, rows, by }: Omit<ToSave, 'revision'> & { id: string },
): Promise<void> {
  refuseMoreBytes(bytesOf(rows.map(({ cells }) => cells)))
  const { name, columns } = table
  await client.dataTable.create({ data: { id, tenantId, name, columns, updatedBy: by } })
  const versions = positioned(rows, new Map()).map((row) => ({ ...row, keys: keysOf(table, row.cells) }))
  await addVersions(client, { tenantId, id, by, callId: null, at: await nextMoment(client) }, versions)
}

async function save(
  client: Prisma.TransactionClient,
  tenantId: string,
  id: string,
  { table, rows, revision, by }: ToSave,
): Promise<{ revision: number }> {
  const { columns: before, ...there } = await lockTable(client, tenantId, id)
  if (there.revision !== revision) throw new StoreError('changedMeanwhile', there)
  refuseMoreBytes(bytesOf(rows.map(({ cells }) => cells)))
  await refuseInUse(sqlIn(client), tenantId, goneFrom(before, table.columns))
  const kept = await countingRows(client, tenantId, id)
  const { closed, added } = differences(kept, table, rows)
  const at = await nextMoment(client)
  await closeVersions(client, closed, at)
  await addVersions(client, { tenantId, id, by, callId: null, at }, added)
  const { name, columns } = table
  const data = { name, columns, revision: revision + 1, updatedBy: by, updatedAt: new Date() }
  await client.dataTable.update({ where: { id, tenantId }, data })
  return { revision: revision + 1 }
}

/** Columns that flows can no longer read as they did. */
const goneFrom = (before: Table['columns'], after: Table['columns']): string[] =>
  before.filter(({ id, type }) => !after.some((one) => one.id === id && one.type === type)).map(({ id }) => id)

/** Which versions end, and what comes in their place: of a row that is removed one without cells. */
function differences(kept: readonly Kept[], table: Table, rows: readonly Row[]) {
  const known = new Map(kept.map((one) => [one.rowId, one]))
  const wanted = positioned(rows, new Map(kept.map(({ rowId, position }) => [rowId, position]))).map(
    (row): Version => ({ ...row, keys: keysOf(table, row.cells) }),
  )
  const there = new Set(wanted.map(({ rowId }) => rowId))
  const removed = kept.filter(({ rowId }) => !there.has(rowId))
  const added = wanted.filter((row) => !sameVersion(known.get(row.rowId), row))
  const closed = [...removed, ...added.flatMap(({ rowId }) => known.get(rowId) ?? [])].map(({ id }) => id)
  return {
    closed,
    added: [...added, ...removed.map(({ rowId, position }) => ({ rowId, position, cells: null, keys: {} }))],
  }
}

/** Whatever order its parts stand in. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

const sameVersion = (a: Kept | undefined, { position, cells, keys }: Version): boolean =>
  a !== undefined && a.position === position && sorted([a.cells, a.keys]) === sorted([cells, keys])

/** Rows in this order; as many as can keep the place that they had, so that one put in between changes no other. */
function positioned(rows: readonly Row[], places: ReadonlyMap<string, number>) {
  let last = 0
  return rows.map(({ id: rowId, cells }, n) => {
    const own = places.get(rowId) ?? 0
    if (own > last) last = own
    else {
      const next = rows.slice(n + 1).find(({ id }) => (places.get(id) ?? 0) > last)
      const bound = next && places.get(next.id)
      last = bound === undefined ? last + 1 : (last + bound) / 2
    }
    return { rowId, cells, position: last }
  })
}

const selected = `
  select t.id, t.name, t.columns, t.revision, t.updated_at as "updatedAt", t.updated_by as "updatedBy",
    (select count(*)::int from table_rows r where r.tenant_id = t.tenant_id and r.table_id = t.id and r.until_at is null) as size
  from tables t where t.tenant_id = $1`

const rowsNow = `
  select row_id as id, cells from table_rows
  where tenant_id = $1 and table_id = $2 and until_at is null order by position, row_id`

const rowsThen = `
  select row_id as id, cells from table_rows
  where tenant_id = $1 and table_id = $2 and from_at <= $3 and (until_at is null or until_at > $3) and cells is not null
  order by position, row_id`

const changed = `
  select v.row_id as "rowId", v.from_at as at, v.by, v.call_id as "callId", p.cells as old, v.cells as now
  from table_rows v left join table_rows p
    on p.tenant_id = v.tenant_id and p.table_id = v.table_id and p.row_id = v.row_id and p.until_at = v.from_at and p.id <> v.id
  where v.tenant_id = $1 and v.table_id = $2 order by v.from_at desc, v.position limit $3`

type StoredRow = Omit<StoredTable, 'table'> & { name: string; columns: unknown }

/** What is stored was checked when it was saved. */
const read = ({ name, columns, ...rest }: StoredRow): StoredTable => ({
  ...rest,
  table: Table.parse({ name, columns }),
})
