import * as z from 'zod'
import { orRemoved } from '#app/server/removed.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** As many as a page shows at once. */
const pageSize = 50

const Query = z.object({
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .optional(),
})

export const GET = respond<AnswerOf<'GET /api/flows/[flowId]/versions'>, { flowId: string }>(
  async ({ request, params: { flowId }, who: { tenantId }, services: { store } }) => {
    const { before = null } = queryOf(request, Query)
    const [draft, versions, kept, routes] = await Promise.all([
      orRemoved(store.flows, tenantId, flowId, store.flows.get(tenantId, flowId)),
      store.versions.page(tenantId, flowId, { before, limit: pageSize + 1 }),
      store.versions.kept(tenantId, flowId),
      store.routes.list(tenantId),
    ])
    const called = routes.filter((route) => route.flowId === draft.id).map((route) => route.called ?? 'default')
    const { revision, updatedAt, updatedBy, published, draftHash } = draft
    return {
      name: draft.flow.name,
      draft: { revision, updatedAt: updatedAt.toISOString(), updatedBy, changed: published?.hash !== draftHash },
      answers: [...new Set(called)],
      versions: versions
        .slice(0, pageSize)
        .map(({ hash: _, at, ...version }) => ({ ...version, at: at.toISOString() })),
      more: versions.length > pageSize,
      kept: kept.map(({ at, ...draft }) => ({ ...draft, at: at.toISOString() })),
    }
  },
)
