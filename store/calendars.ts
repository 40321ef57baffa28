import { randomUUID } from 'node:crypto'
import { Calendar } from '#flow/calendar.ts'
import { nothingShared, type Shared } from '#flow/shared.ts'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'

export type StoredCalendar = { id: string; calendar: Calendar; revision: number; updatedAt: Date; updatedBy: string }

/** A flow that speaks of a calendar: in what callers hear, in its draft, or both. */
export type CalendarUse = { flowId: string; name: string; live: boolean; draft: boolean }

type ToSave = { calendar: Calendar; revision: number; by: string }

export type Calendars = ReturnType<typeof createCalendars>

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
    async shared(tenantId: string): Promise<{ shared: Shared; revision: number }> {
      const [row] = await sql<{ calendars: Record<string, unknown>; revision: number }>(sharing, [tenantId])
      if (!row) return { shared: nothingShared, revision: 0 }
      const calendars = Object.entries(row.calendars).map(([id, document]) => [id, Calendar.parse(document)] as const)
      return { shared: { ...nothingShared, calendars: Object.fromEntries(calendars) }, revision: row.revision }
    },

    /** @throws StoreError `nameTaken` */
    async create(tenantId: string, { calendar, by }: Omit<ToSave, 'revision'>): Promise<string> {
      const id = randomUUID()
      await transaction(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        await client.calendar.create({ data: { id, tenantId, name: calendar.name, document: calendar, updatedBy: by } })
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
      const uses = await this.uses(tenantId, id)
      if (uses.length > 0) throw new StoreError('inUse', { flows: uses.map(({ name }) => name) })
      const gone = isId(id)
        ? await sql('delete from calendars where tenant_id = $1 and id = $2 returning id', [tenantId, id])
        : []
      if (gone.length === 0) throw new StoreError('notFound', { what: 'calendar' })
    },

    /** The flows that speak of a calendar. Its id is long and random: where it stands in a document, it is meant. */
    async uses(tenantId: string, id: string): Promise<CalendarUse[]> {
      return isId(id) ? sql(using, [tenantId, id]) : []
    },
  }
}

const selected = `
  select id, document as calendar, revision, updated_at as "updatedAt", updated_by as "updatedBy"
  from calendars where tenant_id = $1`

const sharing = `
  select t.shared_revision as revision,
    coalesce((select json_object_agg(c.id, c.document) from calendars c where c.tenant_id = t.id), '{}'::json) as calendars
  from tenants t where t.id = $1`

const saving = `
  update calendars set name = $4, document = $5, revision = revision + 1, updated_at = now(), updated_by = $6
  where tenant_id = $1 and id = $2 and revision = $3 returning revision`

const using = `
  select f.id as "flowId", f.name, f.draft::text like '%' || $2 || '%' as draft,
    exists (select from routes r join flow_versions v on v.id = r.version_id
      where r.tenant_id = $1 and r.flow_id = f.id and not r.test
        and (v.document like '%' || $2 || '%' or r.calendar_id::text = $2)) as live
  from flows f where f.tenant_id = $1 and f.deleted_at is null
    and (f.draft::text like '%' || $2 || '%' or exists (
      select from routes r join flow_versions v on v.id = r.version_id
      where r.tenant_id = $1 and r.flow_id = f.id and not r.test
        and (v.document like '%' || $2 || '%' or r.calendar_id::text = $2)))
  order by lower(f.name)`

type Row = Omit<StoredCalendar, 'calendar'> & { calendar: unknown }

/** What is stored was checked when it was saved; defaults of later versions are put in. */
const read = (row: Row): StoredCalendar => ({ ...row, calendar: Calendar.parse(row.calendar) })
