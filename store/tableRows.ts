import { randomUUID } from 'node:crypto'
import { type CellChange, type Cells, keysOf, type RowMatch, Table, tableLimits, withCells } from '#flow/table.ts'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'

/** A version of a row that is to be kept; without cells for one that is removed. */
export type Version = { rowId: string; position: number; cells: Cells | null; keys: Readonly<Record<string, string>> }
/** One that counts now. */
export type Kept = Version & { id: string; cells: Cells }

type Client = Prisma.TransactionClient
type LookUp = { table: string; match: RowMatch; asOf: number; callId: string }
type Write = { table: string; match: RowMatch | null; cells: CellChange; callId: string }

/** What flows do with rows, each by one call, whose id is ours. */
export function createTableRows({ sql, transaction }: Pick<Connection, 'sql' | 'transaction'>) {
  return {
    /**
     * The first row that matches, of those that counted at a moment (milliseconds since 1970, by the clock of who asks) and of what
     * this call itself has written since. Null when none does.
     * @throws StoreError `notFound` when the table is gone
     */
    async lookUp(tenantId: string, { table, match, asOf, callId }: LookUp): Promise<Cells | null> {
      const [where, values] = matching(match, 5)
      const found = isId(table)
        ? await sql<{ cells: Cells | null }>(looking(where), [tenantId, table, new Date(asOf), callId, ...values])
        : []
      if (!found[0]) throw new StoreError('notFound', { what: 'table' })
      return found[0].cells
    },

    /**
     * Changes cells of the first row that matches now, or adds a row (`match` null). Writers of one table wait for each other, so that
     * what each has written counts. False when no row matches.
     * @throws StoreError `notFound` when the table is gone; `limit` when it is full
     */
    async write(tenantId: string, { table: id, match, cells, callId }: Write): Promise<boolean> {
      return transaction(async (client) => {
        const { columns } = await lockTable(client, tenantId, id)
        const rows = await countingRows(client, tenantId, id, match ?? undefined)
        const [old] = rows
        if (match && !old) return false
        if (!match && rows.length >= tableLimits.rows)
          throw new StoreError('limit', { what: 'table', most: tableLimits.rows })
        const at = await nextMoment(client)
        if (match && old) await closeVersions(client, [old.id], at)
        const after = withCells(match && old ? old.cells : {}, cells)
        const place = match && old ? old : { rowId: randomUUID(), position: (rows.at(-1)?.position ?? 0) + 1 }
        const version = {
          rowId: place.rowId,
          position: place.position,
          cells: after,
          keys: keysOf({ name: '', columns }, after),
        }
        await addVersions(client, { tenantId, id, by: '', callId, at }, [version])
        // Who edits the table meanwhile hears of it; flows are not made ready anew (see the trigger).
        const data = { revision: { increment: 1 }, updatedAt: new Date(), updatedBy: '' }
        await client.dataTable.update({ where: { id, tenantId }, data })
        return true
      })
    },
  }
}

/** Until the transaction ends nobody else writes here. @throws StoreError `notFound` */
export async function lockTable(client: Client, tenantId: string, id: string) {
  const found = isId(id)
    ? await client.$queryRaw<{ columns: unknown; revision: number; updatedAt: Date; updatedBy: string }[]>`
        select columns, revision, updated_at as "updatedAt", updated_by as "updatedBy"
        from tables where tenant_id = ${tenantId}::uuid and id = ${id}::uuid for update`
    : []
  const [table] = found
  if (!table) throw new StoreError('notFound', { what: 'table' })
  const columns: Table['columns'] = Table.shape.columns.parse(table.columns)
  return { ...table, columns }
}

/** The rows that count now, in order; with a match the first that it fits. */
export async function countingRows(client: Client, tenantId: string, id: string, match?: RowMatch): Promise<Kept[]> {
  const [where, values] = match ? matching(match, 3) : ['true', []]
  return client.$queryRawUnsafe<Kept[]>(
    `select id, row_id as "rowId", position, cells, keys from table_rows
     where tenant_id = $1::uuid and table_id = $2::uuid and until_at is null and ${where}
     order by position, row_id ${match ? 'limit 1' : ''}`,
    ...[tenantId, id, ...values],
  )
}

/** When what is written now begins to count: to the microsecond, which no Date can hold. After the lock, so that later is later. */
export async function nextMoment(client: Client): Promise<string> {
  const [now] = await client.$queryRaw<{ at: string }[]>`select clock_timestamp()::text as at`
  return now?.at ?? ''
}

export const closeVersions = (client: Client, ids: readonly string[], at: string) =>
  client.$executeRaw`update table_rows set until_at = ${at}::timestamptz where id = any(${[...ids]}::uuid[])`

type Writing = { tenantId: string; id: string; by: string; callId: string | null; at: string }

/** A version without cells says who removed the row, and counts at no moment. */
export const addVersions = (client: Client, { tenantId, id, by, callId, at }: Writing, versions: readonly Version[]) =>
  client.$executeRaw`
    insert into table_rows (id, row_id, table_id, tenant_id, position, cells, keys, from_at, until_at, by, call_id)
    select gen_random_uuid(), v."rowId", ${id}::uuid, ${tenantId}::uuid, v.position, v.cells, v.keys, ${at}::timestamptz,
      case when v.cells is null then ${at}::timestamptz end, ${by}, ${callId}::uuid
    from json_to_recordset(${JSON.stringify(versions)}::json)
      as v("rowId" uuid, position double precision, cells json, keys jsonb)`

/** What `matches` of flow/table.ts asks, in the words of the database; its values are numbered from `from` on. */
function matching(match: RowMatch, from: number): [where: string, values: string[]] {
  const [a, b, c] = [from, from + 1, from + 2].map((n) => `$${n}::text`)
  if (match.kind === 'column') return [`keys ->> ${a} = ${b}`, [match.column, match.key]]
  const [first, last] = [`(keys ->> ${a}) collate "C"`, `(keys ->> ${b}) collate "C"`]
  return [
    `(${first} is not null or ${last} is not null) and coalesce(${first} <= ${c}, true) and coalesce(${c} <= ${last}, true)`,
    [match.first, match.last, match.day],
  ]
}

const looking = (where: string) => `
  select found.cells from tables t left join lateral (
    select counting.cells from (
      select distinct on (row_id) row_id, position, cells, keys from table_rows
      where tenant_id = t.tenant_id and table_id = t.id
        and (call_id = $4 or (from_at <= $3 and (until_at is null or until_at > $3)))
      order by row_id, from_at desc
    ) counting
    where cells is not null and ${where} order by position, row_id limit 1
  ) found on true
  where t.tenant_id = $1 and t.id = $2`
