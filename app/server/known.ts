import { createHash } from 'node:crypto'
import type { KnownNames } from '#flow/named.ts'
import type { Shared } from '#flow/shared.ts'
import { knownNamesOf } from './namedValues.ts'
import type { Services } from './services.ts'

/** What every check of a flow is told of a tenant, whoever asks: the editor, the list of flows, publishing. `mark` is another when any of it is. */
export async function knownOf(
  services: Pick<Services, 'store' | 'settings'>,
  tenantId: string,
): Promise<{ shared: Shared; names: KnownNames; mark: string }> {
  const [{ shared, revision }, names] = await Promise.all([
    services.store.faces.shared(tenantId),
    knownNamesOf(services, tenantId),
  ])
  const named = createHash('sha256').update(JSON.stringify(names)).digest('base64url')
  return { shared, names, mark: `${revision} ${named}` }
}
