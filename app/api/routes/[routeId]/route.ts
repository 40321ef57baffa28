import { bodyOf, respond } from '#app/server/respond.ts'
import { WantedRule } from '#app/server/routeRules.ts'

type Params = { routeId: string }

export const PUT = respond<void, Params>(async ({ request, params: { routeId }, who, services: { store } }) =>
  store.routeRules.change(who.tenantId, routeId, await bodyOf(request, WantedRule)),
)

export const DELETE = respond<void, Params>(async ({ params: { routeId }, who, services: { store } }) =>
  store.routeRules.remove(who.tenantId, routeId),
)
