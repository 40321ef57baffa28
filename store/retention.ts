import type { Connection } from './connection.ts'

/** As many calls are forgotten with one statement: a large one would hold up the writing of the history. */
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
      let gone = 0
      for (const { id } of await sql<{ id: string }>('select id from tenants order by id', [])) {
        for (let calls = atOnce; calls === atOnce && !signal?.aborted; gone += calls) {
          const [row] = await sql<{ calls: number }>(forgetCalls, [id, before, atOnce])
          calls = row?.calls ?? 0
        }
        if (signal?.aborted) return gone
        await sql(forgetRows, [id, before])
        await sql('delete from routes where tenant_id = $1 and expires_at < now()', [id])
      }
      return gone
    },
  }
}

/** How rows of tables were: what counts now stays, whatever its age. */
const forgetRows = 'delete from table_rows where tenant_id = $1 and until_at < $2'

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
  select count(*)::int as calls from old`
