import { removedOnWire } from '#app/server/removed.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/flows/removed'>>(async ({ who, services: { store } }) => ({
  flows: (await store.flows.listRemoved(who.tenantId)).map(removedOnWire),
}))
