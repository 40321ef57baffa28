import { randomUUID } from 'node:crypto'
import { readFlow } from '#flow/flow.ts'
import { type Connection, isId } from './connection.ts'
import { documentOf, flowOf } from './document.ts'
import { StoreError } from './error.ts'
import type { Saved } from './flows.ts'
import type { Prisma } from './generated/client.ts'
import { claimName } from './names.ts'
import { latestPublished, lockFlow, type Version } from './versions.ts'

/** A published version, and how many callers are in it now. */
type VersionLine = {
  id: string
  number: number
  note: string
  at: Date
  by: string
  hash: string
  liveCalls: number
}

/** A draft that something else was put in the place of: who last worked on it, and when it was put aside. */
type KeptDraft = { id: string; at: Date; by: string }

/** More are not shown. They stay, as all versions do. */
const mostKept = 20

/** The way back: what callers heard before, and what drafts were. */
export function createVersionHistory({ sql, transaction }: Connection) {
  return {
    /** A page of them, the latest first, with the calls that are in each now; `before`: the number of the last one of the page before. */
    page: (tenantId: string, flowId: string, query: PageQuery = {}) => listVersions(sql, tenantId, flowId, query),

    /** Drafts that something else was put in the place of, the latest first. */
    kept: (tenantId: string, flowId: string) => listKept(sql, tenantId, flowId),

    /** A version of this flow, by its number or its id. @throws StoreError `notFound` */
    find: (tenantId: string, flowId: string, name: VersionName) => findVersion(sql, tenantId, flowId, name),

    /**
     * Makes callers hear an old version again: as a new one that is equal to it, by the next number, to which all routes of the flow
     * lead. What callers hear already stays that version. The draft is left as it is. @throws StoreError `notFound`
     */
    rollBack: (tenantId: string, to: Version, { note, by }: { note: string; by: string }) =>
      transaction((client) => rollBack(client, tenantId, { to, note, by })),

    /**
     * Puts a version in the place of the draft. What stood there is kept as a version without a number, unless a version that can be
     * seen is equal to it: so nothing is lost, and putting that back undoes it.
     * @returns how the draft stands now, and the version that holds what stood there before
     * @throws StoreError `changedMeanwhile` if the draft is no longer at `revision`; `flowNameTaken`, as flows.ts says; `notFound`
     */
    restoreAsDraft: (tenantId: string, from: Version, { revision, by }: { revision: number; by: string }) =>
      transaction((client) => restoreAsDraft(client, tenantId, { from, revision, by })),
  }
}

type PageQuery = { before?: number | null; limit?: number }

const listVersions = (
  sql: Connection['sql'],
  tenantId: string,
  flowId: string,
  { before = null, limit = 50 }: PageQuery,
): Promise<VersionLine[]> =>
  onlyOf(flowId, () =>
    sql(
      `select v.id, v.number, v.note, v.created_at as at, v.created_by as by, v.hash,
         (select count(*)::int from calls c where c.tenant_id = $1 and c.flow_id = $2 and c.state = 'live'
            and c.version_id = v.id) as "liveCalls"
       from flow_versions v
       where v.tenant_id = $1 and v.flow_id = $2 and v.number is not null and ($3::int is null or v.number < $3)
       order by v.number desc limit $4`,
      [tenantId, flowId, before, limit],
    ),
  )

const listKept = (sql: Connection['sql'], tenantId: string, flowId: string): Promise<KeptDraft[]> =>
  onlyOf(flowId, () =>
    sql(
      `select id, created_at as at, created_by as by from flow_versions
       where tenant_id = $1 and flow_id = $2 and kept order by created_at desc, id limit ${mostKept}`,
      [tenantId, flowId],
    ),
  )

const onlyOf = async <Row>(flowId: string, ask: () => Promise<Row[]>): Promise<Row[]> => (isId(flowId) ? ask() : [])

/** A version of a flow by its number, or by its id where it has none. */
type VersionName = number | string

async function findVersion(
  sql: Connection['sql'],
  tenantId: string,
  flowId: string,
  name: VersionName,
): Promise<Version> {
  const known = isId(flowId) && (typeof name === 'number' ? Number.isInteger(name) && name < 2 ** 31 : isId(name))
  const [row] = known
    ? await sql<Omit<Version, 'flow'> & { document: string }>(
        `select id, flow_id as "flowId", number, hash, note, created_at as at, created_by as by, document
         from flow_versions where tenant_id = $1 and flow_id = $2 and ${typeof name === 'number' ? 'number' : 'id'} = $3`,
        [tenantId, flowId, name],
      )
    : []
  if (!row) throw new StoreError('notFound', { what: 'version' })
  const { document, ...version } = row
  return { ...version, flow: flowOf(document) }
}

type RollBack = { to: Version; note: string; by: string }

async function rollBack(
  client: Prisma.TransactionClient,
  tenantId: string,
  { to, note, by }: RollBack,
): Promise<{ id: string; number: number; at: Date }> {
  const { flowId, hash } = to
  await lockFlow(client, tenantId, flowId)
  const latest = await latestPublished(client, tenantId, flowId)
  if (latest?.number == null) throw new StoreError('notFound', { what: 'publishedVersion' })
  if (latest.hash === hash) return { id: latest.id, number: latest.number, at: latest.createdAt }
  const [id, number, at] = [randomUUID(), latest.number + 1, new Date()]
  await client.$executeRaw`
    insert into flow_versions (id, tenant_id, flow_id, number, document, hash, face, note, created_at, created_by)
    select ${id}::uuid, tenant_id, flow_id, ${number}, document, hash, face, ${note}, ${at}, ${by}
    from flow_versions where tenant_id = ${tenantId}::uuid and id = ${to.id}::uuid`
  await client.route.updateMany({ where: { tenantId, flowId, test: false }, data: { versionId: id } })
  return { id, number, at }
}

type Restoring = { from: Version; revision: number; by: string }

async function restoreAsDraft(
  client: Prisma.TransactionClient,
  tenantId: string,
  { from, revision, by }: Restoring,
): Promise<Saved & { before: string }> {
  const { flowId } = from
  const current = await lockFlow(client, tenantId, flowId)
  if (current.revision !== revision) throw new StoreError('changedMeanwhile', current)
  const before = await keepDraft(client, tenantId, flowId, current.updatedBy)
  const name = await claimName(client, tenantId, from.flow.name, flowId)
  const { document, hash } = documentOf({ ...from.flow, name })
  const saved = await client.flow.update({
    where: { id: flowId, tenantId },
    data: {
      name,
      draft: JSON.parse(document),
      draftHash: hash,
      revision: { increment: 1 },
      updatedAt: new Date(),
      updatedBy: by,
    },
    select: { revision: true, updatedAt: true },
  })
  return { ...saved, before }
}

async function keepDraft(client: Prisma.TransactionClient, tenantId: string, flowId: string, createdBy: string) {
  const flow = await client.flow.findUniqueOrThrow({
    where: { id: flowId, tenantId },
    select: { draft: true, draftHash: true },
  })
  const equal = await client.flowVersion.findFirst({
    where: { tenantId, flowId, hash: flow.draftHash, OR: [{ number: { not: null } }, { kept: true }] },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  })
  if (equal) return equal.id
  const { document, hash } = documentOf(readFlow(flow.draft))
  const kept = { tenantId, flowId, document, hash, note: '', kept: true, createdBy }
  const { id } = await client.flowVersion.create({
    data: { ...kept, id: randomUUID(), createdAt: new Date() },
    select: { id: true },
  })
  return id
}
