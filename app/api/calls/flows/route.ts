import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/calls/flows'>>(async ({ who, services: { store } }) => ({
  flows: await store.calls.flows(who.tenantId),
}))
