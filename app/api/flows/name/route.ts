import * as z from 'zod'
import { Text } from '#app/server/inputs.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { flowLimits } from '#flow/flowLimits.ts'

const Query = z.object({ name: Text.trim().min(1).max(flowLimits.name), flowId: z.string().optional() })

export const GET = respond<AnswerOf<'GET /api/flows/name'>>(async ({ request, who, services: { store } }) => {
  const { name, flowId } = queryOf(request, Query)
  return { name: await store.flows.freeName(who.tenantId, name, flowId) }
})
