import { knownOf } from '#app/server/known.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** What is known where a flow is drawn, checked or rehearsed. */
export const GET = respond<AnswerOf<'GET /api/shared'>>(({ who, services }) => knownOf(services, who.tenantId))
