import { blockIn, namesOf } from '#app/server/callItem.ts'
import { CallQuery, Time, wantedOf } from '#app/server/callQuery.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf, CallGroup } from '#designer/wire.ts'
import { mostCallersCounted, mostCounted } from '#store/calls.ts'

const Query = CallQuery.required({ since: true }).extend({ today: Time })

export const GET = respond<AnswerOf<'GET /api/calls/overview'>>(
  async ({ request, who: { tenantId }, services: { store } }) => {
    const query = queryOf(request, Query)
    const { since, today } = query
    const count = async (group: CallGroup) => {
      // Of what came before there is no number: nobody asks for it, and it may be a million.
      const from = query.from && query.from > since ? query.from : since
      const wanted = wantedOf({ ...query, group, ...(group !== 'now' && { from }) })
      return wanted ? store.calls.count(tenantId, wanted) : 0
    }
    const [notReached, now, earlier, { callers, incidents }] = await Promise.all([
      count('notReached'),
      count('now'),
      count('earlier'),
      store.calls.incidents(tenantId, today),
    ])
    const ids = incidents.map(({ versionId }) => versionId)
    const names = await namesOf(store.calls, tenantId, ids)
    return {
      counts: { notReached, now, earlier },
      callers,
      incidents: incidents.map(({ versionId, block, since: began, ...incident }) => ({
        ...incident,
        block: blockIn(names.get(versionId)?.blocks ?? new Map(), block),
        since: began.toISOString(),
      })),
      most: { counted: mostCounted, callers: mostCallersCounted },
    }
  },
)
