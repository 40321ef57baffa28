import * as z from 'zod'
import { whoStarts } from '#app/server/apiToken.ts'
import { AppError } from '#app/server/appError.ts'
import { startExecution } from '#app/server/executions.ts'
import { accepted, bodyOf, respond } from '#app/server/respond.ts'
import { services } from '#app/server/services.ts'
import { TestCaller } from '#app/server/testCall.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { Value } from '#flow/values.ts'

const Asked = z.strictObject({
  data: z.record(z.string(), Value).default({}),
  /** Who calls; without one the call is found in Calls by the beginning of the execution's id. */
  caller: TestCaller.optional(),
})

/** A program starts a test call. */
export const POST = respond<AnswerOf<'POST /api/v1/flows/[flowId]/executions'>, { flowId: string }>(
  async ({ request, params: { flowId }, who, services }) => {
    if (!services.settings.local) throw new AppError('localOnly')
    const key = keyOf(request)
    const asked = await bodyOf(request, Asked)
    return accepted({ id: await startExecution(services, who, { flowId, key, ...asked }, request.signal) })
  },
  services,
  whoStarts,
)

/** What a program calls this request, however often it sends it. @throws AppError `badKey` */
function keyOf({ headers }: Request): string | null {
  const key = headers.get('idempotency-key')
  if (key !== null && !/^[\x21-\x7e]{1,255}$/.test(key)) throw new AppError('badKey')
  return key
}
