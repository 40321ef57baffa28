import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { frontDesk } from '#flow/sample.ts'
import type { Wanted } from '#store/callSearch.ts'
import { openStore } from '#store/database.ts'
import { scratchFolder } from './lib/bundle.ts'
import { openDatabase } from './lib/database.ts'
import { percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'

// How long the page of calls waits for each kind of question, over a history of a million calls.

const calls = option('calls', 1_000_000)
const flows = option('flows', 100)
const rounds = option('rounds', 100)
const pageSize = 51
const minutes = 90 * 24 * 60

const database = await openDatabase(scratchFolder())
const client = new pg.Client({ connectionString: database.databaseUrl })
await client.connect()
const store = openStore({ databaseUrl: database.databaseUrl, poolSize: 4 })
const tenantId = randomUUID()

/** Flows with the blocks of the sample; in the last one a block has a name of its own. */
async function drawFlows(): Promise<{ flowId: string; versionId: string }[]> {
  const made = []
  for (let n = 0; n < flows; n += 1) {
    const flow = structuredClone(frontDesk)
    flow.name = `Flow ${n}`
    if (n === flows - 1 && flow.blocks.directions) flow.blocks.directions.name = 'Harbour'
    const { id: flowId } = await store.flows.create(tenantId, { flow, by: 'bench' })
    const { id: versionId } = await store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'bench' })
    made.push({ flowId, versionId })
  }
  return made
}

/** Three months of calls: 1 in 50 not reached, 1 in 1,000 heard the directions; every tenth caller has a name. */
async function fill(drawn: { flowId: string; versionId: string }[]) {
  await client.query(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, state, caller_name, caller_id, started_at, ended_at,
       outcome, end_code, end_subcode, last_block, failed_block, problem)
     select gen_random_uuid(), $1, 'graph-' || n, ($2::uuid[])[1 + n % $4], ($3::uuid[])[1 + n % $4], false, 'ended',
       case when n % 10 = 0 then (array['Anna','Marco','Lena','Timo','Priya'])[1 + n / 10 % 5] || ' ' || (array['Berger','Rossi','Hofer','Keller','Nair'])[1 + n / 50 % 5] || ' ' || n end,
       '+1425' || lpad((hashtext(n::text)::bigint % 10000000 + 10000000)::text, 8, '0'), t, t + interval '40 s',
       case when n % 5 = 0 then 'callerHungUp' when n % 7 = 0 then 'transferred' else 'endedByFlow' end, 200,
       case when n % 5 = 0 then 4521 else 7000 end, case when n % 1000 = 0 then 'directions' else 'menu' end,
       case when n % 50 = 3 then 'sales' end, case when n % 50 = 3 then '403/7504' end
     from generate_series(1, $5) n, lateral (select now() - make_interval(secs => $6 * 60.0 * n / $5) as t) at`,
    [tenantId, drawn.map(({ flowId }) => flowId), drawn.map(({ versionId }) => versionId), flows, calls, minutes],
  )
  await client.query(
    `insert into call_steps (tenant_id, call_id, seq, at, block, event, detail)
     select tenant_id, id, seq, started_at + make_interval(secs => seq), block, 'entered', '{}'
     from calls, lateral (values (1, 'incoming'), (2, 'welcome'), (3, 'menu'), (4, coalesce(failed_block, last_block))) s(seq, block)`,
  )
  await client.query('vacuum analyze calls, call_steps, block_names')
}

const began = performance.now()
const drawn = await drawFlows()
await fill(drawn)
const { rows: sizes } = await client.query(
  `select relname as relation, pg_size_pretty(pg_relation_size(oid)) as size from pg_class
   where relname like 'calls\\_%' or relname in ('calls', 'call_steps', 'call_steps_block_idx') order by pg_relation_size(oid) desc`,
)
console.log(`${calls} calls in ${flows} flows, written in ${Math.round((performance.now() - began) / 1000)} s`)
console.table(sizes)

const ago = (share: number) => new Date(Date.now() - share * minutes * 60_000)
const flowId = (n: number) => drawn[n % flows]?.flowId ?? ''
const lastFlow = flowId(flows - 1)
const deep = (n: number) => ({ before: { startedAt: ago((n + 1) / (rounds + 2)), id: randomUUID() } })
const kinds: Record<string, (n: number) => Wanted> = {
  'first page': () => ({ butNotReachedSince: ago(0.01), results: ['transferred', 'finished', 'left', 'notReached'] }),
  'deep page': deep,
  'by flow': (n) => ({ flowId: flowId(n) }),
  'by flow, deep': (n) => ({ flowId: flowId(n), ...deep(n) }),
  'by outcome': (n) => ({ results: [n % 2 ? 'notReached' : 'transferred'] }),
  'by flow and outcome, deep': (n) => ({ flowId: flowId(n), results: ['notReached'], ...deep(n) }),
  'by reason': (n) => ({ flowId: flowId(n), results: ['notReached'], cause: { block: 'sales', problem: '403/7504' } }),
  'last digits of a number': (n) => ({ text: String(1000 + ((n * 7919) % 9000)) }),
  'a whole number': (n) => ({ text: `+14251${String((n * 7_919_777) % 10_000_000).padStart(7, '0')}` }),
  'a part that all numbers have': () => ({ text: '1425' }),
  'a name that many have': (n) => ({ text: ['anna', 'berger', 'lena', 'rossi'][n % 4] ?? '' }),
  'a name that nobody has': (n) => ({ text: `zora ${n}` }),
  'a name that one has': (n) => ({ text: `r ${(n + 1) * 5_000}` }),
  'a block that all calls came to': () => ({ text: 'main menu' }),
  'a block that few came to': () => ({ text: 'directions' }),
  'a block of one flow': () => ({ text: 'harbour' }),
  'a block that few came to, deep': (n) => ({ text: 'directions', ...deep(n) }),
  'a block in a flow without it': () => ({ text: 'harbour', flowId: lastFlow, results: ['notReached'] }),
  'an outcome in words': () => ({ text: 'hung up', textResults: ['left'] }),
}

async function timesOf(ask: (n: number) => Promise<unknown>): Promise<number[]> {
  for (let n = 0; n < 3; n += 1) await ask(n)
  const times = []
  for (let n = 0; n < rounds; n += 1) {
    const start = performance.now()
    await ask(n)
    times.push(performance.now() - start)
  }
  return times
}

const scans = async (): Promise<number> => {
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query(
    `select sum(seq_scan)::int as scans from pg_stat_user_tables where relname in ('calls', 'call_steps')`,
  )
  return rows[0]?.scans ?? 0
}

const before = await scans()
const figures: Record<string, string | number>[] = []
const add = async (kind: string, ask: (n: number) => Promise<unknown>) => {
  const times = await timesOf(ask)
  const figure = (share: number) => Number(percentile(times, share).toFixed(1))
  figures.push({ kind, 'p50 ms': figure(0.5), 'p95 ms': figure(0.95), 'worst ms': figure(1) })
}
for (const [kind, wanted] of Object.entries(kinds))
  await add(kind, (n) => store.calls.list(tenantId, wanted(n), pageSize))
await add('counts of today', () => store.calls.count(tenantId, { from: ago(1 / 90) }))
await add('who was not reached today, and why', () => store.calls.incidents(tenantId, ago(1 / 90)))
console.table(figures)
console.log(`Times that all of a table was read: ${(await scans()) - before} (goal: 0)`)
await store.close()
await client.end()
await database.stop()
