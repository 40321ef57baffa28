import { randomUUID } from 'node:crypto'
import { type Flow, readFlow } from '#flow/flow.ts'
import { type Connection, isId } from './connection.ts'
import { documentOf } from './document.ts'
import { StoreError } from './error.ts'
import { type FlowPage, type FlowQuery, listFlows } from './flowList.ts'
import type { Prisma } from './generated/client.ts'
import { claimName, freeName } from './names.ts'
import { type Joined, type Published, published, withLatest, withPublished } from './published.ts'
import { getRemoved, listRemoved, type RemovedFlow, type Restored, remove, restore } from './removed.ts'

export type Draft = {
  id: string
  flow: Flow
  revision: number
  updatedAt: Date
  updatedBy: string
  /** The same as `published.hash` when the draft has nothing that callers do not hear yet. */
  draftHash: string
  published: Published | null
}

export type Saved = { revision: number; updatedAt: Date }

export type Flows = ReturnType<typeof createFlows>

/** Drafts: what the designer opens and saves. Callers hear versions (versions.ts), never a draft. */
export function createFlows({ prisma, sql, transaction }: Connection) {
  return {
    /** A page of the flows of a tenant, and how many there are in all. One statement, and no document in it. */
    list: (tenantId: string, query: FlowQuery = {}): Promise<FlowPage> => listFlows(sql, tenantId, query),

    /**
     * A new flow, at revision 1, under its name or, where another flow has that, under the next with a number. The tenant is entered
     * with its first flow. @throws StoreError `flowNameTaken` if a flow was renamed to that at this very moment
     */
    create: (tenantId: string, flow: FlowToCreate): Promise<Created> =>
      transaction((client) => create(client, tenantId, flow)),

    /** The name that a new flow of this name would get, or this one if it were renamed. */
    freeName: (tenantId: string, name: string, flowId: string | null = null): Promise<string> =>
      prisma((client) => freeName(client, tenantId, name, flowId !== null && isId(flowId) ? flowId : null)),

    /** The drafts of these flows, as far as they are there, each with its hash. One statement. */
    async drafts(tenantId: string, ids: readonly string[]): Promise<{ id: string; draftHash: string; flow: Flow }[]> {
      const rows = await sql<{ id: string; draftHash: string; flow: unknown }>(
        `select id, draft_hash as "draftHash", draft as flow from flows
         where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null`,
        [tenantId, ids.filter(isId)],
      )
      return rows.map((row) => ({ ...row, flow: readFlow(row.flow) }))
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
     * @throws StoreError `changedMeanwhile` with the revision that is there and who made it; `flowNameTaken`; `notFound`; `limit`
     */
    async saveDraft(tenantId: string, id: string, draft: DraftToSave): Promise<Saved> {
      return saveDraft({ prisma, sql }, tenantId, id, draft)
    },

    /** Takes a flow out of the list and stops it from answering; its routes wait for `restore`. @throws StoreError `notFound` */
    remove: (tenantId: string, id: string, by: string): Promise<void> => remove(sql, tenantId, id, by),

    /**
     * Brings a removed flow back, with all that it answered and nobody else has taken: that is said, and so is its name, which gets a
     * number if another flow has it now. @throws StoreError `notFound`, `flowNameTaken` as `create`
     */
    restore: (tenantId: string, id: string): Promise<Restored> =>
      transaction((client) => restore(client, tenantId, id)),

    /** What `restore` can bring back, the latest removed first. */
    listRemoved: (tenantId: string): Promise<RemovedFlow[]> => listRemoved(sql, tenantId),

    /** One of them. @throws StoreError `notFound` */
    removed: (tenantId: string, id: string): Promise<RemovedFlow> => getRemoved(sql, tenantId, id),
  }
}

/** `id`: the one that it is to have, where that has to be known before. */
type FlowToCreate = { id?: string; flow: Flow; by: string }
type Created = { id: string; name: string } & Saved

export async function create(
  client: Prisma.TransactionClient,
  tenantId: string,
  { id = randomUUID(), flow, by }: FlowToCreate,
): Promise<Created> {
  await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
  const name = await claimName(client, tenantId, flow.name)
  const { document, hash } = documentOf({ ...flow, name })
  return client.flow.create({
    data: {
      id,
      tenantId,
      name,
      draft: JSON.parse(document),
      draftHash: hash,
      createdBy: by,
      updatedBy: by,
    },
    select: { id: true, name: true, revision: true, updatedAt: true },
  })
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

const saving = `
  update flows set name = $4, draft = $5, draft_hash = $6, revision = revision + 1, updated_at = now(), updated_by = $7
  where tenant_id = $1 and id = $2 and revision = $3 and deleted_at is null
  returning revision, updated_at as "updatedAt"`

const draft = `
  select ${published('f')}, f.draft as flow from flows f ${withLatest}
  where f.tenant_id = $1 and f.id = $2 and f.deleted_at is null`

type DraftRow = Omit<Draft, 'flow' | 'published'> & Joined<Published> & { flow: unknown }
