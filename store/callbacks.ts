import { randomUUID } from 'node:crypto'
import { storableText } from '#ground/storableText.ts'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import { settingOf, tell } from './messages.ts'

/** What a flow knows of somebody who wants to be called back. `callId` is ours. */
export type NewCallback = {
  callId: string
  flowId: string
  number: string
  name: string
  reason: string
  due: Date
  owner: string
  /** The number is not that of the caller, who may be anybody. */
  typed: boolean
  /** Whoever has asked since so long, and was not called yet, is on the list already. */
  mergeMs: number
}

export type CallbackRow = Pick<NewCallback, 'callId' | 'flowId' | 'number' | 'name' | 'reason' | 'due'> & {
  id: string
  flowName: string | null
  test: boolean
  owner: string | null
  /** How often they have asked, and when for the first time. */
  times: number
  at: Date
  doneAt: Date | null
  doneBy: string | null
}

/** Nobody calls as many back: then something else is wrong, and callers are told so rather than forgotten. */
const mostOpen = 10_000

/** Who is to be called back. Kept in plain like the callers of calls and messages, and as long as messages are. */
export function createCallbacks({ sql, transaction }: Pick<Connection, 'sql' | 'transaction'>) {
  /** Changes one. @throws StoreError `notFound` */
  async function change(tenantId: string, id: string, set: string, values: unknown[]): Promise<void> {
    const text = `update callbacks set ${set} where tenant_id = $1 and id = $2 returning call_id as "callId"`
    const [row] = isId(id) ? await sql<{ callId: string }>(text, [tenantId, id, ...values]) : []
    if (!row) throw new StoreError('notFound', { what: 'callback' })
    await tell(sql, tenantId, row.callId)
  }

  return {
    /**
     * Adds one; or, for who is on the list of that owner already, counts the wish, and keeps the earlier due time and the newer words.
     * Of a number that was typed the older words stay: it may be anybody's. Two calls of one number wait for each other. True for who
     * was there.
     * @throws StoreError `limit` when the list is full; `unavailable`
     */
    async add(tenantId: string, asked: NewCallback): Promise<boolean> {
      const merged = await transaction(async (client) => {
        await lockNumber(client, tenantId, asked)
        if ((await merge(client, tenantId, asked)) > 0) return true
        await insert(client, tenantId, asked)
        return false
      })
      await tell(sql, tenantId, asked.callId)
      return merged
    },

    /** So many at most: first who waits, the most urgent before, then who was called last. */
    list: (tenantId: string, limit: number): Promise<CallbackRow[]> => sql<CallbackRow>(listed, [tenantId, limit]),

    /** How many wait, and of how many the time is over. */
    async waiting(tenantId: string): Promise<{ open: number; overdue: number }> {
      const [row] = await sql<{ open: number; overdue: number }>(counted, [tenantId])
      return row ?? { open: 0, overdue: 0 }
    },

    /** @throws StoreError `notFound`, as each of these */
    setDone: (tenantId: string, id: string, done: boolean, by: string): Promise<void> =>
      change(tenantId, id, `done_at = case when $3 then now() end, done_by = case when $3 then $4 end`, [done, by]),

    /** Null: nobody's. */
    setOwner: (tenantId: string, id: string, owner: string | null): Promise<void> =>
      change(tenantId, id, 'owner = $3', [owner]),

    /** Removes for good what was done, or should have been, before the days of the tenant; so many at most. Gives how many. */
    async forgetOld(tenantId: string, most: number): Promise<number> {
      const { days } = await settingOf(sql, tenantId)
      return (await sql(forgotten, [tenantId, days, most])).length
    },
  }
}

type Client = Prisma.TransactionClient

/** Until the transaction ends nobody else adds this number for this owner. */
const lockNumber = (client: Client, tenantId: string, { flowId, number, owner }: NewCallback) =>
  client.$executeRaw`
    select pg_advisory_xact_lock(hashtextextended(${`callback ${tenantId} ${flowId} ${number} ${storableText(owner)}`}, 0))`

const merge = (client: Client, tenantId: string, asked: NewCallback): Promise<number> => {
  const { callId, flowId, number, due, mergeMs, typed } = asked
  const [name, reason, owner] = wordsOf(asked)
  return client.$executeRaw`
    update callbacks set times = times + 1, due = least(due, ${due}::timestamptz),
      call_id = case when ${typed} then call_id else ${callId}::uuid end,
      name = case when ${typed} or ${name} = '' then name else ${name} end,
      reason = case when ${typed} or ${reason} = '' then reason else ${reason} end
    where id = (
      select id from callbacks
      where tenant_id = ${tenantId}::uuid and flow_id = ${flowId}::uuid and number = ${number} and done_at is null
        and owner is not distinct from nullif(${owner}, '')
        and at > now() - make_interval(secs => ${mergeMs / 1000}::double precision)
      order by at desc limit 1)`
}

async function insert(client: Client, tenantId: string, asked: NewCallback): Promise<void> {
  const { callId, flowId, number, due } = asked
  const [name, reason, owner] = wordsOf(asked)
  const added = await client.$executeRaw`
    insert into callbacks (id, tenant_id, call_id, flow_id, number, name, reason, due, owner)
    select ${randomUUID()}::uuid, ${tenantId}::uuid, ${callId}::uuid, ${flowId}::uuid, ${number}, ${name}, ${reason},
      ${due}::timestamptz, nullif(${owner}, '')
    where (select count(*) from callbacks where tenant_id = ${tenantId}::uuid and done_at is null) < ${mostOpen}`
  if (added === 0) throw new StoreError('limit', { what: 'callback', most: mostOpen })
}

const wordsOf = ({ name, reason, owner }: NewCallback): [name: string, reason: string, owner: string] => [
  storableText(name),
  storableText(reason),
  storableText(owner),
]

const counted = `
  select count(*)::int as open, (count(*) filter (where due < now()))::int as overdue
  from callbacks where tenant_id = $1 and done_at is null`

const forgotten = `
  delete from callbacks where tenant_id = $1 and id in (
    select id from callbacks where tenant_id = $1 and coalesce(done_at, due) < now() - make_interval(days => $2) limit $3
  ) returning id`

const listed = `
  select b.id, b.call_id as "callId", b.flow_id as "flowId", f.name as "flowName", coalesce(c.test, false) as test,
    b.number, b.name, b.reason, b.due, b.owner, b.times, b.at, b.done_at as "doneAt", b.done_by as "doneBy"
  from callbacks b
  left join flows f on f.tenant_id = $1 and f.id = b.flow_id
  left join calls c on c.tenant_id = $1 and c.id = b.call_id
  where b.tenant_id = $1
  order by b.done_at desc nulls first, b.due, b.id limit $2`
