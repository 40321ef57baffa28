import { callItem, namesOf } from '#app/server/callItem.ts'
import { CallQuery, wantedOf } from '#app/server/callQuery.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** As many as a page shows at once. */
const limit = 50

export const GET = respond<AnswerOf<'GET /api/calls'>>(async ({ request, who, services: { store } }) => {
  const wanted = wantedOf(queryOf(request, CallQuery))
  const found = wanted ? await store.calls.list(who.tenantId, wanted, limit + 1) : []
  const page = found.slice(0, limit)
  const names = await namesOf(
    store.calls,
    who.tenantId,
    page.map(({ versionId }) => versionId),
  )
  return { calls: page.map((call) => callItem(call, names.get(call.versionId))), more: found.length > limit }
})
