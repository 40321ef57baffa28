import { randomUUID } from 'node:crypto'
import { type Flow, readFlow } from '#flow/flow.ts'
import { type Connection, isId } from './connection.ts'
import { documentOf } from './document.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import { claimName } from './names.ts'
import { refuseInUse } from './uses.ts'
import { latestPublished } from './versions.ts'

/** A removed flow can be restored for so long. */
const restorableDays = 30

/** More are not shown; they can be restored by their own address. */
const mostListed = 500

export type RemovedFlow = {
  id: string
  name: string
  deletedAt: Date
  deletedBy: string
  /** From then on it cannot be restored. */
  until: Date
  /** The number of the version that callers heard; null if there was none. */
  version: number | null
  /** What it answered; 'default' for whatever nothing else answers. */
  answered: string[]
}

/** `name` is another than before if somebody has given a flow that name meanwhile. */
export type Restored = { name: string; taken: { called: string; by: string }[] }

const removed = `
  select id, name, deleted_at as "deletedAt", coalesce(deleted_by, '') as "deletedBy", answered,
    deleted_at + make_interval(days => $2) as until,
    (select max(number) from flow_versions v where v.tenant_id = $1 and v.flow_id = flows.id) as version
  from flows where tenant_id = $1 and deleted_at > now() - make_interval(days => $2)`

/** What `restore` can bring back, the latest removed first. */
export const listRemoved = (sql: Connection['sql'], tenantId: string): Promise<RemovedFlow[]> =>
  sql(`${removed} order by deleted_at desc, id limit ${mostListed}`, [tenantId, restorableDays])

/** @throws StoreError `notFound` if it is not there, was not removed, or was so too long ago */
export async function getRemoved(sql: Connection['sql'], tenantId: string, id: string): Promise<RemovedFlow> {
  const [flow] = isId(id) ? await sql<RemovedFlow>(`${removed} and id = $3`, [tenantId, restorableDays, id]) : []
  if (!flow) throw new StoreError('notFound', { what: 'flow' })
  return flow
}

/** Its routes stay with it, and answer nothing; those with conditions are not told of. One that is removed already stays as it was. @throws StoreError `notFound`; `inUse` with the flows that enter it, their drafts included */
export async function remove(sql: Connection['sql'], tenantId: string, id: string, by: string): Promise<void> {
  if (isId(id)) await refuseInUse(sql, tenantId, [id])
  const gone = isId(id)
    ? await sql(
        `update flows f set deleted_at = now(), deleted_by = $3, answered = array(
           select coalesce(called, 'default') from routes
           where tenant_id = $1 and flow_id = f.id and not test and caller is null and calendar_id is null order by called nulls first)
         where tenant_id = $1 and id = $2 and deleted_at is null returning id`,
        [tenantId, id, by],
      )
    : []
  if (gone.length === 0) await getRemoved(sql, tenantId, id)
}

/** One that is there already stays as it is. @throws StoreError `notFound` */
export async function restore(client: Prisma.TransactionClient, tenantId: string, id: string): Promise<Restored> {
  const [flow] = isId(id)
    ? await client.$queryRaw<{ draft: unknown; name: string; answered: string[]; isThere: boolean }[]>`
        select draft, name, answered, deleted_at is null as "isThere" from flows
        where tenant_id = ${tenantId}::uuid and id = ${id}::uuid
          and (deleted_at is null or deleted_at > now() - make_interval(days => ${restorableDays})) for update`
    : []
  if (!flow) throw new StoreError('notFound', { what: 'flow' })
  if (flow.isThere) return { name: flow.name, taken: [] }
  const name = await claimName(client, tenantId, flow.name, id)
  const renamed = name === flow.name ? {} : renamedTo(name, readFlow(flow.draft))
  await client.flow.update({
    where: { id, tenantId },
    data: { deletedAt: null, deletedBy: null, answered: [], ...renamed },
  })
  return { name, taken: await answerAgain(client, tenantId, id, flow.answered) }
}

function renamedTo(name: string, flow: Flow) {
  const { document, hash } = documentOf({ ...flow, name })
  return { name, draft: JSON.parse(document), draftHash: hash, revision: { increment: 1 } }
}

/** What it answered and nobody else does, it answers again; what somebody has taken is said. */
async function answerAgain(client: Prisma.TransactionClient, tenantId: string, id: string, answered: string[]) {
  const version = await latestPublished(client, tenantId, id)
  if (!version) return []
  for (const called of answered) {
    await client.$executeRaw`
      insert into routes (id, tenant_id, called, flow_id, version_id)
      values (${randomUUID()}::uuid, ${tenantId}::uuid, nullif(${called}, 'default'), ${id}::uuid, ${version.id}::uuid)
      on conflict (tenant_id, called, caller, calendar_id, calendar_state) do update set flow_id = excluded.flow_id, version_id = excluded.version_id
      where exists (select from flows f where f.id = routes.flow_id and f.deleted_at is not null)`
  }
  return client.$queryRaw<{ called: string; by: string }[]>`
    select coalesce(r.called, 'default') as called, f.name as by from routes r join flows f on f.id = r.flow_id
    where r.tenant_id = ${tenantId}::uuid and r.flow_id <> ${id}::uuid
      and r.caller is null and r.calendar_id is null
      and coalesce(r.called, 'default') = any(${answered}) order by r.called nulls first`
}
