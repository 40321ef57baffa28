import { randomUUID } from 'node:crypto'
import { mostHosts, type Secret } from '#flow/named.ts'
import type { Connection } from './connection.ts'
import { StoreError } from './error.ts'
import type { createSealed } from './sealed.ts'

export type NamedKind = 'value' | 'secret'

/** What may be told of one; of a secret all but itself. `hosts`: where it may be sent to. */
export type NamedValue = {
  name: string
  kind: NamedKind
  plain: string | null
  hosts: string[]
  updatedAt: Date
  updatedBy: string
}

type Setting = { name: string; kind: NamedKind; text: string; hosts?: readonly string[]; by: string }

/** All of a tenant as they are used, opened. Never to be told to anybody. */
export type NamedValues = { values: Readonly<Record<string, string>>; secrets: ReadonlyMap<string, Secret> }

/** A tenant has no more of them: all are kept in memory. */
const most = 500

const placeOf = (row: string) => ({ table: 'named_values', column: 'sealed', row })

/** What drafts name: the setting `secret` of a request, and `env.<name>` in any text of theirs, unless that is a variable of their own. */
const naming = `select distinct coalesce(m[1], m[2]) as name, case when m[1] is null then 'value' else 'secret' end as kind,
           f.id as "flowId", f.name as flow
         from flows f, regexp_matches(f.draft::text, '"secret"\\s*:\\s*"(\\w+)"|\\menv\\.(\\w+)', 'g') m
         where f.tenant_id = $1 and f.deleted_at is null
           and (m[1] is not null or f.draft -> 'variables' -> 'env' is null) order by flow, name limit 5000`

/** Secrets and other values that flows name and never hold (D12). A secret goes in and is used, and is told to nobody. */
export function createNamedValues({ sql }: Pick<Connection, 'sql'>, sealed: ReturnType<typeof createSealed>) {
  return {
    async list(tenantId: string): Promise<NamedValue[]> {
      return sql(
        `select name, case when sealed is null then 'value' else 'secret' end as kind, plain, hosts,
           updated_at as "updatedAt", updated_by as "updatedBy"
         from named_values where tenant_id = $1 order by lower(name), name`,
        [tenantId],
      )
    },

    /** What the drafts of the tenant name, be it there or not: one row for each name in each flow. */
    async uses(tenantId: string): Promise<{ name: string; kind: NamedKind; flowId: string; flow: string }[]> {
      return sql(naming, [tenantId])
    },

    /**
     * Sets one, new or in place of what had the name. @throws StoreError `noDataKey` for a secret while nothing can be sealed; `limit` beyond 500
     */
    async set(tenantId: string, { name, kind, text, hosts = [], by }: Setting): Promise<void> {
      const [there] = await sql<{ id: string | null; count: number }>(
        'select (array_agg(id) filter (where name = $2))[1] as id, count(*)::int as count from named_values where tenant_id = $1',
        [tenantId, name],
      )
      if (there && there.id === null && there.count >= most) throw new StoreError('limit')
      // Its place is in the seal, so the row of a name stays the same. Of two who make one at once the second is told to try again.
      const id = there?.id ?? randomUUID()
      const box = kind === 'secret' ? await sealed.seal(tenantId, placeOf(id), Buffer.from(text)) : null
      const written = await sql(
        `insert into named_values (id, tenant_id, name, plain, sealed, updated_by, hosts) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (tenant_id, name) do update
         set plain = excluded.plain, sealed = excluded.sealed, hosts = excluded.hosts, updated_by = excluded.updated_by, updated_at = now()
         where named_values.id = excluded.id returning id`,
        [id, tenantId, name, kind === 'value' ? text : null, box && Buffer.from(box), by, hosts],
      )
      if (written.length === 0) throw new StoreError('changedMeanwhile')
    },

    /** Says where a secret may be sent to, whatever it was before. @throws StoreError `notFound` when there is no such secret */
    async setHosts(
      tenantId: string,
      { name, hosts, by }: { name: string; hosts: readonly string[]; by: string },
    ): Promise<void> {
      const set = await sql(
        `update named_values set hosts = $3, updated_by = $4, updated_at = now()
         where tenant_id = $1 and name = $2 and sealed is not null returning id`,
        [tenantId, name, hosts, by],
      )
      if (set.length === 0) throw new StoreError('notFound', { what: 'namedValue' })
    },

    /** Lets a secret go to one more host, whatever others add meanwhile. @throws StoreError `notFound`; `limit` beyond 20 hosts */
    addHost: (tenantId: string, added: AddedHost): Promise<void> => addHost(sql, tenantId, added),

    /** @throws StoreError `notFound` */
    async remove(tenantId: string, name: string): Promise<void> {
      const gone = await sql('delete from named_values where tenant_id = $1 and name = $2 returning id', [
        tenantId,
        name,
      ])
      if (gone.length === 0) throw new StoreError('notFound', { what: 'namedValue' })
    },

    /** A secret that cannot be opened (another DATA_KEY, or none) is left out, and `trouble` hears why. */
    load: (tenantId: string, trouble: (error: unknown) => void): Promise<NamedValues> =>
      opened(sql, sealed, tenantId, trouble),
  }
}

type AddedHost = { name: string; host: string; by: string }

async function addHost(sql: Connection['sql'], tenantId: string, { name, host, by }: AddedHost): Promise<void> {
  const [found] = await sql<{ fits: boolean }>(
    `update named_values
     set hosts = case when $3 = any(hosts) or cardinality(hosts) >= $5 then hosts else hosts || $3::text end,
       updated_by = $4, updated_at = now()
     where tenant_id = $1 and name = $2 and sealed is not null returning $3 = any(hosts) as fits`,
    [tenantId, name, host, by, mostHosts],
  )
  if (!found) throw new StoreError('notFound', { what: 'namedValue' })
  const message = `A secret goes to ${mostHosts} hosts at most. Take one away under Settings, then add this one.`
  if (!found.fits) throw new StoreError('limit', { most: mostHosts }, { message })
}

async function opened(
  sql: Connection['sql'],
  sealed: ReturnType<typeof createSealed>,
  tenantId: string,
  trouble: (error: unknown) => void,
): Promise<NamedValues> {
  const rows = await sql<{
    id: string
    name: string
    plain: string | null
    sealed: Buffer | null
    hosts: string[]
  }>('select id, name, plain, sealed, hosts from named_values where tenant_id = $1', [tenantId])
  const secrets = new Map<string, Secret>()
  for (const { id, name, hosts, sealed: box } of rows) {
    if (box === null) continue
    await sealed.unseal(tenantId, placeOf(id), box).then((bytes) => {
      secrets.set(name, { text: Buffer.from(bytes).toString(), hosts })
    }, trouble)
  }
  const values = rows.flatMap(({ name, plain }) => (plain === null ? [] : [[name, plain] as const]))
  return { values: Object.fromEntries(values), secrets }
}
