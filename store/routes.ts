import { randomUUID } from 'node:crypto'
import { Calendar } from '#flow/calendar.ts'
import type { RouteRule } from '#flow/routing.ts'
import type { Variables } from '#flow/values.ts'
import { readCalled } from '#ground/called.ts'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import { answeringVersion, lockFlow } from './versions.ts'

/** What answers when `called` (an account id or an E.164 number; null: whatever nothing else answers) is dialled. */
type Route = { called: string | null; flowId: string; versionId: string }

/** A route as the bot keeps it in memory. */
export type RoutingEntry = Route &
  RouteRule & {
    tenantId: string
    test: boolean
    /** How far the clocks of a test call are put forward. */
    movedSeconds: number
    /** Counts the changes of what the flows of the tenant share. */
    sharedRevision: number
    /** What a call that comes here brings with it. */
    data?: Variables
    /** The hours that it goes by. */
    calendar?: Calendar
  }

/** How long a test call may wait for its caller to dial. */
const testMinutes = 15

/**
 * From what is dialled to the version that answers. Whoever listens to `routes` (changes.ts) hears of every change: a trigger in
 * the database tells it.
 */
export function createRoutes({ sql, transaction }: Connection) {
  return {
    /** The routes of a tenant, without those of test calls and of removed flows; what nothing else answers first. */
    async list(tenantId: string): Promise<Route[]> {
      return sql(
        `select r.called, r.flow_id as "flowId", r.version_id as "versionId"
         from routes r join flows f on f.id = r.flow_id and f.deleted_at is null
         where r.tenant_id = $1 and not r.test order by r.called nulls first`,
        [tenantId],
      )
    },

    /** All of them in names, for people: which flow answers, and by which version. */
    async answering(tenantId: string): Promise<{ called: string | null; flow: string; version: number }[]> {
      return sql(
        `select r.called, f.name as flow, v.number as version
         from routes r join flows f on f.id = r.flow_id and f.deleted_at is null join flow_versions v on v.id = r.version_id
         where r.tenant_id = $1 and not r.test and v.number is not null
         order by r.called nulls first, r.position`,
        [tenantId],
      )
    },

    /**
     * Lets a flow answer; with `take` in place of whatever answered before. `called` may be spelled in any way (ground/called.ts).
     * @throws StoreError `notFound`, with `what: 'publishedVersion'` if the flow has never been published; `taken`, with the
     * name of the flow that answers
     */
    async set(tenantId: string, flowId: string, called: string | null, { take = false } = {}): Promise<void> {
      await transaction((client) => setRoute(client, tenantId, flowId, spelled(called), take))
    },

    /**
     * Lets a flow no longer answer `called`; the default does, if there is one. Whatever has taken it over meanwhile keeps it: the
     * question and the deletion are one statement.
     * @throws StoreError `notFound` if this flow does not answer it
     */
    async unset(tenantId: string, flowId: string, called: string | null): Promise<void> {
      const gone = isId(flowId) ? await sql(unsetting, [tenantId, flowId, spelled(called)]) : []
      if (gone.length === 0) throw new StoreError('notFound', { what: 'route' })
    },

    /**
     * A made-up address that leads to one version for 15 minutes. Its calls bring `data`, and take the time for `movedSeconds` later than it is.
     * @returns what to dial: a random UUID
     * @throws StoreError `notFound` if the version is not one of this flow
     */
    async addTest(
      tenantId: string,
      flowId: string,
      versionId: string,
      { data, movedSeconds = 0 }: { data?: Variables | undefined; movedSeconds?: number } = {},
    ): Promise<string> {
      const brought = data ? JSON.stringify(data) : null
      const values = [tenantId, flowId, versionId, randomUUID(), randomUUID(), testMinutes, movedSeconds, brought]
      const [route] = isId(flowId) && isId(versionId) ? await sql<{ called: string }>(addingTest, values) : []
      if (!route) throw new StoreError('notFound', { what: 'version' })
      return route.called
    },

    /** All that answers, in every tenant: what the bot starts from, and loads again when routes have changed. One statement. */
    async loadRouting(): Promise<RoutingEntry[]> {
      return (await sql<Loaded>(loading, [])).map(entryOf)
    },
  }
}

