import { callItems } from '#app/server/callItem.ts'
import { CallQuery, wantedOf } from '#app/server/callQuery.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** As many as a page shows at once. */
const limit = 50

export const GET = respond<AnswerOf<'GET /api/calls'>>(async ({ request, who, services: { store } }) => {
  const wanted = wantedOf(queryOf(request, CallQuery))
  const found = wanted ? await store.calls.list(who.tenantId, wanted, limit + 1) : []
  return { calls: await callItems(store.calls, who.tenantId, found.slice(0, limit)), more: found.length > limit }
})
