import { randomUUID } from 'node:crypto'
import type { Bundle } from '#flow/bundle.ts'
import { type Named, planOf } from '#flow/bundlePlan.ts'
import type { Flow } from '#flow/flow.ts'
import { namesLike } from '#flow/namesLike.ts'
import { addCalendar } from './calendars.ts'
import { type Connection, sqlIn } from './connection.ts'
import { sharedWithFaces } from './faces.ts'
import { create } from './flows.ts'
import type { Prisma } from './generated/client.ts'
import { claimName } from './names.ts'
import { addTable } from './tables.ts'

type Brought = {
  id: string
  /** Another than in the file, if another flow has that. */
  name: string
  flow: Flow
  /** Those that it enters. */
  flows: Readonly<Record<string, Flow>>
  made: Named[]
  matched: Named[]
  missing: Named[]
}

type ToBring = { bundle: Bundle; values?: Readonly<Record<string, string>>; by: string }

/** Files of flows with what they speak of. */
export function createBundles({ transaction }: Pick<Connection, 'transaction'>) {
  return {
    /**
     * Makes a flow of a file, the flows that it enters, and the hours and tables of the file that are not here yet, at once or not at all. `values` of the
     * environment come along where nobody has set one of that name.
     * @throws StoreError `flowNameTaken`, `nameTaken` if somebody makes something of that name at this very moment; `limit`
     */
    async bring(tenantId: string, { bundle, values = {}, by }: ToBring): Promise<Brought> {
      return transaction(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        // Two who make the same flow at the same moment share what it speaks of.
        await client.$executeRaw`select pg_advisory_xact_lock(hashtextextended('brought to ' || ${tenantId}::text, 0))`
        const { shared } = await sharedWithFaces(sqlIn(client), tenantId)
        const own = randomUUID()
        const named = await namedHere(client, tenantId, bundle)
        const { flow, flows, calendars, tables, ...told } = planOf(named, shared, randomUUID, own)
        for (const [id, calendar] of Object.entries(calendars))
          await addCalendar(client, tenantId, { id, calendar, by })
        for (const [id, table] of Object.entries(tables)) await addTable(client, tenantId, { id, ...table, by })
        for (const [name, plain] of Object.entries(values)) {
          const data = { id: randomUUID(), tenantId, name, plain, updatedBy: by }
          await client.namedValue.createMany({ data, skipDuplicates: true })
        }
        const { id, name } = await create(client, tenantId, { id: own, flow, by })
        for (const [id, flow] of Object.entries(flows)) await create(client, tenantId, { id, flow, by })
        return { id, name, flow, flows, ...told, made: told.made.map(withNameInFile(bundle, named)) }
      })
    },
  }
}

/** Says of a flow that is called otherwise here what the file calls it. */
function withNameInFile(file: Bundle, here: Bundle) {
  const inFile = new Map(Object.entries(here.flows).map(([id, { name }]) => [name, file.flows[id]?.name]))
  return (one: Brought['made'][number]) => {
    const was = one.kind === 'flow' ? inFile.get(one.name) : undefined
    return was === undefined || was === one.name ? one : { ...one, was }
  }
}

/** The flows of a file under the names that they get here, so that those that enter them know these. */
async function namedHere(client: Prisma.TransactionClient, tenantId: string, bundle: Bundle): Promise<Bundle> {
  const taken = new Set<string>()
  const renamed = async (flow: Flow): Promise<Flow> => {
    for (const like of namesLike(flow.name)) {
      const name = await claimName(client, tenantId, like)
      if (taken.has(name.toLowerCase())) continue
      taken.add(name.toLowerCase())
      return { ...flow, name }
    }
    return flow
  }
  const flow = await renamed(bundle.flow)
  const flows: Record<string, Flow> = {}
  for (const [id, one] of Object.entries(bundle.flows)) flows[id] = await renamed(one)
  return { ...bundle, flow, flows }
}
