import { randomUUID } from 'node:crypto'
import type { Connection } from './connection.ts'
import type { JobState, Jobs } from './jobs.ts'
import { type Leases, workOn } from './jobWorker.ts'

/** Jobs as rows of the table `jobs`. */
export function createJobs({ sql }: Pick<Connection, 'sql'>): Jobs {
  return {
    async add({ tenantId, kind, key, data, due }) {
      const [row] = await sql<{ id: string; data: unknown }>(adding, [
        randomUUID(),
        tenantId,
        kind,
        key,
        JSON.stringify(data),
        due ?? null,
      ])
      if (!row) throw new Error('PostgreSQL returned no row for a job that it has inserted.')
      return { id: row.id, data: row.data }
    },
    async find(tenantId, kind, key) {
      const [row] = await sql<JobState>(
        `select ${columns} from jobs where tenant_id = $1 and kind = $2 and key = $3 order by created_at desc, id limit 1`,
        [tenantId, kind, key],
      )
      return row ?? null
    },
    unfinished: (tenantId, kind) =>
      sql<JobState>(
        `select ${columns} from jobs where tenant_id = $1 and kind = $2 and done_at is null order by created_at, id`,
        [tenantId, kind],
      ),
    async forget(tenantId, before) {
      return (await sql('delete from jobs where tenant_id = $1 and done_at < $2 returning id', [tenantId, before]))
        .length
    },
    work: (kinds, options) => workOn(leasesIn(sql), kinds, options),
  }
}

const columns = `
  id, tenant_id as "tenantId", kind, key, data, progress, failure, created_at as "createdAt", done_at as "doneAt",
  case when failure is not null then 'failed' when done_at is not null then 'done'
       when lease > now() then 'running' else 'waiting' end as state`

// An update to the same, because a conflict that does nothing would return nothing.
const adding = `
  with added as (
    insert into jobs (id, tenant_id, kind, key, data, due) values ($1, $2, $3, $4, $5, coalesce($6, now()))
    on conflict (tenant_id, kind, key) where done_at is null do update set key = excluded.key
    returning id, kind, data
  )
  select id, data, pg_notify('jobs', kind) from added`

/** Who may do a job, as rows: one holds it until `lease`, and proves by `token` that it is still the one. */
const leasesIn = (sql: Connection['sql']): Leases => ({
  take: (kinds, most, leaseMs, suspects) => sql(taking, [kinds, most, leaseMs, suspects]),
  async nextInMs(kinds, suspects) {
    const [row] = await sql<{ ms: number | null }>(
      `select (extract(epoch from min(coalesce(lease, due)) - now()) * 1000)::float8 as ms
       from jobs where done_at is null and kind = any($1) and ($2 or not ${isSuspect})`,
      [kinds, suspects],
    )
    return row?.ms ?? null
  },
  async renew(held, leaseMs) {
    const rows = await sql<{ token: string }>(renewing, [
      held.map(({ token }) => token),
      held.map(({ progress }) => (progress === undefined ? null : JSON.stringify(progress))),
      leaseMs,
    ])
    return new Set(rows.map(({ token }) => token))
  },
  async finish(token, progress, failure) {
    await sql(
      `update jobs set done_at = now(), lease = null, token = null, progress = coalesce($2, progress), failure = $3
       where token = $1`,
      [token, progress === undefined ? null : JSON.stringify(progress), failure && JSON.stringify(failure)],
    )
  },
  async release(token, { inMs, at, tries }) {
    await sql(
      `update jobs set lease = null, token = null, tries = tries + $4,
         due = coalesce($3::timestamptz, now() + make_interval(secs => $2::float8 / 1000)) where token = $1`,
      [token, inMs ?? 0, at ?? null, tries],
    )
  },
})

/** Two workers have died while they had it. */
const isSuspect = '(tries >= 2 and lease is not null)'

const taking = `
  with free as (
    select id from jobs where done_at is null and kind = any($1) and coalesce(lease, due) <= now() and $4 = ${isSuspect}
    order by coalesce(lease, due) for update skip locked limit $2
  )
  update jobs set lease = now() + make_interval(secs => $3::float8 / 1000), token = gen_random_uuid(), tries = tries + 1
  from free where jobs.id = free.id
  returning jobs.id, tenant_id as "tenantId", kind, key, data, tries, token`

const renewing = `
  update jobs set lease = now() + make_interval(secs => $3::float8 / 1000), progress = coalesce(held.progress, jobs.progress)
  from unnest($1::uuid[], $2::jsonb[]) as held (token, progress)
  where jobs.token = held.token
  returning jobs.token`
