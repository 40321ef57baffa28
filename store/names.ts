import { flowLimits } from '#flow/flow.ts'
import type { Prisma } from './generated/client.ts'

/** The same in JavaScript and in PostgreSQL, whose own `lower` knows only the letters of its locale. */
const folded = (name: string) => name.toLowerCase()

/** `name` if nobody has it, else the next with a number: "Desk", "Desk 2", "Desk 3". Letter case makes no other name. */
export function freeName(name: string, taken: readonly string[]): string {
  const all = new Set(taken.map(folded))
  if (!all.has(folded(name))) return name
  const base = name.replace(/ \d{1,4}$/, '')
  for (let number = 2; ; number += 1) {
    const ending = ` ${number}`
    // By code points: half of a pair could not be kept.
    const points = [...base]
    while (points.join('').length + ending.length > flowLimits.name) points.pop()
    const next = points.join('').trimEnd() + ending
    if (!all.has(folded(next))) return next
  }
}

/**
 * The free name for a flow of a tenant, held until the transaction's end: no two are given the same.
 * @param flowId the flow that it is for, if there is one: it may keep its own
 */
export async function claimName(
  client: Prisma.TransactionClient,
  tenantId: string,
  name: string,
  flowId: string | null = null,
): Promise<string> {
  await client.$executeRaw`select pg_advisory_xact_lock(hashtextextended('names of flows in ' || ${tenantId}::text, 0))`
  const rows = await client.$queryRaw<{ name: string }[]>`
    select name from flows where tenant_id = ${tenantId}::uuid and deleted_at is null and id is distinct from ${flowId}::uuid`
  return freeName(
    name,
    rows.map((row) => row.name),
  )
}