const loading = `
  select r.tenant_id as "tenantId", r.called, r.caller, r.calendar_id as "calendarId", r.calendar_state as "calendarState", r.position,
    r.flow_id as "flowId", r.version_id as "versionId", r.test, r.moved_seconds as "movedSeconds", r.data,
    t.shared_revision as "sharedRevision", c.document as calendar
  from routes r join flows f on f.id = r.flow_id and f.deleted_at is null join tenants t on t.id = r.tenant_id
    left join calendars c on c.id = r.calendar_id
  where r.expires_at is null or r.expires_at > now()`

type When = { calendarId: string | null; calendarState: NonNullable<RouteRule['when']>['state'] | null }
type Loaded = Omit<RoutingEntry, 'when' | 'calendar' | 'data'> & When & { calendar: unknown; data: Variables | null }

function entryOf({ calendarId, calendarState, calendar, data, ...entry }: Loaded): RoutingEntry {
  const when = whenOf({ calendarId, calendarState })
  return { ...entry, when, ...(data && { data }), ...(calendar !== null && { calendar: Calendar.parse(calendar) }) }
}

/** Both are there, or neither: a rule of the database. */
export const whenOf = ({ calendarId, calendarState }: When): RouteRule['when'] =>
  calendarId !== null && calendarState !== null ? { calendarId, state: calendarState } : null

/** What is neither an account nor a number stays as it is: a rule of the database refuses it. */
const spelled = (called: string | null) => called && (readCalled(called) ?? called)

async function setRoute(
  client: Prisma.TransactionClient,
  tenantId: string,
  flowId: string,
  called: string | null,
  take: boolean,
): Promise<void> {
  await lockFlow(client, tenantId, flowId)
  const published = await answeringVersion(client, tenantId, flowId)
  // One statement looks and writes, so that of two flows at the same moment one is told. A removed flow answers nothing, so nothing
  // has to be taken from it.
  const set = await client.$queryRaw<unknown[]>`
    insert into routes (id, tenant_id, called, flow_id, version_id)
    values (${randomUUID()}::uuid, ${tenantId}::uuid, ${called}, ${flowId}::uuid, ${published.id}::uuid)
    on conflict (tenant_id, called, caller, calendar_id, calendar_state)
    do update set flow_id = excluded.flow_id, version_id = excluded.version_id, test = false, expires_at = null
    where ${take} or routes.flow_id = excluded.flow_id
      or exists (select from flows f where f.id = routes.flow_id and f.deleted_at is not null)
    returning id`
  if (set.length > 0) return
  const [holder] = await client.$queryRaw<{ name: string }[]>`
    select f.name from routes r join flows f on f.id = r.flow_id
    where r.tenant_id = ${tenantId}::uuid and r.called is not distinct from ${called}
      and r.caller is null and r.calendar_id is null`
  throw new StoreError('taken', { what: 'route', name: holder?.name ?? '' })
}

const unsetting = `
  delete from routes where tenant_id = $1 and flow_id = $2 and called is not distinct from $3 and caller is null
    and calendar_id is null and not test returning id`

const addingTest = `
  with expired as (delete from routes where tenant_id = $1 and expires_at < now())
  insert into routes (id, tenant_id, called, flow_id, version_id, test, expires_at, moved_seconds, data)
  select $4, v.tenant_id, $5, v.flow_id, v.id, true, now() + make_interval(mins => $6), $7, $8
  from flow_versions v join flows f on f.id = v.flow_id and f.deleted_at is null
  where v.tenant_id = $1 and v.flow_id = $2 and v.id = $3
  returning called`
