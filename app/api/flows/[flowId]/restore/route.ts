import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const POST = respond<AnswerOf<'POST /api/flows/[flowId]/restore'>, { flowId: string }>(
  ({ params: { flowId }, who, services: { store } }) => store.flows.restore(who.tenantId, flowId),
)
