import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'
import { tried } from '#app/server/tryRequest.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { VariableName } from '#flow/flow.ts'
import { Value, valueTypes } from '#flow/values.ts'

const Trial = z.object({
  settings: z.record(z.string(), Value),
  variables: z.record(VariableName, z.object({ type: z.enum(valueTypes), initial: Value.optional() })),
})

/** Sends the request of a block with example values, for real. */
export const POST = respond<AnswerOf<'POST /api/requests/try'>>(async ({ request, who, services }) =>
  tried(services, who.tenantId, await bodyOf(request, Trial), request.signal),
)
