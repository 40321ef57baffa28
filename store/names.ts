import { namesLike } from '#flow/namesLike.ts'
import type { Prisma } from './generated/client.ts'

/**
 * The first name like this one that no other flow of the tenant has. What is another name, PostgreSQL says (`known_as`, in the migration one_name).
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
