import type { ErrorDetails, RemovedItem } from '#designer/wire.ts'
import type { StoreError } from '#store/error.ts'
import type { Flows } from '#store/flows.ts'
import type { RemovedFlow } from '#store/removed.ts'
import { AppError } from './appError.ts'

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
    // By its name, as in respond.ts.
    if (!(error instanceof Error && error.name === 'StoreError' && (error as StoreError).code === 'notFound'))
      throw error
    const flow = await flows.removed(tenantId, flowId).catch(() => null)
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
