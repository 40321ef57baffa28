import { randomUUID } from 'node:crypto'
import { type Flow, readFlow } from '#flow/flow.ts'
import { FlowFace } from '#flow/subFlows.ts'
import { type Connection, isId, sqlIn } from './connection.ts'
import { documentOf, flowOf } from './document.ts'
import { StoreError } from './error.ts'
import { faceNow } from './faces.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

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

/** A version's age says when it was last tested, which retention goes by; so an old one is not taken up again. */
const sameTestMs = 6 * 3_600_000

export type Versions = ReturnType<typeof createVersions>

/** What calls run: documents that are written once and never changed (a trigger in the database sees to it). */
export function createVersions({ prisma, sql, transaction }: Connection) {
  return {
    /**
     * Makes the draft the version that callers hear: the next number, and all routes of the flow lead to it, at once or not
     * at all. If nothing in the tenant answers by default yet, this flow does from now on. What is the latest version already,
     * as after a double click, stays that version, with the note it has.
     * @throws StoreError `changedMeanwhile` if the draft is no longer at `revision`; `answersAsSubFlow`; `notFound`
     */
    async publish(tenantId: string, flowId: string, draft: Publication) {
      return transaction((client) => publishDraft(client, tenantId, flowId, draft))
    },

    /**
     * The same for a flow as it was kept by `snapshot`, whatever has become of its draft since.
     * @throws StoreError `answersAsSubFlow`, `notFound`
     */
    async publishKept(tenantId: string, flowId: string, kept: { versionId: string; note: string; by: string }) {
      return transaction((client) => publishKept(client, tenantId, flowId, kept))
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
      return versionOf(row)
    },

    /** A page of the versions of all flows, tested ones too, in the order of their ids: for whoever must look at every one. */
    async every(tenantId: string, after: string | null, most: number): Promise<Version[]> {
      return (await prisma((client) => pageOf(client, tenantId, after, most))).map(versionOf)
    },

    /**
     * Removes what was only tested, and not since that moment, some at a time, and routes of test calls whose time is over; but
     * nothing that a route leads to, that a call of the history ran on, or that is about to be published. Names that only those had go with them.
     * @returns how many
     */
    forgetTested: (tenantId: string, before: Date, most: number): Promise<number> =>
      forgetTested({ sql, transaction }, tenantId, before, most),

    /**
     * Keeps a flow for a test call, or until it is published, without publishing it. The same flow again within some hours is the
     * same version.
     * @returns the version's id
     * @throws StoreError `notFound`, `limit`
     */
    async snapshot(tenantId: string, flowId: string, flow: Flow, by: string): Promise<string> {
      return transaction((client) =>
        snapshot(client, { tenantId, flowId, ...documentOf(flow), note: '', createdBy: by }),
      )
    },
  }
}

