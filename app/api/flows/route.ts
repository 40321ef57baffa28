import * as z from 'zod'
import { listItem } from '#app/server/flowList.ts'
import { Text } from '#app/server/inputs.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { flowLimits } from '#flow/flow.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'

const NewFlow = z.object({ name: Text.trim().min(1).max(flowLimits.name), from: z.enum(['empty', 'sample']) })

export const GET = respond<AnswerOf<'GET /api/flows'>>(async ({ who, services: { store } }) => {
  const summaries = await store.flows.list(who.tenantId)
  return { flows: await Promise.all(summaries.map((summary) => listItem(store.flows, who.tenantId, summary))) }
})

export const POST = respond<AnswerOf<'POST /api/flows'>>(async ({ request, who, services: { store } }) => {
  const { name, from } = await bodyOf(request, NewFlow)
  const flow = from === 'sample' ? { ...frontDesk, name } : emptyFlow(name)
  const { id } = await store.flows.create(who.tenantId, { flow, by: who.name })
  return created({ id })
})
