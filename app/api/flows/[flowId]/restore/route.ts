import { respond } from '#app/server/respond.ts'

export const POST = respond<void, { flowId: string }>(({ params: { flowId }, who, services: { store } }) =>
  store.flows.restore(who.tenantId, flowId),
)