const pageOf = (client: PrismaClient, tenantId: string, after: string | null, most: number) =>
  client.flowVersion.findMany({
    where: { tenantId, ...(after !== null && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: most,
  })

const forgettingTested = `
  delete from flow_versions where id in (
    select id from flow_versions v where tenant_id = $1 and number is null and not kept and created_at < $2
      and not exists (select from routes where version_id = v.id)
      and not exists (select from calls where version_id = v.id and test)
      and not exists (select from jobs where tenant_id = $1 and done_at is null and data ->> 'versionId' = v.id::text)
    limit $3 for update skip locked)
  returning flow_id as "flowId"`

async function forgetTested(
  { sql, transaction }: Pick<Connection, 'sql' | 'transaction'>,
  tenantId: string,
  before: Date,
  most: number,
): Promise<number> {
  await sql('delete from routes where tenant_id = $1 and test and expires_at < now()', [tenantId])
  const gone = await sql<{ flowId: string }>(forgettingTested, [tenantId, before, most])
  for (const flowId of new Set(gone.map(({ flowId }) => flowId)))
    await transaction((client) => forgetNames(client, tenantId, flowId))
  return gone.length
}

/** Names of blocks that no version of the flow has any more. It is held meanwhile: a new version would not be seen. */
async function forgetNames(client: Prisma.TransactionClient, tenantId: string, flowId: string) {
  await client.$queryRaw`select from flows where tenant_id = ${tenantId}::uuid and id = ${flowId}::uuid for update`
  await client.$executeRaw`
    delete from block_names n where tenant_id = ${tenantId}::uuid and flow_id = ${flowId}::uuid and not exists (
      select from flow_versions v, json_each(v.document::json -> 'blocks') b
      where v.tenant_id = ${tenantId}::uuid and v.flow_id = ${flowId}::uuid
        and b.key = n.block and b.value ->> 'name' = n.name)`
}

type Publication = { revision: number; note: string; by: string }

async function publishDraft(
  client: Prisma.TransactionClient,
  tenantId: string,
  flowId: string,
  { revision, note, by }: Publication,
) {
  const current = await lockFlow(client, tenantId, flowId)
  if (current.revision !== revision) throw new StoreError('changedMeanwhile', current)
  const draft = await client.flow.findUniqueOrThrow({ where: { id: flowId, tenantId }, select: { draft: true } })
  const flow = readFlow(draft.draft)
  const face = await faceNow(sqlIn(client), tenantId, flow)
  return publish(client, { tenantId, flowId, ...documentOf(flow), face, note, createdBy: by })
}

async function publishKept(
  client: Prisma.TransactionClient,
  tenantId: string,
  flowId: string,
  { versionId, note, by }: { versionId: string; note: string; by: string },
) {
  await lockFlow(client, tenantId, flowId)
  const kept = isId(versionId)
    ? await client.flowVersion.findFirst({
        where: { id: versionId, tenantId, flowId },
        select: { document: true, hash: true },
      })
    : null
  if (!kept) throw new StoreError('notFound', { what: 'version' })
  const face = await faceNow(sqlIn(client), tenantId, flowOf(kept.document))
  return publish(client, { tenantId, flowId, ...kept, face, note, createdBy: by })
}

async function snapshot(client: Prisma.TransactionClient, version: NewVersion): Promise<string> {
  const { tenantId, flowId, hash } = version
  await lockFlow(client, tenantId, flowId)
  const since = new Date(Date.now() - sameTestMs)
  const same = await client.flowVersion.findFirst({
    where: { tenantId, flowId, hash, OR: [{ number: { not: null } }, { createdAt: { gt: since } }] },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  })
  return (same ?? (await add(client, version))).id
}

/**
 * The next number, and all that the flow answers leads to it. The flow is locked, so nothing else can come to be answered by it meanwhile.
 * @throws StoreError `answersAsSubFlow`
 */
async function publish(client: Prisma.TransactionClient, version: NewVersion & { face: FlowFace }) {
  const { tenantId, flowId, hash } = version
  const isSubFlow = version.face.parameters !== null
  if (isSubFlow && (await client.route.count({ where: { tenantId, flowId, test: false } })) > 0)
    throw new StoreError('answersAsSubFlow')
  const latest = await latestPublished(client, tenantId, flowId)
  const isPublished = latest?.hash === hash
  const number = (latest?.number ?? 0) + (isPublished ? 0 : 1)
  const { id, createdAt: at } = isPublished ? latest : await add(client, { ...version, number })

  await client.route.updateMany({ where: { tenantId, flowId, test: false }, data: { versionId: id } })
  // A sub-flow answers nothing. A removed flow does not either, so its place may be taken.
  if (isSubFlow) return { id, number, hash, at }
  await client.$executeRaw`
    insert into routes (id, tenant_id, called, flow_id, version_id)
    values (${randomUUID()}::uuid, ${tenantId}::uuid, null, ${flowId}::uuid, ${id}::uuid)
    on conflict (tenant_id, called, caller, calendar_id, calendar_state) do update set flow_id = excluded.flow_id, version_id = excluded.version_id
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

/**
 * The version by which a flow may answer calls.
 * @throws StoreError `notFound`, with `what: 'publishedVersion'`, for a flow that was never published and for a sub-flow
 */
export async function answeringVersion(client: Prisma.TransactionClient, tenantId: string, flowId: string) {
  const version = await latestPublished(client, tenantId, flowId)
  const refuse = (message: string) => new StoreError('notFound', { what: 'publishedVersion' }, { message })
  if (!version) throw refuse('This flow has never been published, so it cannot answer calls. Publish it first.')
  if (version.face !== null && FlowFace.parse(version.face).parameters !== null)
    throw refuse('This flow is a sub-flow: other flows call it, and it cannot answer calls. Choose another one.')
  return version
}

type NewVersion = Omit<Prisma.FlowVersionUncheckedCreateInput, 'id' | 'createdAt'>

const add = (client: Prisma.TransactionClient, version: NewVersion) =>
  client.flowVersion.create({
    data: { ...version, id: randomUUID(), createdAt: new Date() },
    omit: { document: true },
  })

const summaryOf = ({
  tenantId: _,
  createdAt: at,
  createdBy: by,
  kept: _kept,
  face: _face,
  ...version
}: Omit<Prisma.FlowVersionModel, 'document'>): VersionSummary => ({ ...version, at, by })

const versionOf = ({ document, ...version }: Prisma.FlowVersionModel): Version => ({
  ...summaryOf(version),
  flow: flowOf(document),
})
