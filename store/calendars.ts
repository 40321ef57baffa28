import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { Calendar } from '#flow/calendar.ts'
import { nothingShared, type Shared } from '#flow/shared.ts'
import { Table } from '#flow/table.ts'
import { type Connection, isId, sqlIn } from './connection.ts'
import { StoreError } from './error.ts'
import type { Prisma } from './generated/client.ts'
import { refuseInUse, type Use, usesOf } from './uses.ts'

export type StoredCalendar = { id: string; calendar: Calendar; revision: number; updatedAt: Date; updatedBy: string }

type ToSave = { calendar: Calendar; revision: number; by: string }

/** When somebody is there. Who listens to `routes` (changes.ts) hears of every change: a trigger in the database tells it. */
export function createCalendars({ sql, transaction }: Pick<Connection, 'sql' | 'transaction'>) {
  return {
    /** All of a tenant, by name. */
    async list(tenantId: string): Promise<StoredCalendar[]> {
      return (await sql<Row>(`${selected} order by lower(name), id`, [tenantId])).map(read)
    },

    /** @throws StoreError `notFound` */
    async get(tenantId: string, id: string): Promise<StoredCalendar> {
      const [row] = isId(id) ? await sql<Row>(`${selected} and id = $2`, [tenantId, id]) : []
      if (!row) throw new StoreError('notFound', { what: 'calendar' })
      return read(row)
    },

    /** What the flows of a tenant share, and how often that has changed. One statement, so that both belong together. */
    shared: (tenantId: string): Promise<{ shared: Shared; revision: number }> => sharedOf(sql, tenantId),

    /** @throws StoreError `nameTaken` */
    async create(tenantId: string, { calendar, by }: Omit<ToSave, 'revision'>): Promise<string> {
      const id = randomUUID()
      await transaction(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        await addCalendar(client, tenantId, { id, calendar, by })
      })
      return id
    },

    /**
     * Saves, if nobody else has since `revision` was loaded.
     * @throws StoreError `changedMeanwhile` with the revision that is there and who made it; `nameTaken`; `notFound`
     */
    async save(tenantId: string, id: string, { calendar, revision, by }: ToSave): Promise<{ revision: number }> {
      const values = [tenantId, id, revision, calendar.name, JSON.stringify(calendar), by]
      const [saved] = isId(id) ? await sql<{ revision: number }>(saving, values) : []
      if (saved) return saved
      const { calendar: _, id: __, ...there } = await this.get(tenantId, id)
      throw new StoreError('changedMeanwhile', there)
    },

    /** @throws StoreError `notFound`; `inUse` with the flows that speak of it, their drafts included */
    async remove(tenantId: string, id: string): Promise<void> {
      const isGone = isId(id) && (await transaction((client) => remove(client, tenantId, id)))
      if (!isGone) throw new StoreError('notFound', { what: 'calendar' })
    },

    /** The flows that speak of a calendar. */
    async uses(tenantId: string, id: string): Promise<Omit<Use, 'writes'>[]> {
      return isId(id) ? (await usesOf(sql, tenantId, id)).map(({ writes: _, ...use }) => use) : []
    },
  }
}

/** In a tenant that is there. */
export const addCalendar = (
  client: Prisma.TransactionClient,
  tenantId: string,
  { id, calendar, by }: { id: string; calendar: Calendar; by: string },
) => client.calendar.create({ data: { id, tenantId, name: calendar.name, document: calendar, updatedBy: by } })

/** What the flows of a tenant share, and how often that has changed. One statement, so that both belong together. */
export async function sharedOf(
  sql: Connection['sql'],
  tenantId: string,
): Promise<{ shared: Shared; revision: number }> {
  const [row] = await sql<Record<keyof Shared, Record<string, unknown>> & { revision: number }>(sharing, [tenantId])
  if (!row) return { shared: nothingShared, revision: 0 }
  const shared = { calendars: parsed(row.calendars, Calendar), tables: parsed(row.tables, Table) }
  return { shared, revision: row.revision }
}

/** With it go the rules of removed flows: they answer nothing, and nobody could take them out. False if it was not there. */
async function remove(client: Prisma.TransactionClient, tenantId: string, id: string): Promise<boolean> {
  // Whoever makes a rule that goes by it waits until it is gone, and then finds nothing (its foreign key sees to it).
  const found = await client.$queryRaw<unknown[]>`
    select from calendars where tenant_id = ${tenantId}::uuid and id = ${id}::uuid for update`
  await refuseInUse(sqlIn(client), tenantId, [id])
  await client.route.deleteMany({ where: { tenantId, calendarId: id, flow: { deletedAt: { not: null } } } })
  await client.calendar.deleteMany({ where: { tenantId, id } })
  return found.length > 0
}

const selected = `
  select id, document as calendar, revision, updated_at as "updatedAt", updated_by as "updatedBy"
  from calendars where tenant_id = $1`

const sharing = `
  select t.shared_revision as revision,
    coalesce((select json_object_agg(c.id, c.document) from calendars c where c.tenant_id = t.id), '{}'::json) as calendars,
    coalesce((select json_object_agg(d.id, json_build_object('name', d.name, 'columns', d.columns))
      from tables d where d.tenant_id = t.id), '{}'::json) as tables
  from tenants t where t.id = $1::uuid`

const parsed = <T>(documents: Record<string, unknown>, schema: z.ZodType<T>): Record<string, T> =>
  Object.fromEntries(Object.entries(documents).map(([id, document]) => [id, schema.parse(document)]))

const saving = `
  update calendars set name = $4, document = $5, revision = revision + 1, updated_at = now(), updated_by = $6
  where tenant_id = $1 and id = $2 and revision = $3 returning revision`

type Row = Omit<StoredCalendar, 'calendar'> & { calendar: unknown }

/** What is stored was checked when it was saved; defaults of later versions are put in. */
const read = (row: Row): StoredCalendar => ({ ...row, calendar: Calendar.parse(row.calendar) })
