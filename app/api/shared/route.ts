import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** What flows share, for whoever draws or rehearses one. */
export const GET = respond<AnswerOf<'GET /api/shared'>>(async ({ who, services: { store } }) =>
  store.faces.shared(who.tenantId),
)
