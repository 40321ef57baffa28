import { type Connection, isId } from './connection.ts'
import { type Joined, type Published, published, withLatest, withPublished } from './published.ts'

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

/** `after`: the last flow of the page before, by what the list is sorted by. */
export type FlowQuery = {
  search?: string
  sort?: 'changed' | 'name'
  after?: { key: string; id: string }
  limit?: number
}

export type FlowPage = { flows: FlowSummary[]; total: number }

/** More words than that nobody searches for. */
const mostWords = 10

/**
 * A page of the flows of a tenant: the latest changed first, or by name; with `search` those that have every word in their name, in
 * who changed them or in what they answer. One statement, and no document in it: what is joined is asked for the page alone.
 */
export async function listFlows(
  sql: Connection['sql'],
  tenantId: string,
  { search = '', sort = 'changed', after, limit = 1_000 }: FlowQuery,
): Promise<FlowPage> {
  const words = search.split(/\s+/).filter(Boolean).slice(0, mostWords)
  // A mark that no list has given out is behind everything.
  if (after && (!isId(after.id) || (sort === 'changed' && !isMoment(after.key)))) {
    return { flows: [], total: 0 }
  }
  const key = after && sort === 'changed' ? new Date(after.key) : after?.key
  const values = [tenantId, limit, words, key ?? null, after?.id ?? null]
  const rows = await sql<SummaryRow>(pageBy[sort], values)
  const flows = rows.flatMap(({ total: _, startedAt, outcome, state, ...row }) =>
    row.id === null ? [] : [{ ...withPublished(row), lastCall: startedAt && { startedAt, outcome, state } }],
  )
  return { flows, total: rows[0]?.total ?? 0 }
}

/** JavaScript takes much for a time that PostgreSQL does not: "0", and years before its first. */
const isMoment = (text: string) => /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))

type SummaryRow = Omit<FlowSummary, 'published' | 'lastCall'> & Joined<Published> & Joined<LastCall> & { total: number }

/** Names as people of any language sort. */
export const asSorted = (name: string) => `lower(${name} collate "und-x-icu") collate "und-x-icu"`
const named = asSorted('f.name')

const answersOf = (flow: string) => `
  array(select coalesce(called, 'default') from (
          select distinct called from routes where tenant_id = $1 and flow_id = ${flow}.id and not test) answered
        order by called nulls first)`

const found = `
  f.tenant_id = $1 and f.deleted_at is null
  and (cardinality($3::text[]) = 0 or not exists (
    select from unnest($3::text[]) word where position(known_as(word) in
      known_as(concat_ws(' ', f.name, f.updated_by, array_to_string(${answersOf('f')}, ' ')))) = 0))`

/** The count stands in a row of its own kind when the page is empty, so that it is always told. */
const pageOf = (behind: string, order: string, orderOfPage: string) => `
  with page as (
    select f.id, f.name, f.revision, f.updated_at, f.updated_by, f.draft_hash from flows f
    where ${found} and ($5::uuid is null or ${behind})
    order by ${order} limit $2
  )
  select ${published('f')}, f.name, c.*, counted.total,
    (select count(*)::int from calls where tenant_id = $1 and flow_id = f.id and state = 'live') as "liveCalls",
    ${answersOf('f')} as answers
  from (select count(*)::int as total from flows f where ${found}) counted left join (
    select page.* from page
  ) f on true ${withLatest}
  left join lateral (
    select started_at as "startedAt", outcome, state from calls
    where tenant_id = $1 and flow_id = f.id order by started_at desc limit 1
  ) c on true
  order by ${orderOfPage}`

const pageBy = {
  changed: pageOf(
    '(f.updated_at, f.id) < ($4::timestamptz, $5::uuid)',
    'f.updated_at desc, f.id desc',
    'f.updated_at desc, f.id desc',
  ),
  name: pageOf(
    `(${named}, f.id) > (lower($4::text collate "und-x-icu"), $5::uuid)`,
    `${named}, f.id`,
    `${named}, f.id`,
  ),
}
