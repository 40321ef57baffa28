import type { Connection } from './connection.ts'

/** A bot's process, by an id that it makes at its start, and whose calls it can hang up. */
export type Process = { id: string; tenantId: string; appId: string }

/** How often a process has said that it lives; null for one that never did. `id` null: whoever wrote rows before there were processes. */
export type Beat = { id: string | null; beat: number | null }

/** A live call as it stands in the books, and when it began, in milliseconds since 1970. */
export type LiveCall = {
  id: string
  tenantId: string
  graphCallId: string
  flowId: string
  versionId: string
  test: boolean
  at: number
  outcome: string | null
}

/** Which of a bot's processes live, and whose the live calls are. No clock has a say in it: each process counts, and others watch. */
export function createProcesses({ sql }: Connection) {
  return {
    /** Says that this process lives, and tells of all others of its tenant and app that do or that still have live calls. */
    beat: ({ id, tenantId, appId }: Process): Promise<Beat[]> => sql<Beat>(beat, [id, tenantId, appId]),

    /**
     * Makes the oldest live calls of another process ours, if they still are its own: of several that try, each call falls to one.
     * @param from null for rows from before there were processes
     */
    claim: ({ id, tenantId }: Process, from: string | null, most: number): Promise<LiveCall[]> =>
      sql<LiveCall>(claim, [id, tenantId, from, most]),

    /** Strikes a process off the list when it has no live call any more. */
    async forget(tenantId: string, id: string): Promise<void> {
      await sql(forget, [tenantId, id])
    },
  }
}

const beat = `
  with mine as (
    insert into bot_processes (id, tenant_id, app_id, beat) values ($1, $2, $3, 1)
    on conflict (id) do update set beat = bot_processes.beat + 1
  )
  select id, beat::float8 as beat from bot_processes where tenant_id = $2 and app_id = $3 and id <> $1
  union all
  select distinct process, null::float8 from calls
  where tenant_id = $2 and state = 'live' and process is distinct from $1
    and not exists (select from bot_processes where id = process)`

const claim = `
  with oldest as (
    select id from calls
    where tenant_id = $2 and state = 'live' and (process = $3 or (process is null and $3::uuid is null))
    order by started_at, id limit $4 for update skip locked
  ), claimed as (
    update calls set process = $1 from oldest where calls.id = oldest.id returning calls.*
  )
  select id, tenant_id as "tenantId", graph_call_id as "graphCallId", flow_id as "flowId", version_id as "versionId", test,
    (extract(epoch from started_at) * 1000)::float8 as at, outcome
  from claimed order by started_at, id`

const forget = `
  delete from bot_processes where tenant_id = $1 and id = $2
    and not exists (select from calls where tenant_id = $1 and process = $2 and state = 'live')`
