import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'

/** So long the same key starts nothing more. Who tries again after a failure does so within minutes. */
const keptHours = 24
/** Of a tenant in that time. A program that asks without end is told so. */
const mostKept = 10_000

/** `key` and `request` are digests: of what the asker calls it, and of what is asked. */
export type NewExecution = { id: string; flowId: string; key: string; request: string }

/** Who has a key. `begun`: the call surely has. */
type Held = Pick<NewExecution, 'id' | 'request'> & { begun: boolean }

/** Calls that programs have started, by the keys that keep them from being started twice (decisions/executions.md). */
export function createExecutions({ sql }: Pick<Connection, 'sql'>) {
  return {
    /**
     * Takes the key, if nobody has it.
     * @returns the execution that has the key: the given one, or that of before, maybe of another request
     * @throws StoreError `notFound` without such a flow; `limit` when there are too many
     */
    async begin(tenantId: string, { id, flowId, key, request }: NewExecution): Promise<Held> {
      if (!isId(flowId)) throw new StoreError('notFound', { what: 'flow' })
      await sql(`delete from executions where tenant_id = $1 and at < now() - make_interval(hours => $2)`, [
        tenantId,
        keptHours,
      ])
      const [held] = await sql<Held>(taking, [id, tenantId, flowId, key, request, mostKept])
      if (!held) throw new StoreError('limit', { what: 'executions' })
      return held
    },

    /** Its call has begun: from now on its id is told to whoever asks with the key. */
    async hasBegun(tenantId: string, id: string): Promise<void> {
      await sql(`update executions set begun = true where tenant_id = $1 and id = $2`, [tenantId, id])
    },

    /** Nothing was started, so that the next try with the key may. */
    async forget(tenantId: string, id: string): Promise<void> {
      await sql(`delete from executions where tenant_id = $1 and id = $2`, [tenantId, id])
    },
  }
}

/** One statement, so that of two at the same moment one takes the key and the other is told whose it is. */
const taking = `
  insert into executions (id, tenant_id, flow_id, key, request)
  select $1, $2, $3, $4, $5
  where (select count(*) from executions where tenant_id = $2) < $6
    or exists (select from executions where tenant_id = $2 and key = $4)
  on conflict (tenant_id, key) do update set key = excluded.key
  returning id, request, begun`
