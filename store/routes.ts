import { randomUUID } from 'node:crypto'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'
import { latestPublished, lockFlow } from './versions.ts'

/** What answers when `called` (an account id or an E.164 number; null: whatever nothing else answers) is dialled. */
type Route = { called: string | null; flowId: string; versionId: string }

/** A route as the bot keeps it in memory. */
export type RoutingEntry = Route & { tenantId: string; test: boolean }

/** How long a test call may wait for its caller to dial. */
const testMinutes = 15

/**
 * From what is dialled to the version that answers. Whoever listens to `routes` (changes.ts) hears of every change: a trigger in
 * the database tells it.
 */
export function createRoutes({ sql, transaction }: Connection) {
  return {
    /** The routes of a tenant, without those of test calls and of removed flows; the default first. */
    async list(tenantId: string): Promise<Route[]> {
      return sql(
        `select r.called, r.flow_id as "flowId", r.version_id as "versionId"
         from routes r join flows f on f.id = r.flow_id and f.deleted_at is null
         where r.tenant_id = $1 and not r.test order by r.called nulls first`,
        [tenantId],
      )
    },

    /**
     * Lets a flow answer; with `take` in place of whatever answered before.
     * @throws StoreError `notFound`, with `what: 'publishedVersion'` if the flow has never been published; `taken`, with the
     * name of the flow that answers
     */
    async set(tenantId: string, flowId: string, called: string | null, { take = false } = {}): Promise<void> {
      await transaction(async (client) => {
        await lockFlow(client, tenantId, flowId)
        const published = await latestPublished(client, tenantId, flowId)
        if (!published) {
          const message = 'This flow has never been published, so it cannot answer calls. Publish it first.'
          throw new StoreError('notFound', { what: 'publishedVersion' }, { message })
        }
        // A removed flow answers nothing, so nothing has to be taken from it.
        const [holder] = await client.$queryRaw<{ name: string }[]>`
          select f.name from routes r join flows f on f.id = r.flow_id and f.deleted_at is null
          where r.tenant_id = ${tenantId}::uuid and r.called is not distinct from ${called} and r.flow_id <> ${flowId}::uuid
          for update of r`
        if (holder && !take) throw new StoreError('taken', { what: 'route', name: holder.name })
        await client.$executeRaw`
          insert into routes (id, tenant_id, called, flow_id, version_id)
          values (${randomUUID()}::uuid, ${tenantId}::uuid, ${called}, ${flowId}::uuid, ${published.id}::uuid)
          on conflict (tenant_id, called)
          do update set flow_id = excluded.flow_id, version_id = excluded.version_id, test = false, expires_at = null`
      })
    },

    /** Lets nothing answer `called` by itself any more; the default does, if there is one. */
    async unset(tenantId: string, called: string | null): Promise<void> {
      await sql('delete from routes where tenant_id = $1 and called is not distinct from $2 and not test', [
        tenantId,
        called,
      ])
    },

    /**
     * A made-up address that leads to one version for 15 minutes.
     * @returns what to dial: a random UUID
     * @throws StoreError `notFound` if the version is not one of this flow
     */
    async addTest(tenantId: string, flowId: string, versionId: string): Promise<string> {
      const values = [tenantId, flowId, versionId, randomUUID(), randomUUID(), testMinutes]
      const [route] = isId(flowId) && isId(versionId) ? await sql<{ called: string }>(addingTest, values) : []
      if (!route) throw new StoreError('notFound', { what: 'version' })
      return route.called
    },

    /** All that answers, in every tenant: what the bot starts from, and loads again when routes have changed. One statement. */
    async loadRouting(): Promise<RoutingEntry[]> {
      return sql(
        `select r.tenant_id as "tenantId", r.called, r.flow_id as "flowId", r.version_id as "versionId", r.test
         from routes r join flows f on f.id = r.flow_id and f.deleted_at is null
         where r.expires_at is null or r.expires_at > now()`,
        [],
      )
    },
  }
}

const addingTest = `
  with expired as (delete from routes where tenant_id = $1 and expires_at < now())
  insert into routes (id, tenant_id, called, flow_id, version_id, test, expires_at)
  select $4, v.tenant_id, $5, v.flow_id, v.id, true, now() + make_interval(mins => $6)
  from flow_versions v join flows f on f.id = v.flow_id and f.deleted_at is null
  where v.tenant_id = $1 and v.flow_id = $2 and v.id = $3
  returning called`
