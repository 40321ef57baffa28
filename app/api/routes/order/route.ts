import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'

/** More rules than anybody orders by hand. */
const mostRules = 2_000

export const PUT = respond<void>(async ({ request, who, services: { store } }) => {
  const { ids } = await bodyOf(request, z.object({ ids: z.array(z.string().max(100)).max(mostRules) }))
  await store.routeRules.order(who.tenantId, ids)
})
