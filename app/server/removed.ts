import type { ErrorDetails, RemovedItem } from '#designer/wire.ts'
import type { Flows } from '#store/flows.ts'
import type { RemovedFlow } from '#store/removed.ts'
import { AppError } from './appError.ts'
import { isMissing } from './named.ts'

/** A deleted flow is no dead end: what asked for it is told by whom and when it was deleted, and that it can be restored. */
export async function orRemoved<T>(
  flows: Pick<Flows, 'removed'>,
  tenantId: string,
  flowId: string,
  answer: Promise<T>,
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const flow = isMissing(error) ? await flows.removed(tenantId, flowId).catch(() => null) : null
    if (!flow) throw error
    const { name, deletedAt, deletedBy, until } = removedOnWire(flow)
    throw new AppError('removed', { name, deletedAt, deletedBy, until } satisfies ErrorDetails['removed'])
  }
}

export const removedOnWire = ({ deletedAt, until, ...flow }: RemovedFlow): RemovedItem => ({
  ...flow,
  deletedAt: deletedAt.toISOString(),
  until: until.toISOString(),
})
