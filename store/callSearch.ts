import { type Connection, isId } from './connection.ts'

/** How a call came out for its caller: reckoned by PostgreSQL, in the migration find_calls. */
export type CallResult = 'live' | 'transferred' | 'finished' | 'left' | 'notReached'

/** Which calls are wanted; what is left out does not matter. */
export type Wanted = {
  flowId?: string
  results?: readonly CallResult[]
  from?: Date
  until?: Date
  /** Not those that were not reached since then: they are shown by themselves. */
  butNotReachedSince?: Date
  /** One reason for not being reached: of calls that are no tests. */
  cause?: { block: string | null; problem: string }
  /** To go on behind the last call of a page. */
  before?: { startedAt: Date; id: string }
  /** A part of the caller's name or number, or of the name of a block that the call came to. */
  text?: string
  /** What `text` means as an outcome. */
  textResults?: readonly CallResult[]
}

export type Found = {
  id: string
  flowId: string
  versionId: string
  test: boolean
  state: 'live' | 'ended'
  result: CallResult
  caller: { name: string | null; id: string | null }
  startedAt: Date
  endedAt: Date | null
  outcome: string | null
  endCode: number | null
  endSubcode: number | null
  lastBlock: string | null
  failedBlock: string | null
  problem: string | null
}

/**
 * So many of the latest calls are looked through one by one; fewer where each must be asked to which blocks it came. A text that many
 * calls have is found there at once; one that few have is then looked up in the indexes, which know few. Neither way reads all calls.
 */
const walked = { byCaller: 10_000, byBlock: 500 }
/** Shorter texts are in no index: they are looked for among the latest calls only. */
const shortestSought = 3
/**
 * As many of the latest visits of a block are looked up. What is found of a block with more visits, while another filter leaves out
 * nearly all of them, ends there.
 */
const mostVisits = 3_000
const mostNames = 5_000

/** Finds calls by the indexes of the migration find_calls; bench/callSearch.ts measures each kind. */
export async function findCalls(
  sql: Connection['sql'],
  tenantId: string,
  wanted: Wanted,
  limit: number,
): Promise<Found[]> {
  if ((wanted.flowId && !isId(wanted.flowId)) || (wanted.before && !isId(wanted.before.id))) return []
  const ask = async ({ text, values }: Question) => (await sql<Row>(text, values)).map(foundOf)
  const sought = wanted.text?.trim() ?? ''
  if (sought === '') return ask(callsFound(columns, tenantId, wanted, limit))
  return ask(callsNamed(tenantId, wanted, sought, limit))
}

type Question = { text: string; values: unknown[] }
type Row = Omit<Found, 'caller'> & { callerName: string | null; callerId: string | null }

const foundOf = ({ callerName, callerId, ...row }: Row): Found => ({
  ...row,
  caller: { name: callerName, id: callerId },
})

/** As they are called in the table. */
const plain = `id, flow_id, version_id, test, state, result, caller_name, caller_id, started_at, ended_at, outcome, end_code, end_subcode,
  last_block, failed_block, problem`

const columns = `
  id, flow_id as "flowId", version_id as "versionId", test, state, result, caller_name as "callerName", caller_id as "callerId",
  started_at as "startedAt", ended_at as "endedAt", outcome, end_code as "endCode", end_subcode as "endSubcode",
  last_block as "lastBlock", failed_block as "failedBlock", problem`

/** Why a caller was not reached, in one word: what failed, else the platform's code of the end, else the bot's word for it. */
export const reason = `coalesce(problem, case when end_code >= 400 then end_code || coalesce('/' || end_subcode, '') end, outcome, 'lost')`

const latestFirst = 'order by started_at desc, id desc'

/** All but the text: what the indexes of calls are made for. */
export function callsFound(what: string, tenantId: string, wanted: Wanted, limit: number): Question {
  const { values, bind } = binder(tenantId)
  return { text: `select ${what} from calls where ${conditions(wanted, bind)} ${latestFirst} limit ${limit}`, values }
}

/**
 * By a text. First the latest calls; only if they do not fill the page, callers by their grams, visits of blocks, and outcomes. Each way is
 * taken by its own index to its own end ("materialized", "offset 0", "(select ...)"): the planner takes what is frequent for a reason to
 * read everything, and does not know how little is left of it.
 */
