import { randomUUID } from 'node:crypto'
import type { Reference } from '#flow/referring.ts'
import { type Cells, keysOf, Table } from '#flow/table.ts'
import type { Template } from '#flow/templates/template.ts'
import type { Prisma } from './generated/client.ts'
import { namesLike } from './names.ts'
import { addVersions, nextMoment } from './tableRows.ts'

type Client = Prisma.TransactionClient

/** What a flow speaks of and does not hold, by the ids that the flow has for it. */
export type Brought = Omit<Template, 'flow'>

/**
 * Makes what a new flow speaks of, as far as it is not there: a calendar of that name is the one that is meant, and so is a table if
 * it has those columns, else it gets a name with a number; a value that is set stays as it is. Gives back what each is called here.
 */
export async function bring(
  client: Client,
  tenantId: string,
  { calendars, tables, values }: Brought,
  by: string,
): Promise<ReadonlyMap<string, Reference>> {
  // Two who make the same flow at the same moment share what it speaks of.
  await client.$executeRaw`select pg_advisory_xact_lock(hashtextextended('what flows share in ' || ${tenantId}::text, 0))`
  const here = new Map<string, Reference>()
  const knownCalendars = await client.calendar.findMany({ where: { tenantId }, select: { id: true, name: true } })
  for (const [id, calendar] of Object.entries(calendars)) {
    const known = knownCalendars.find(isCalled(calendar.name))
    here.set(id, known ?? (await makeCalendar(client, tenantId, calendar, by)))
  }
  const select = { id: true, name: true, columns: true }
  const knownTables = await client.dataTable.findMany({ where: { tenantId }, select })
  for (const [id, { table, rows }] of Object.entries(tables)) {
    const meant = tableMeant(knownTables, table)
    here.set(
      id,
      typeof meant === 'string' ? await makeTable(client, tenantId, { ...table, name: meant }, rows, by) : meant,
    )
  }
  for (const [name, plain] of Object.entries(values)) {
    const data = { id: randomUUID(), tenantId, name, plain, updatedBy: by }
    await client.namedValue.createMany({ data, skipDuplicates: true })
  }
  return new Map([...here].map(([from, { id, name }]) => [from, { id, name }]))
}

/** As the database compares them. */
const isCalled = (name: string) => (one: { name: string }) => one.name.toLowerCase() === name.toLowerCase()

/** The table that has such a name and can be read and written as this one; or the name that is free for it. */
function tableMeant<Known extends { name: string; columns: unknown }>(known: readonly Known[], table: Table) {
  for (const name of namesLike(table.name)) {
    const one = known.find(isCalled(name))
    if (!one) return name
    const { data: columns = [] } = Table.shape.columns.safeParse(one.columns)
    if (table.columns.every(({ id, type }) => columns.some((its) => its.id === id && its.type === type))) return one
  }
  return table.name
}

async function makeCalendar(client: Client, tenantId: string, document: Brought['calendars'][string], by: string) {
  const { name } = document
  return client.calendar.create({ data: { id: randomUUID(), tenantId, name, document, updatedBy: by } })
}

async function makeTable(client: Client, tenantId: string, table: Table, rows: readonly Cells[], by: string) {
  const { name, columns } = table
  const { id } = await client.dataTable.create({ data: { id: randomUUID(), tenantId, name, columns, updatedBy: by } })
  const versions = rows.map((cells, n) => ({
    ...{ rowId: randomUUID(), position: n + 1, cells },
    keys: keysOf(table, cells),
  }))
  await addVersions(client, { tenantId, id, by, callId: null, at: await nextMoment(client) }, versions)
  return { id, name }
}
