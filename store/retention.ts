import type { Connection } from './connection.ts'

/** As many calls, or versions of rows, are forgotten with one statement: a large one would hold up whoever writes beside it. */
const atOnce = 500

/**
 * What nobody needs any more: calls that began before a moment, with their steps, how rows of tables were
 * before it, and the routes of test calls that nobody dialled. What
 * was only tested goes with its audio (`versions.forgetTested`).
 */
export function createRetention({ sql }: Pick<Connection, 'sql'>) {
  return {
    /**
     * Forgets what is older, in small pieces. Safe to be stopped, and to be done by several processes at once.
     * @returns how many calls are gone
     * @throws StoreError `unavailable`
     */
    async forget(before: Date, signal?: AbortSignal): Promise<number> {
      const forgetAll = async (statement: string, tenantId: string) => {
        let all = 0
        for (let gone = atOnce; gone === atOnce && !signal?.aborted; all += gone) {
          const [row] = await sql<{ gone: number }>(statement, [tenantId, before, atOnce])
          gone = row?.gone ?? 0
        }
        return all
      }
      let gone = 0
      for (const { id } of await sql<{ id: string }>('select id from tenants order by id', [])) {
        gone += await forgetAll(forgetCalls, id)
        await forgetAll(forgetRows, id)
        if (signal?.aborted) return gone
        await sql('delete from routes where tenant_id = $1 and expires_at < now()', [id])
      }
      return gone
    },
  }
}

/** How rows of tables were: what counts now stays, whatever its age. */
const forgetRows = `
  with old as (
    delete from table_rows where tenant_id = $1 and id in (
      select id from table_rows where tenant_id = $1 and until_at < $2 order by until_at limit $3 for update skip locked
    ) returning id
  )
  select count(*)::int as gone from old`

/** A call that runs is kept, however long. */
const forgetCalls = `
  with old as (
    delete from calls where tenant_id = $1 and id in (
      select id from calls where tenant_id = $1 and started_at < $2 and state = 'ended' order by started_at limit $3
      for update skip locked
    ) returning id
  ), steps as (
    delete from call_steps where tenant_id = $1 and call_id in (select id from old)
  )
  select count(*)::int as gone from old`
