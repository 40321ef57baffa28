import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { bodyOf, respond } from '#app/server/respond.ts'

/**
 * An account (its object id) or a phone number in the international form; null is whatever nothing else answers. What another
 * flow answers is only taken from it when that was asked for.
 */
const Answer = z.object({
  called: z.union([z.guid(), z.e164()]).nullable(),
  on: z.boolean(),
  take: z.boolean().default(false),
})

export const PUT = respond<void, { flowId: string }>(
  async ({ request, params: { flowId }, who, services: { store } }) => {
    const { called, on, take } = await bodyOf(request, Answer)
    if (on) return store.routes.set(who.tenantId, flowId, called, { take })
    const routes = await store.routes.list(who.tenantId)
    // Another flow may have taken it over meanwhile; that one keeps it.
    if (!routes.some((route) => route.called === called && route.flowId === flowId)) throw new AppError('notFound')
    await store.routes.unset(who.tenantId, called)
  },
)
