import { randomUUID } from 'node:crypto'
import type { Bundle } from '#flow/bundle.ts'
import { type Named, planOf } from '#flow/bundlePlan.ts'
import type { Flow } from '#flow/flow.ts'
import { addCalendar, sharedOf } from './calendars.ts'
import { type Connection, sqlIn } from './connection.ts'
import { create } from './flows.ts'
import { addTable } from './tables.ts'

type Brought = {
  id: string
  /** Another than in the file, if another flow has that. */
  name: string
  flow: Flow
  made: Named[]
  matched: Named[]
  missing: Named[]
}

/** Files of flows with what they speak of. */
export function createBundles({ transaction }: Pick<Connection, 'transaction'>) {
  return {
    /**
     * Makes a flow of a file, and the hours and tables of the file that are not here yet, at once or not at all.
     * @throws StoreError `flowNameTaken`, `nameTaken` if somebody makes something of that name at this very moment; `limit`
     */
    async bring(tenantId: string, { bundle, by }: { bundle: Bundle; by: string }): Promise<Brought> {
      return transaction(async (client) => {
        await client.tenant.createMany({ data: { id: tenantId }, skipDuplicates: true })
        const { shared } = await sharedOf(sqlIn(client), tenantId)
        const { flow, calendars, tables, ...told } = planOf(bundle, shared, randomUUID)
        for (const [id, calendar] of Object.entries(calendars))
          await addCalendar(client, tenantId, { id, calendar, by })
        for (const [id, table] of Object.entries(tables)) await addTable(client, tenantId, { id, ...table, by })
        const { id, name } = await create(client, tenantId, { flow, by })
        return { id, name, flow, ...told }
      })
    },
  }
}
