import { namedValuesOf } from '#app/server/namedValues.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/values'>>(({ who, services }) => namedValuesOf(services, who.tenantId))
