import type { Connection } from './connection.ts'
import { StoreError } from './error.ts'

/** A flow that speaks of something: in what callers hear, in its draft, or both. `writes`: it changes the rows of the table. */
export type Use = { flowId: string; name: string; live: boolean; draft: boolean; writes: boolean }

/** The flows that speak of what has this id, other than itself. It is long and random: where it stands in a document, it is meant. */
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

/** What blocks that enter flows mean, as a path in a document. */
const choices = `$.blocks.* ? (@.type == "callFlow" || @.type == "goToFlow").settings.flow
  ? (@.id like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" flag "i")`

/** Callers hear what answers, sub-flows as they are now, and from there whatever version a block goes on in, from one to the next. */
const using = `
  with recursive answering as (
    select r.version_id, r.calendar_id from routes r join flows f on f.id = r.flow_id and f.deleted_at is null
    where r.tenant_id = $1::uuid and not r.test
  ), heard as (
    select version_id as id from answering
    union
    select * from (
      select distinct on (v.flow_id) v.id from flow_versions v
      where v.tenant_id = $1::uuid and v.number is not null and jsonb_typeof(v.face -> 'parameters') = 'array'
      order by v.flow_id, v.number desc) sub_flows
    union
    select entered.id from heard join flow_versions v on v.id = heard.id
      cross join lateral jsonb_path_query(v.document::jsonb, '${choices}') choice
      cross join lateral (
        select e.id from flow_versions e join flows f on f.id = e.flow_id and f.deleted_at is null
        where e.tenant_id = $1::uuid and e.flow_id = (choice ->> 'id')::uuid and e.number is not null
          and e.number::text = coalesce(choice ->> 'version', e.number::text)
        order by e.number desc limit 1) entered
  ), live as (
    select v.flow_id, bool_or(${writes('v.document')}) as writes from heard join flow_versions v on v.id = heard.id
    where v.document like '%"' || $2::text || '"%'
      or exists (select from answering a where a.version_id = v.id and a.calendar_id::text = $2::text)
    group by v.flow_id)
  select f.id as "flowId", f.name, d.draft, l.flow_id is not null as live,
    coalesce(l.writes, false) or (d.draft and ${writes('f.draft')}) as writes
  from flows f left join live l on l.flow_id = f.id
    cross join lateral (select f.draft::text like '%"' || $2::text || '"%' as draft) d
  where f.tenant_id = $1::uuid and f.id::text <> $2::text and f.deleted_at is null and (d.draft or l.flow_id is not null)
  order by lower(f.name)`
