import { bodyOf, created, respond } from '#app/server/respond.ts'
import { WantedRule } from '#app/server/routeRules.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/routes'>>(async ({ who, services: { store } }) => ({
  rules: await store.routeRules.list(who.tenantId),
}))

export const POST = respond<AnswerOf<'POST /api/routes'>>(async ({ request, who, services: { store } }) =>
  created({ id: await store.routeRules.add(who.tenantId, await bodyOf(request, WantedRule)) }),
)
