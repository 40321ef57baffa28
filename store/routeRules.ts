import { randomUUID } from 'node:crypto'
import { isDefault, type RouteRule } from '#flow/routing.ts'
import { type Connection, isId, sqlIn } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import { whenOf } from './routes.ts'
import { latestPublished, lockFlow } from './versions.ts'

/** A rule as people see it: which flow answers, by which version. */
export type StoredRule = RouteRule & { id: string; flowId: string; flow: string; version: number }

/** What somebody wants of a rule: its conditions, in the one spelling (ground/called.ts), and the flow. */
export type WantedRule = Omit<RouteRule, 'position'> & { flowId: string }

/** Who answers what, in order: the routes of a tenant with their conditions. Whoever listens to `routes` hears of every change. */
export function createRouteRules({ sql, transaction }: Pick<Connection, 'sql' | 'transaction'>) {
  return {
    /** All of a tenant but those of removed flows, in their order; the one without conditions is last. */
    async list(tenantId: string): Promise<StoredRule[]> {
      return list(sql, tenantId)
    },

    /**
     * Behind all others.
     * @throws StoreError `taken` with the flow that answers under the same conditions; `notFound` for the flow, its published version
     * (`what: 'publishedVersion'`) or the calendar
     */
    async add(tenantId: string, rule: WantedRule): Promise<string> {
      return transaction(async (client) => {
        const versionId = await prepared(client, tenantId, rule)
        return insert(client, tenantId, rule, versionId)
      })
    },

    /** In its place. @throws StoreError as `add`; `notFound` if it is not there */
    async change(tenantId: string, id: string, rule: WantedRule): Promise<void> {
      await transaction(async (client) => {
        const versionId = await prepared(client, tenantId, rule)
        const holder = await holderOf(client, tenantId, rule)
        if (holder && holder.id !== id && !holder.isRemoved)
          throw new StoreError('taken', { what: 'route', name: holder.name })
        if (holder && holder.id !== id) await client.route.delete({ where: { id: holder.id, tenantId } })
        const { count } = isId(id)
          ? await client.route.updateMany({
              where: { id, tenantId, test: false },
              data: { ...columnsOf(rule), flowId: rule.flowId, versionId },
            })
          : { count: 0 }
        if (count === 0) throw new StoreError('notFound', { what: 'route' })
      })
    },

    /** @throws StoreError `notFound` */
    async remove(tenantId: string, id: string): Promise<void> {
      const gone = isId(id)
        ? await sql('delete from routes where tenant_id = $1 and id = $2 and not test returning id', [tenantId, id])
        : []
      if (gone.length === 0) throw new StoreError('notFound', { what: 'route' })
    },

    /** Puts all rules in this order. @throws StoreError `changedMeanwhile` if there are others now */
    async order(tenantId: string, ids: readonly string[]): Promise<void> {
      await transaction(async (client) => {
        await lockRoutes(client, tenantId)
        const there = (await list(sqlIn(client), tenantId)).filter((rule) => !isDefault(rule)).map(({ id }) => id)
        const isSame =
          new Set(ids).size === ids.length && ids.length === there.length && there.every((id) => ids.includes(id))
        if (!isSame) throw new StoreError('changedMeanwhile')
        for (const [n, id] of ids.entries()) {
          await client.route.updateMany({ where: { id, tenantId }, data: { position: n + 1 } })
        }
      })
    },
  }
}

async function list(sql: Connection['sql'], tenantId: string): Promise<StoredRule[]> {
  const rows = await sql<Omit<StoredRule, 'when'> & Parameters<typeof whenOf>[0]>(listing, [tenantId])
  return rows.map(({ calendarId, calendarState, ...row }) => ({ ...row, when: whenOf({ calendarId, calendarState }) }))
}

const listing = `
  select r.id, r.called, r.caller, r.calendar_id as "calendarId", r.calendar_state as "calendarState", r.position,
    r.flow_id as "flowId", f.name as flow, v.number as version
  from routes r join flows f on f.id = r.flow_id and f.deleted_at is null join flow_versions v on v.id = r.version_id
  where r.tenant_id = $1 and not r.test
  order by r.called is null and r.caller is null and r.calendar_id is null, r.position, r.called, r.id`

/** One change of the order at a time. */
const lockRoutes = (client: Prisma.TransactionClient, tenantId: string) =>
  client.$queryRaw`select pg_advisory_xact_lock(hashtext(${`routes ${tenantId}`}))::text`

const columnsOf = ({ called, caller, when }: WantedRule) => ({
  called,
  caller,
  calendarId: when?.calendarId ?? null,
  calendarState: when?.state ?? null,
})

/** The version that is to answer; the flow and the order are locked. */
async function prepared(client: Prisma.TransactionClient, tenantId: string, rule: WantedRule): Promise<string> {
  await lockFlow(client, tenantId, rule.flowId)
  await lockRoutes(client, tenantId)
  const published = await latestPublished(client, tenantId, rule.flowId)
  if (!published) {
    const message = 'This flow has never been published, so it cannot answer calls. Publish it first.'
    throw new StoreError('notFound', { what: 'publishedVersion' }, { message })
  }
  const calendarId = rule.when?.calendarId
  const isThere =
    calendarId === undefined ||
    (isId(calendarId) && (await client.calendar.count({ where: { id: calendarId, tenantId } })) > 0)
  if (!isThere) throw new StoreError('notFound', { what: 'calendar' })
  return published.id
}

async function holderOf(client: Prisma.TransactionClient, tenantId: string, rule: WantedRule) {
  const found = await client.route.findFirst({
    where: { tenantId, ...columnsOf(rule) },
    select: { id: true, flow: { select: { name: true, deletedAt: true } } },
  })
  return found && { id: found.id, name: found.flow.name, isRemoved: found.flow.deletedAt !== null }
}

async function insert(client: Prisma.TransactionClient, tenantId: string, rule: WantedRule, versionId: string) {
  const holder = await holderOf(client, tenantId, rule)
  if (holder && !holder.isRemoved) throw new StoreError('taken', { what: 'route', name: holder.name })
  // A removed flow answers nothing, so nothing has to be taken from it.
  if (holder) await client.route.delete({ where: { id: holder.id, tenantId } })
  const { _max } = await client.route.aggregate({ where: { tenantId, test: false }, _max: { position: true } })
  const id = randomUUID()
  const position = (_max.position ?? 0) + 1
  await client.route.create({
    data: { id, tenantId, ...columnsOf(rule), flowId: rule.flowId, versionId, position },
  })
  return id
}
