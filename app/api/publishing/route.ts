import { publishingOf, publishKind } from '#app/server/publishing.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/publishing'>>(async ({ who, services: { store } }) => ({
  publishing: (await store.jobs.unfinished(who.tenantId, publishKind)).map(publishingOf),
}))
