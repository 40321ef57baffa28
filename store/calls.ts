import type { Flow } from '#flow/flow.ts'
import { type CallResult, callsFound, type Found, findCalls, reason, type Wanted } from './callSearch.ts'
import { type Connection, isId } from './connection.ts'
import { flowOf } from './document.ts'
import { asSorted } from './flowList.ts'
import type { Prisma } from './generated/client.ts'

export type CallSummary = Found & { graphCallId: string; called: string | null }

export type CallVersion = { id: string; number: number | null; flow: Flow }

export type CallStep = Omit<Prisma.CallStepModel, 'id' | 'tenantId' | 'callId' | 'detail'> & { detail: unknown }

/** Callers who were not reached for one reason. `block` is null where no block failed, as when the line was lost. */
export type Incident = {
  flowId: string
  versionId: string
  block: string | null
  problem: string
  calls: number
  since: Date
}

/** Beyond this nothing is counted: what is more is "more than 1,000". */
export const mostCounted = 1_000
export const mostCallersCounted = 10_000

/** What has happened in calls, to be read. history.ts writes it. */
export function createCalls({ prisma, sql }: Connection) {
  return {
    /** The calls that are wanted, the latest first, at most `limit` of them. callSearch.ts says how they are found. */
    list: (tenantId: string, wanted: Wanted, limit: number): Promise<Found[]> =>
      findCalls(sql, tenantId, wanted, limit),

    /** The versions that calls ran on, all with one question. */
    async versionsOf(tenantId: string, versionIds: readonly string[]): Promise<CallVersion[]> {
      const rows = await sql<{ id: string; number: number | null; document: string }>(
        'select id, number, document from flow_versions where tenant_id = $1 and id = any($2)',
        [tenantId, versionIds],
      )
      return rows.map(({ document, ...row }) => ({ ...row, flow: flowOf(document) }))
    },

    /** The flows that calls can be of, by name; removed ones too, which have calls still. */
    flows: (tenantId: string): Promise<{ id: string; name: string }[]> =>
      sql(`select id, name from flows where tenant_id = $1 order by ${asSorted('name')}, id limit 2000`, [tenantId]),

    /** How many are wanted; at most `mostCounted` and one. */
    async count(tenantId: string, wanted: Omit<Wanted, 'text'>): Promise<number> {
      if (wanted.flowId && !isId(wanted.flowId)) return 0
      const { text, values } = callsFound('1', tenantId, wanted, mostCounted + 1)
      const [row] = await sql<{ count: number }>(`select count(*)::int as count from (${text}) c`, values)
      return row?.count ?? 0
    },

    /**
     * Who was not reached since then, by reason, the most frequent first, and how many called in all (at most 10,000 and one). A
     * reason is gone when the block that failed has given a later caller over. Test calls are no callers.
     */
    async incidents(tenantId: string, since: Date): Promise<{ callers: number; incidents: Incident[] }> {
      const [incidents, [row]] = await Promise.all([
        sql<Incident>(incidentsSince, [tenantId, since]),
        sql<{ callers: number }>(callersSince, [tenantId, since]),
      ])
      return { callers: row?.callers ?? 0, incidents }
    },

    /** By our id or by Graph's, with its steps in order. Null if there is none. */
    async get(tenantId: string, id: string): Promise<(CallSummary & { steps: CallStep[] }) | null> {
      const row = await prisma((client) =>
        client.call.findFirst({ where: { tenantId, OR: [{ graphCallId: id }, ...(isId(id) ? [{ id }] : [])] } }),
      )
      return row && { ...summaryOf(row), steps: await stepsAfter(tenantId, row.id, 0) }
    },

    stepsAfter,
  }

  /** The steps of a call behind `seq`, in order: what a page that shows a live call does not have yet. */
  async function stepsAfter(tenantId: string, callId: string, seq: number): Promise<CallStep[]> {
    if (!isId(callId)) return []
    return prisma((client) =>
      client.callStep.findMany({
        where: { tenantId, callId, seq: { gt: seq } },
        orderBy: { seq: 'asc' },
        omit: { id: true, tenantId: true, callId: true },
      }),
    )
  }
}

const summaryOf = ({
  tenantId: _,
  process: _process,
  callerName,
  callerId,
  result,
  ...row
}: Prisma.CallModel): CallSummary => ({
  ...row,
  result: result as CallResult, // the words of the migration
  caller: { name: callerName, id: callerId },
})

const incidentsSince = `
  with bad as (
    select flow_id, version_id, failed_block as block, ${reason} as problem, started_at from calls
    where tenant_id = $1 and result = 'notReached' and started_at >= $2 and not test
    order by started_at desc limit ${mostCallersCounted}
  ), reasons as (
    select flow_id, (array_agg(version_id order by started_at desc))[1] as version_id, block, problem,
      count(*)::int as calls, min(started_at) as since, max(started_at) as last
    from bad group by flow_id, block, problem
  )
  select flow_id as "flowId", version_id as "versionId", block, problem, calls, since from reasons r
  -- A question for each reason, of which there are few; "not exists" would be answered by reading all calls that were given over.
  where (
    select true from calls c where c.tenant_id = $1 and c.flow_id = r.flow_id and c.result = 'transferred'
      and c.started_at > r.last and c.last_block = r.block and not c.test limit 1
  ) is null
  order by calls desc, since limit 20`

const callersSince = `
  select count(*)::int as callers from (
    select from calls where tenant_id = $1 and started_at >= $2 and not test limit ${mostCallersCounted + 1}
  ) c`
