import { randomUUID } from 'node:crypto'
import { type Flow, readFlow } from '#flow/flow.ts'
import { type Connection, isId } from './connection.ts'
import { documentOf } from './document.ts'
import { StoreError } from './error.ts'

/** The version that callers hear. */
export type Published = { versionId: string; number: number; at: Date; by: string; hash: string }
type LastCall = { startedAt: Date; outcome: string | null; state: 'live' | 'ended' }

export type FlowSummary = {
  id: string
  name: string
  revision: number
  updatedAt: Date
  updatedBy: string
  /** The same as `published.hash` when the draft has nothing that callers do not hear yet. */
  draftHash: string
  published: Published | null
  lastCall: LastCall | null
  liveCalls: number
  /** What is dialled to reach it: account ids and E.164 numbers, and 'default' for whatever nothing else answers. */
  answers: string[]
}

export type Draft = Omit<FlowSummary, 'name' | 'lastCall' | 'liveCalls' | 'answers'> & { flow: Flow }

export type Saved = { revision: number; updatedAt: Date }

/** A removed flow can be restored for so long. */
const restorableDays = 30

export type Flows = ReturnType<typeof createFlows>

/** Drafts: what the designer opens and saves. Callers hear versions (versions.ts), never a draft. */
export function createFlows({ prisma, sql }: Connection) {
  return {
    /** All flows of a tenant, the latest changed first. One statement, and no document in it. */
    async list(tenantId: string): Promise<FlowSummary[]> {
      const rows = await sql<SummaryRow>(summaries, [tenantId])
      return rows.map(({ startedAt, outcome, state, ...row }) => ({
        ...withPublished(row),
        lastCall: startedAt && { startedAt, outcome, state },
      }))
    },

    /** A new flow, at revision 1. The tenant is entered with its first flow. */
    async create(tenantId: string, { flow, by }: { flow: Flow; by: string }): Promise<{ id: string } & Saved> {
      const { document, hash } = documentOf(flow)
      return prisma(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        return client.flow.create({
          data: {
            id: randomUUID(),
            tenantId,
            name: flow.name,
            draft: JSON.parse(document),
            draftHash: hash,
            createdBy: by,
            updatedBy: by,
          },
          select: { id: true, revision: true, updatedAt: true },
        })
      })
    },

    /**
     * @throws StoreError `notFound`
     * @throws FlowError if a later version of this program wrote the draft
     */
    async get(tenantId: string, id: string): Promise<Draft> {
      const [row] = isId(id) ? await sql<DraftRow>(draft, [tenantId, id]) : []
      if (!row) throw new StoreError('notFound', { what: 'flow' })
      return { ...withPublished(row), flow: readFlow(row.flow) }
    },

    /**
     * Saves, if nobody else has since `revision` was loaded: the check and the write are one statement. What is there already is saved:
     * the answer to an earlier save of it may have been lost.
     * @throws StoreError `changedMeanwhile` with the revision that is there and who made it; `notFound`; `limit`
     */
    async saveDraft(tenantId: string, id: string, draft: DraftToSave): Promise<Saved> {
      return saveDraft({ prisma, sql }, tenantId, id, draft)
    },

    /** Takes a flow out of the list and stops it from answering; its routes wait for `restore`. @throws StoreError `notFound` */
    async remove(tenantId: string, id: string): Promise<void> {
      await setDeleted(sql, tenantId, id, new Date())
    },

    /** Brings a removed flow back, with all that it answered and nobody else has taken. @throws StoreError `notFound` */
    async restore(tenantId: string, id: string): Promise<void> {
      await setDeleted(sql, tenantId, id, null)
    },

    /** What `restore` can bring back, the latest removed first. */
    async listRemoved(tenantId: string): Promise<{ id: string; name: string; deletedAt: Date }[]> {
      return sql(
        `select id, name, deleted_at as "deletedAt" from flows
         where tenant_id = $1 and deleted_at > now() - make_interval(days => $2) order by deleted_at desc`,
        [tenantId, restorableDays],
      )
    },
  }
}

