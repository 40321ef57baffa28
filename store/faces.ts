import { surroundingsOf } from '#flow/compile.ts'
import { faceOf } from '#flow/face.ts'
import type { Flow } from '#flow/flow.ts'
import { sensitiveVariables } from '#flow/sensitive.ts'
import type { Shared } from '#flow/shared.ts'
import { choicesIn, type FlowChoice, FlowFace, type FlowFaces, linkOf, mostFlows } from '#flow/subFlows.ts'
import { viewBlocks } from '#flow/view.ts'
import { sharedOf } from './calendars.ts'
import type { Connection } from './connection.ts'
import { flowOf } from './document.ts'

/** The most versions that are told of; beyond them the older ones of flows with many. */
const mostFaces = 5_000

/** A version that a flow may enter. */
type Entered = { key: string; flow: Flow; flowId: string; versionId: string }

/** Flows that enter other flows: what is published, from outside and as a whole. */
export function createFaces({ sql }: Pick<Connection, 'sql'>) {
  return {
    /** All that flows of a tenant share, and the flows that they may enter: for whoever draws or checks one. */
    shared: (tenantId: string) => sharedWithFaces(sql, tenantId),

    /** The published version that a block means; null if there is none. */
    version: (tenantId: string, choice: FlowChoice): Promise<Entered | null> => versionOf(sql, tenantId, choice),

    /**
     * The versions that a call of this flow may come to, by link, as they are now: those that its blocks name, and those that these name in
     * turn, 50 at most. What is not published is not among them.
     */
    async entered(tenantId: string, flow: Flow): Promise<ReadonlyMap<string, Entered>> {
      const found = new Map<string, Entered>()
      const wanted = choicesIn(flow)
      for (const choice of wanted) {
        const link = linkOf(choice)
        if (found.has(link) || found.size >= mostFlows) continue
        const version = await versionOf(sql, tenantId, choice)
        if (!version) continue
        const known = [...found.values()].find((one) => one.key === version.key)
        const one = known ?? version
        found.set(link, one)
        if (!known) wanted.push(...choicesIn(one.flow))
      }
      return found
    },
  }
}

const entering = `
  select v.id, v.number, v.document from flow_versions v join flows f on f.id = v.flow_id and f.deleted_at is null
  where v.tenant_id = $1 and v.flow_id = $2 and v.number is not null and ($3::int is null or v.number = $3)
  order by v.number desc limit 1`

async function versionOf(
  sql: Connection['sql'],
  tenantId: string,
  { id: flowId, version }: FlowChoice,
): Promise<Entered | null> {
  const [row] = await sql<{ id: string; number: number; document: string }>(entering, [tenantId, flowId, version])
  if (!row) return null
  const key = linkOf({ id: flowId, version: row.number })
  return { key, flow: flowOf(row.document), flowId, versionId: row.id }
}

/** What a flow is from outside, with what it shares with others as that is now. */
export async function faceNow(sql: Connection['sql'], tenantId: string, flow: Flow): Promise<FlowFace> {
  const { shared } = await sharedWithFaces(sql, tenantId)
  const views = viewBlocks(flow, surroundingsOf(flow, shared))
  return faceOf(flow, views, sensitiveVariables(flow, views.values()))
}

export async function sharedWithFaces(
  sql: Connection['sql'],
  tenantId: string,
): Promise<{ shared: Shared; revision: number }> {
  const [{ shared, revision }, rows] = await Promise.all([
    sharedOf(sql, tenantId),
    sql<Row>(published, [tenantId, mostFaces]),
  ])
  return { shared: { ...shared, flows: facesOf(rows) }, revision }
}

type Row = { id: string; name: string; version: number; latest: boolean; face: unknown }

const published = `
  select * from (
    select v.flow_id as id, f.name, v.number as version, v.face, v.number = max(v.number) over (partition by v.flow_id) as latest,
      row_number() over (partition by v.flow_id order by v.number desc) as age
    from flow_versions v join flows f on f.id = v.flow_id and f.deleted_at is null
    where v.tenant_id = $1::uuid and v.number is not null) one
  order by age, id limit $2`

/** Of a version that was published before there were faces: it answers calls. */
const plain: FlowFace = { parameters: null, exits: [], gives: [], asks: true, enters: [] }

function facesOf(rows: readonly Row[]): FlowFaces {
  const faces: Record<string, FlowFaces[string]> = {}
  for (const { id, name, version, latest, face } of rows) {
    const known = { ...(face === null ? plain : FlowFace.parse(face)), id, name, version }
    faces[linkOf({ id, version })] = known
    if (latest) faces[linkOf({ id, version: null })] = known
  }
  return faces
}
