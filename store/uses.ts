import type { Connection } from './connection.ts'
import { StoreError } from './error.ts'

/** A flow that speaks of something: in what callers hear, in its draft, or both. `writes`: it changes the rows of the table. */
export type Use = { flowId: string; name: string; live: boolean; draft: boolean; writes: boolean }

/** The flows that speak of what has this id. It is long and random: where it stands in a document, it is meant. */
export const usesOf = (sql: Connection['sql'], tenantId: string, id: string): Promise<Use[]> =>
  sql(using, [tenantId, id])

/** @throws StoreError `inUse` with the names of the flows that speak of one of these */
export async function refuseInUse(sql: Connection['sql'], tenantId: string, ids: readonly string[]): Promise<void> {
  const names = new Set<string>()
  for (const id of ids) for (const { name } of await usesOf(sql, tenantId, id)) names.add(name)
  if (names.size > 0) throw new StoreError('inUse', { flows: [...names] })
}

const writes = (document: string) =>
  `jsonb_path_exists(${document}::jsonb, '$.blocks.* ? (@.type == "tableUpdate" && @.settings.table.id == $id)', jsonb_build_object('id', $2::text))`

const using = `
  with live as (
    select r.flow_id, bool_or(${writes('v.document')}) as writes
    from routes r join flow_versions v on v.id = r.version_id
    where r.tenant_id = $1::uuid and not r.test and (v.document like '%"' || $2::text || '"%' or r.calendar_id::text = $2::text)
    group by r.flow_id)
  select f.id as "flowId", f.name, d.draft, l.flow_id is not null as live,
    coalesce(l.writes, false) or (d.draft and ${writes('f.draft')}) as writes
  from flows f left join live l on l.flow_id = f.id
    cross join lateral (select f.draft::text like '%"' || $2::text || '"%' as draft) d
  where f.tenant_id = $1::uuid and f.deleted_at is null and (d.draft or l.flow_id is not null)
  order by lower(f.name)`
