import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'
import { readCalled } from '#ground/called.ts'

/**
 * An account (its object id) or a phone number in the international form, in any spelling; null is whatever nothing else answers. What
 * another flow answers is only taken from it when that was asked for.
 */
const Answer = z.object({
  called: z
    .string()
    .max(200)
    .refine((text) => readCalled(text) !== null)
    .nullable(),
  on: z.boolean(),
  take: z.boolean().default(false),
})

export const PUT = respond<void, { flowId: string }>(
  async ({ request, params: { flowId }, who, services: { store } }) => {
    const { called, on, take } = await bodyOf(request, Answer)
    if (on) await store.routes.set(who.tenantId, flowId, called, { take })
    else await store.routes.unset(who.tenantId, flowId, called)
  },
)
