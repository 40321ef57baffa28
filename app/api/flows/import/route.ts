import * as z from 'zod'
import { knownOf } from '#app/server/known.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { check } from '#flow/check.ts'
import { readFlow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'

/** A new flow from a file. Blocks that this program does not know are kept as they are, and named. */
export const POST = respond<AnswerOf<'POST /api/flows/import'>>(async ({ request, who, services }) => {
  const flow = readFlow(await bodyOf(request, z.unknown()))
  const { id, name } = await services.store.flows.create(who.tenantId, { flow, by: who.name })
  const blocks = Object.values(flow.blocks)
  const unknown = blocks.filter(({ type }) => !kindOf(type)).map((block) => block.name || block.type)
  const problems = check(flow, await knownOf(services, who.tenantId))
  const unresolved = problems.flatMap(({ code, detail }) => (code === 'unresolvedName' && detail ? [detail] : []))
  return created({ id, name, blocks: blocks.length, unknown, unresolved: [...new Set(unresolved)] })
})
