import { flowLimits } from '#flow/flowLimits.ts'
import type { Prisma } from './generated/client.ts'

/** Names for what is to be called `name`, the best first: "Desk", "Desk 2", "Desk 3". */
export function* namesLike(name: string): Generator<string> {
  yield name
  const base = name.replace(/ \d{1,4}$/, '')
  for (let number = 2; ; number += 1) {
    const ending = ` ${number}`
    // By code points: half of a pair could not be kept.
    const points = [...base]
    while (points.join('').length + ending.length > flowLimits.name) points.pop()
    yield points.join('').trimEnd() + ending
  }
}

/**
 * The first of them that no other flow of the tenant has. What is another name, PostgreSQL says (`known_as`, in the migration one_name).
 * @param flowId the flow that it is for, if there is one: it may keep its own
 */
export async function freeName(
  client: Pick<Prisma.TransactionClient, '$queryRaw'>,
  tenantId: string,
  name: string,
  flowId: string | null,
): Promise<string> {
  const names = namesLike(name)
  for (let most = 20; ; most *= 10) {
    const next = Array.from({ length: most }, () => names.next().value)
    const [free] = await client.$queryRaw<{ name: string }[]>`
      select name from unnest(${next}::text[]) with ordinality as next(name, place) where not exists (
        select from flows f where f.tenant_id = ${tenantId}::uuid and f.deleted_at is null
          and f.id is distinct from ${flowId}::uuid and known_as(f.name) collate "C" = known_as(next.name) collate "C"
      ) order by place limit 1`
    if (free) return free.name
  }
}

/**
 * The same, held until the transaction's end, so that who makes flows at the same moment gets other names. Whoever renames one to it
 * meanwhile is told by the database (`flowNameTaken`), or this transaction is.
 */
export async function claimName(
  client: Prisma.TransactionClient,
  tenantId: string,
  name: string,
  flowId: string | null = null,
): Promise<string> {
  await client.$executeRaw`select pg_advisory_xact_lock(hashtextextended('names of flows in ' || ${tenantId}::text, 0))`
  return freeName(client, tenantId, name, flowId)
}