type DraftToSave = { flow: Flow; revision: number; by: string }

async function saveDraft(
  { prisma, sql }: Pick<Connection, 'prisma' | 'sql'>,
  tenantId: string,
  id: string,
  { flow, revision, by }: DraftToSave,
): Promise<Saved> {
  if (!isId(id)) throw new StoreError('notFound', { what: 'flow' })
  const { document, hash } = documentOf(flow)
  // Prisma would put a transaction around it.
  const [saved] = await sql<Saved>(saving, [tenantId, id, revision, flow.name, document, hash, by])
  if (saved) return saved
  const current = await prisma((client) =>
    client.flow.findFirst({
      where: { id, tenantId, deletedAt: null },
      select: { revision: true, updatedAt: true, updatedBy: true, draftHash: true },
    }),
  )
  if (!current) throw new StoreError('notFound', { what: 'flow' })
  const { draftHash, ...there } = current
  if (draftHash === hash) return { revision: there.revision, updatedAt: there.updatedAt }
  throw new StoreError('changedMeanwhile', { ...there, hash: draftHash })
}

async function setDeleted(sql: Connection['sql'], tenantId: string, id: string, deletedAt: Date | null) {
  const changed = isId(id)
    ? await sql(
        `update flows set deleted_at = $3 where tenant_id = $1 and id = $2 and (deleted_at is null) = ($3::timestamptz is not null)
           and (deleted_at is null or deleted_at > now() - make_interval(days => $4)) returning id`,
        [tenantId, id, deletedAt, restorableDays],
      )
    : []
  if (changed.length === 0) throw new StoreError('notFound', { what: 'flow' })
}

const saving = `
  update flows set name = $4, draft = $5, draft_hash = $6, revision = revision + 1, updated_at = now(), updated_by = $7
  where tenant_id = $1 and id = $2 and revision = $3 and deleted_at is null
  returning revision, updated_at as "updatedAt"`

/** What is told of a flow wherever it is read; its latest published version is `v`. */
const columns = `
  f.id, f.revision, f.updated_at as "updatedAt", f.updated_by as "updatedBy", f.draft_hash as "draftHash", v.*`
const withLatest = `
  flows f left join lateral (
    select id as "versionId", number, created_at as at, created_by as by, hash from flow_versions
    where tenant_id = $1 and flow_id = f.id and number is not null order by number desc limit 1
  ) v on true`

const draft = `
  select ${columns}, f.draft as flow from ${withLatest}
  where f.tenant_id = $1 and f.id = $2 and f.deleted_at is null`

const summaries = `
  select ${columns}, f.name, c.*,
    (select count(*)::int from calls where tenant_id = $1 and flow_id = f.id and state = 'live') as "liveCalls",
    array(select coalesce(called, 'default') from routes
          where tenant_id = $1 and flow_id = f.id and not test order by called nulls first) as answers
  from ${withLatest}
  left join lateral (
    select started_at as "startedAt", outcome, state from calls
    where tenant_id = $1 and flow_id = f.id order by started_at desc limit 1
  ) c on true
  where f.tenant_id = $1 and f.deleted_at is null
  order by f.updated_at desc, f.id`

/** What is joined may not be there: then all of it is null. */
type Joined<T> = T | { [Name in keyof T]: null }
type DraftRow = Omit<Draft, 'flow' | 'published'> & Joined<Published> & { flow: unknown }
type SummaryRow = Omit<FlowSummary, 'published' | 'lastCall'> & Joined<Published> & Joined<LastCall>

const withPublished = <Row extends Joined<Published>>({ versionId, number, at, by, hash, ...row }: Row) => ({
  ...row,
  published: versionId === null ? null : { versionId, number, at, by, hash },
})
