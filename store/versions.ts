import { randomUUID } from 'node:crypto'
import { type Flow, readFlow } from '#flow/flow.ts'
import { type Connection, isId } from './connection.ts'
import { documentOf } from './document.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'

type VersionSummary = {
  id: string
  flowId: string
  /** 1, 2, 3… in the order of publishing; null for what was only test-called. */
  number: number | null
  hash: string
  note: string
  at: Date
  by: string
}

export type Version = VersionSummary & { flow: Flow }

export type Versions = ReturnType<typeof createVersions>

/** What calls run: documents that are written once and never changed (a trigger in the database sees to it). */
export function createVersions({ prisma, transaction }: Connection) {
  return {
    /**
     * Makes the draft the version that callers hear: the next number, and all routes of the flow lead to it, at once or not
     * at all. If nothing in the tenant answers by default yet, this flow does from now on. What is the latest version already,
     * as after a double click, stays that version, with the note it has.
     * @throws StoreError `changedMeanwhile` if the draft is no longer at `revision`; `notFound`
     */
    async publish(tenantId: string, flowId: string, draft: Publication) {
      return transaction((client) => publish(client, tenantId, flowId, draft))
    },

    /** The published versions of a flow, the latest first; none if the flow is not there. */
    async list(tenantId: string, flowId: string): Promise<VersionSummary[]> {
      if (!isId(flowId)) return []
      const rows = await prisma((client) =>
        client.flowVersion.findMany({
          where: { tenantId, flowId, number: { not: null } },
          orderBy: { number: 'desc' },
          omit: { document: true },
        }),
      )
      return rows.map(summaryOf)
    },

    /** @throws StoreError `notFound` */
    async get(tenantId: string, versionId: string): Promise<Version> {
      const row = isId(versionId)
        ? await prisma((client) => client.flowVersion.findFirst({ where: { id: versionId, tenantId } }))
        : null
      if (!row) throw new StoreError('notFound', { what: 'version' })
      const { document, ...version } = row
      return { ...summaryOf(version), flow: readFlow(JSON.parse(document)) }
    },

    /**
     * Keeps a flow for a test call, without publishing it. The same flow again is the same version.
     * @returns the version's id
     * @throws StoreError `notFound`, `limit`
     */
    async snapshot(tenantId: string, flowId: string, flow: Flow, by: string): Promise<string> {
      const { document, hash } = documentOf(flow)
      return transaction(async (client) => {
        await lockFlow(client, tenantId, flowId)
        const same = await client.flowVersion.findFirst({ where: { tenantId, flowId, hash }, select: { id: true } })
        if (same) return same.id
        const { id } = await add(client, { tenantId, flowId, document, hash, note: '', createdBy: by })
        return id
      })
    },
  }
}

type Publication = { revision: number; note: string; by: string }

async function publish(
  client: Prisma.TransactionClient,
  tenantId: string,
  flowId: string,
  { revision, note, by }: Publication,
) {
  const current = await lockFlow(client, tenantId, flowId)
  if (current.revision !== revision) throw new StoreError('changedMeanwhile', current)

  const draft = await client.flow.findUniqueOrThrow({ where: { id: flowId }, select: { draft: true } })
  const { document, hash } = documentOf(readFlow(draft.draft))
  const latest = await latestPublished(client, tenantId, flowId)
  const isPublished = latest?.hash === hash
  const number = (latest?.number ?? 0) + (isPublished ? 0 : 1)
  const { id, createdAt: at } = isPublished
    ? latest
    : await add(client, { tenantId, flowId, number, document, hash, note, createdBy: by })

  await client.route.updateMany({ where: { tenantId, flowId, test: false }, data: { versionId: id } })
  // A removed flow does not answer, so its place may be taken.
  await client.$executeRaw`
    insert into routes (id, tenant_id, called, flow_id, version_id)
    values (${randomUUID()}::uuid, ${tenantId}::uuid, null, ${flowId}::uuid, ${id}::uuid)
    on conflict (tenant_id, called) do update set flow_id = excluded.flow_id, version_id = excluded.version_id
    where exists (select from flows where flows.id = routes.flow_id and flows.deleted_at is not null)`
  return { id, number, hash, at }
}

/**
 * Holds a flow until the transaction's end, so that versions are numbered and routes moved one after the other.
 * @throws StoreError `notFound`
 */
export async function lockFlow(client: Prisma.TransactionClient, tenantId: string, flowId: string) {
  const [row] = isId(flowId)
    ? await client.$queryRaw<{ revision: number; updatedAt: Date; updatedBy: string }[]>`
        select revision, updated_at as "updatedAt", updated_by as "updatedBy" from flows
        where tenant_id = ${tenantId}::uuid and id = ${flowId}::uuid and deleted_at is null for update`
    : []
  if (!row) throw new StoreError('notFound', { what: 'flow' })
  return row
}

/** The version that callers hear, if there is one. */
export const latestPublished = (client: Prisma.TransactionClient, tenantId: string, flowId: string) =>
  client.flowVersion.findFirst({
    where: { tenantId, flowId, number: { not: null } },
    orderBy: { number: 'desc' },
    omit: { document: true },
  })

const add = (
  client: Prisma.TransactionClient,
  version: Omit<Prisma.FlowVersionUncheckedCreateInput, 'id' | 'createdAt'>,
) =>
  client.flowVersion.create({
    data: { ...version, id: randomUUID(), createdAt: new Date() },
    omit: { document: true },
  })

const summaryOf = ({
  tenantId: _,
  createdAt: at,
  createdBy: by,
  kept: _kept,
  ...version
}: Omit<Prisma.FlowVersionModel, 'document'>): VersionSummary => ({ ...version, at, by })
