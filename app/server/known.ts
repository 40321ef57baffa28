import { createHash } from 'node:crypto'
import type { ErrorDetails } from '#designer/wire.ts'
import { canPublish, checking } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'
import type { KnownNames } from '#flow/named.ts'
import type { Shared } from '#flow/shared.ts'
import { inSlices } from '#ground/slices.ts'
import { AppError } from './appError.ts'
import { knownNamesOf } from './namedValues.ts'
import type { Services } from './services.ts'

/** What every check of a flow is told of a tenant, whoever asks: the editor, the list of flows, publishing. `mark` is another when any of it is, and for each tenant. */
export async function knownOf(
  services: Pick<Services, 'store' | 'settings'>,
  tenantId: string,
): Promise<{ shared: Shared; names: KnownNames; mark: string }> {
  const [{ shared, revision }, names] = await Promise.all([
    services.store.faces.shared(tenantId),
    knownNamesOf(services, tenantId),
  ])
  const named = createHash('sha256').update(JSON.stringify(names)).digest('base64url')
  return { shared, names, mark: `${tenantId} ${revision} ${named}` }
}

/**
 * What callers are to hear is checked by all that is known of its tenant, whether it is a draft or a version of before.
 * @throws AppError `problems`
 */
export async function refuseProblems(
  services: Pick<Services, 'store' | 'settings'>,
  tenantId: string,
  { id, flow }: { id: string; flow: Flow },
): Promise<void> {
  const [known, routes] = await Promise.all([knownOf(services, tenantId), services.store.routes.list(tenantId)])
  const answers = routes.filter(({ flowId }) => flowId === id).map(({ called }) => called)
  const problems = await inSlices(checking(flow, { ...known, answers, id }))
  if (!canPublish(problems)) throw new AppError('problems', { problems } satisfies ErrorDetails['problems'])
}
