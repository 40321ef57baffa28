import { failureOf } from '#flow/failure.ts'
import { storableText } from '#ground/storableText.ts'

/** What happened in a call. `id` is our id of the call; `seq` counts its steps from 1. */
export type HistoryEntry = { id: string; tenantId: string; at: Date } & (
  | {
      kind: 'began'
      graphCallId: string
      flowId: string
      versionId: string
      test: boolean
      caller: { name: string | null; id: string | null }
      called: string | null
    }
  | {
      kind: 'step'
      seq: number
      /** The block's id in its flow. */
      block: string
      event: string
      exit: string | null
      /** Kept as JSON. Whoever records it leaves out digits, names and secrets. */
      detail: unknown
      /** Of a step in a flow that was entered from another one. */
      versionId?: string
    }
  /** It is as good as over: how it came out, should nobody live to see the end. */
  | { kind: 'leaving'; outcome: string }
  | {
      kind: 'ended'
      outcome: string
      endCode: number | null
      endSubcode: number | null
      /** Told by somebody who has not seen it: counts only where no other end is known. */
      unlessEnded?: true
    }
)

/** News of changed calls, as `calls` listeners get it (changes.ts). */
export type CallsChanged = { tenantId: string; callIds: string[] }

/** NOTIFY takes 8,000 bytes: https://www.postgresql.org/docs/18/sql-notify.html */
const idsPerNotice = 50

type Ending = { outcome: string; endCode: number | null; endSubcode: number | null; endedAt: Date }
type Failure = { failedBlock: string; problem: string }
type Change = { id: string; tenantId: string; lastBlock?: string; unlessEnded?: boolean } & Partial<Ending & Failure>

/**
 * A batch as the parameters of `writeBatch`: calls that began, calls that changed, steps, and notices. A call that began and
 * went on in the same batch is among the first with all that is known of it, because one statement does not see its own rows.
 */
export function parametersOf(
  entries: HistoryEntry[],
  process: string | null = null,
): [string, string, string, string[], string | null] {
  const changes = new Map<string, Change>()
  const change = ({ id, tenantId }: HistoryEntry, more: Partial<Change>) =>
    changes.set(id, { id, tenantId, ...changes.get(id), ...more })

  const began: Extract<HistoryEntry, { kind: 'began' }>[] = []
  const steps: Extract<HistoryEntry, { kind: 'step' }>[] = []
  for (const entry of entries) {
    switch (entry.kind) {
      case 'began':
        began.push(entry)
        change(entry, {})
        break
      case 'step':
        steps.push(entry)
        change(entry, knownBy(entry))
        break
      case 'leaving':
        change(entry, { outcome: entry.outcome })
        break
      case 'ended': {
        const { at: endedAt, outcome, endCode, endSubcode, unlessEnded = false } = entry
        if (unlessEnded && changes.get(entry.id)?.endedAt) break
        change(entry, { endedAt, outcome, endCode, endSubcode, unlessEnded })
        break
      }
    }
  }

  const calls = began.map(({ caller, ...call }) => ({
    ...call,
    callerName: caller.name,
    callerId: caller.id,
    ...changes.get(call.id),
  }))
  return [json(calls), json([...changes.values()]), json(steps), notices(changes.values()), process]
}

/** What a step tells of its call, whose blocks are those of the version that it began with. */
function knownBy(step: Extract<HistoryEntry, { kind: 'step' }>): Partial<Failure & Pick<Change, 'lastBlock'>> {
  const problem = failureOf(step)
  if (step.versionId !== undefined) return problem === null ? {} : { problem }
  return { lastBlock: step.block, ...(problem !== null && { failedBlock: step.block, problem }) }
}

/**
 * One statement for a whole batch, so that it is written at once or not at all. Writing it twice is the same as once.
 * The rows come as JSON: one parameter for each kind of row, where arrays would need one for each column.
 */
export const writeBatch = `
  with began as (
    insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, caller_name, caller_id, called, started_at,
                       state, ended_at, outcome, end_code, end_subcode, last_block, failed_block, problem,
                       process)
    select id, "tenantId", "graphCallId", "flowId", "versionId", test, "callerName", "callerId", called, at,
           case when "endedAt" is null then 'live' else 'ended' end::call_state,
           "endedAt", outcome, "endCode", "endSubcode", "lastBlock", "failedBlock", problem, $5::uuid
    from json_to_recordset($1) as c(
      id uuid, "tenantId" uuid, "graphCallId" text, "flowId" uuid, "versionId" uuid, test boolean, "callerName" text,
      "callerId" text, called text, at timestamptz, "endedAt" timestamptz, outcome text, "endCode" int, "endSubcode" int,
      "lastBlock" text, "failedBlock" text, problem text)
    on conflict (id) do nothing
  ), changed as (
    update calls set
      state = case when c."endedAt" is null then state else 'ended' end,
      ended_at = coalesce(c."endedAt", ended_at),
      outcome = coalesce(c.outcome, calls.outcome),
      end_code = coalesce(c."endCode", end_code),
      end_subcode = coalesce(c."endSubcode", end_subcode),
      last_block = coalesce(c."lastBlock", last_block),
      failed_block = coalesce(c."failedBlock", failed_block),
      problem = coalesce(c.problem, calls.problem)
    from json_to_recordset($2) as c(
      id uuid, "tenantId" uuid, "endedAt" timestamptz, outcome text, "endCode" int, "endSubcode" int, "lastBlock" text,
      "failedBlock" text, problem text, "unlessEnded" boolean)
    where calls.id = c.id and calls.tenant_id = c."tenantId"
      and not (coalesce(c."unlessEnded", false) and calls.state = 'ended')
  ), stepped as (
    insert into call_steps (tenant_id, call_id, seq, at, block, event, exit, detail, version_id)
    select "tenantId", id, seq, at, block, event, exit, coalesce(detail, 'null'), "versionId"
    from json_to_recordset($3) as s(
      id uuid, "tenantId" uuid, seq int, at timestamptz, block text, event text, exit text, detail jsonb,
      "versionId" uuid)
    on conflict (call_id, seq) do nothing
  )
  select pg_notify('calls', notice) from unnest($4::text[]) as notice`

/** The queue without its oldest `count` steps; where it has not as many, without its oldest other entries. */
export function withoutOldest(queue: HistoryEntry[], count: number): HistoryEntry[] {
  let left = count
  const kept = queue.filter((entry) => {
    if (entry.kind !== 'step' || left === 0) return true
    left -= 1
    return false
  })
  return kept.slice(left)
}

function notices(changes: Iterable<Change>): string[] {
  const idsOf = new Map<string, string[]>()
  for (const { id, tenantId } of changes) {
    const ids = idsOf.get(tenantId)
    if (ids) ids.push(id)
    else idsOf.set(tenantId, [id])
  }
  return [...idsOf].flatMap(([tenantId, ids]) =>
    Array.from({ length: Math.ceil(ids.length / idsPerNotice) }, (_, page) => {
      const callIds = ids.slice(page * idsPerNotice, (page + 1) * idsPerNotice)
      return JSON.stringify({ tenantId, callIds } satisfies CallsChanged)
    }),
  )
}

// A caller's name comes from outside, and what PostgreSQL does not keep of it would refuse the whole batch.
const unstorable = /\\u(0000|d[89a-f])/i

function json(rows: unknown[]): string {
  const text = JSON.stringify(rows)
  if (!unstorable.test(text)) return text
  return JSON.stringify(rows, (_, value) => (typeof value === 'string' ? storableText(value, '\ufffd') : value))
}