function callsNamed(tenantId: string, wanted: Wanted, sought: string, limit: number): Question {
  const { values, bind } = binder(tenantId)
  const fit = conditions(wanted, bind)
  const number = numberIn(sought)
  const texts = { name: bind(sought), number: number === null ? null : bind(number) }
  const caller = isCaller(texts)
  const outcome = `result = any(${bind(wanted.textResults ?? [])})`
  const page = `${latestFirst} limit ${limit}`
  const near = `
    with named as materialized (
      select flow_id, block from block_names where tenant_id = $1 and position(lower(${texts.name}) in lower(name)) > 0 limit ${mostNames}
    ), near as materialized (
      select ${plain} from (
        select * from calls where ${fit} ${latestFirst}
        limit (case when exists (select from named) then ${walked.byBlock} else ${walked.byCaller} end)
      ) c
      where ${caller} or ${outcome} or (exists (select from named) and exists (
        select from call_steps s join named n using (block)
        where s.tenant_id = $1 and s.call_id = c.id and s.event = 'entered' and n.flow_id = c.flow_id))
      ${page}
    )`
  const inIndex = [
    [sought, texts.name],
    [number, texts.number],
  ].flatMap(([text, bound]) => (text && bound && [...text].length >= shortestSought ? [hasPiecesOf(bound)] : []))
  if (inIndex.length === 0) return { text: `${near} select ${columns} from near ${page}`, values }
  const short = `(select count(*) from near) < ${limit}`
  // A call comes to its blocks after it began; few calls last a day.
  const early = wanted.before ? `and at < ${bind(wanted.before.startedAt)}::timestamptz + interval '1 day'` : ''
  const text = `
    ${near}, callers as materialized (
      select ${plain} from calls
      where ${short} and ${fit} and (${inIndex.join(' or ')}) and (${caller})
    ), visits as materialized (
      select call_id, block from (select distinct block from named where ${short}) b, lateral (
        select call_id from call_steps s where tenant_id = $1 and event = 'entered' and s.block = b.block ${early}
        order by at desc limit ${mostVisits}
      ) v
    ), came as materialized (
      select c.*, block from visits, lateral (select * from calls where id = call_id and ${fit} offset 0) c
    ), visitors as materialized (
      select ${plain} from came where (flow_id, block) in (select flow_id, block from named)
    )
    select distinct on (started_at, id) ${columns} from (
      (select * from near)
      union all (select * from callers ${page})
      union all (select * from visitors ${page})
      union all (select ${plain} from calls where ${short} and ${fit} and ${outcome} ${page})
    ) c ${page}`
  return { text, values }
}

/**
 * Which calls have enough of the pieces that `call_grams` makes of a text to be looked at: those side by side, and the last. PostgreSQL
 * makes them, because its letter case of İ or Σ is not that of JavaScript.
 */
const hasPiecesOf = (text: string): string => `
  call_grams(tenant_id, caller_name, caller_id) @> (
    select array_agg(left($1::uuid::text, 8) || substr(t, i, 3)) from lower(${text}) t, generate_series(1, length(t) - 2) i
    where i % 3 = 1 or i = length(t) - 2)`

type Bind = (value: unknown) => string

/** `bind` keeps a value and says by what name the statement knows it; $1 is the tenant. */
function binder(tenantId: string): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [tenantId]
  return { values, bind: (value) => `$${values.push(value)}` }
}

function conditions(wanted: Omit<Wanted, 'text'>, bind: Bind): string {
  const { flowId, results, from, until, butNotReachedSince, cause, before } = wanted
  return [
    'tenant_id = $1',
    flowId !== undefined && `flow_id = ${bind(flowId)}`,
    // One result is a range of an index; several are not, in the order of time.
    results !== undefined && (results.length === 1 ? `result = ${bind(results[0])}` : `result = any(${bind(results)})`),
    from !== undefined && `started_at >= ${bind(from)}`,
    until !== undefined && `started_at < ${bind(until)}`,
    butNotReachedSince !== undefined && `not (result = 'notReached' and started_at >= ${bind(butNotReachedSince)})`,
    cause !== undefined &&
      `not test and failed_block is not distinct from ${bind(cause.block)}
       and ${reason} = ${bind(cause.problem)}`,
    before !== undefined && `(started_at, id) < (${bind(before.startedAt)}, ${bind(before.id)})`,
  ]
    .filter((condition) => condition !== false)
    .join(' and ')
}

function isCaller({ name, number }: { name: string; number: string | null }): string {
  const byName = `position(lower(${name}) in lower(caller_name)) > 0`
  return number === null ? byName : `${byName} or (caller_id like '+%' and position(${number} in caller_id) > 0)`
}

/** A number as it is kept, from one as people write it: "+1 (425) 555-0142". */
function numberIn(sought: string): string | null {
  const bare = sought.replace(/[\s().-]/g, '')
  return /^\+?\d+$/.test(bare) ? bare : null
}
