import { randomUUID } from 'node:crypto'
import {
  bytesOf,
  type CellChange,
  type Cells,
  keysOf,
  type RowMatch,
  rowOverhead,
  Table,
  tableLimits,
  withCells,
} from '#flow/table.ts'
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
     * @throws StoreError `notFound` when the table is gone; `limit` when it is full; `unavailable` (`locked`) when others write for a second
     */
    async write(tenantId: string, { table: id, match, cells, callId }: Write): Promise<boolean> {
      return transaction(async (client) => {
        const { columns } = await lockTable(client, tenantId, id)
        const [old] = match ? await countingRows(client, tenantId, id, match) : []
        if (match && !old) return false
        const after = withCells(old?.cells ?? {}, cells)
        const grows = bytesOf([after]) - (old ? bytesOf([old.cells]) : 0)
        const { rows, bytes, last } = await roomOf(client, tenantId, id)
        if (!old && rows >= tableLimits.rows) throw new StoreError('limit', { what: 'table', most: tableLimits.rows })
        if (grows > 0) refuseMoreBytes(bytes + grows)
        const at = await nextMoment(client)
        if (old) await closeVersions(client, [old.id], at)
        const { rowId, position } = old ?? { rowId: randomUUID(), position: last + 1 }
        const version = { rowId, position, cells: after, keys: keysOf({ name: '', columns }, after) }
        await addVersions(client, { tenantId, id, by: '', callId, at }, [version])
        // Who edits the table meanwhile hears of it; flows are not made ready anew (see the trigger).
        const data = { revision: { increment: 1 }, updatedAt: new Date(), updatedBy: '' }
        await client.dataTable.update({ where: { id, tenantId }, data })
        return true
      })
    },
  }
}

/** So long a writer waits for those before it: less than a caller waits for the database (bot/tables.ts), who then knows that nothing was written. */
const lockMs = 1_000

/** Until the transaction ends nobody else writes here. @throws StoreError `notFound`; `unavailable` (`locked`) when others do for a second */
export async function lockTable(client: Client, tenantId: string, id: string) {
  await client.$queryRaw`select set_config('lock_timeout', ${`${lockMs}`}, true)`
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

/** How full a table is, and the place of its last row. */
async function roomOf(client: Client, tenantId: string, id: string) {
  const [room] = await client.$queryRaw<{ rows: number; bytes: number; last: number }[]>`
    select count(*)::int as rows, coalesce(max(position), 0) as last,
      coalesce(sum(octet_length(cells::text) + ${rowOverhead}::int), 0)::float8 as bytes
    from table_rows where tenant_id = ${tenantId}::uuid and table_id = ${id}::uuid and until_at is null`
  return room ?? { rows: 0, bytes: 0, last: 0 }
}

/** @throws StoreError `limit` when people could no longer save what is in a table */
export function refuseMoreBytes(bytes: number): void {
  if (bytes <= tableLimits.bytes) return
  const message = `The rows of a table take at most ${tableLimits.bytes / 1_000_000} MB. Delete rows that are not needed, or shorten long texts, and save again.`
  throw new StoreError('limit', { what: 'table', most: tableLimits.bytes }, { message })
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

/** Each half by an index of its own: what counted no more when the call began is not read. */
const looking = (where: string) => `
  with own as materialized (
    select distinct on (row_id) row_id, position, cells, keys from table_rows
    where tenant_id = $1 and table_id = $2 and call_id = $4 order by row_id, from_at desc
  )
  select found.cells from tables t left join lateral (
    select cells from (
      select row_id, position, cells, keys from own where cells is not null
      union all
      select row_id, position, cells, keys from table_rows
      where tenant_id = $1 and table_id = $2 and from_at <= $3 and (until_at is null or until_at > $3)
        and row_id not in (select row_id from own)
    ) counting
    where ${where} order by position, row_id limit 1
  ) found on true
  where t.tenant_id = $1 and t.id = $2`
