import * as z from 'zod'
import { callItem, versionOf } from '#app/server/callItem.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Query = z.object({ flowId: z.string().optional(), before: z.string().optional() })

/** As many as a page shows at once; who asked for fewer has seen the end. */
const limit = 50

export const GET = respond<AnswerOf<'GET /api/calls'>>(async ({ request, who, services: { store } }) => {
  const { flowId, before } = queryOf(request, Query)
  const calls = await store.calls.list(who.tenantId, { limit, ...(flowId && { flowId }), ...(before && { before }) })
  const items = calls.map(async (call) => callItem(call, await versionOf(store.versions, who.tenantId, call.versionId)))
  return { calls: await Promise.all(items) }
})
