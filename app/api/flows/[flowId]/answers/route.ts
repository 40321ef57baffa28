import * as z from 'zod'
import { AppError } from '../../../../appError.ts'
import { bodyOf, respond } from '../../../../respond.ts'

/** An account (its object id) or a phone number in the international form; null is whatever nothing else answers. */
const Answer = z.object({ called: z.union([z.guid(), z.e164()]).nullable(), on: z.boolean() })

export const PUT = respond<{ flowId: string }>(async ({ request, params: { flowId }, who, services: { store } }) => {
  const { called, on } = await bodyOf(request, Answer)
  if (on) return store.routes.set(who.tenantId, flowId, called)
  const routes = await store.routes.list(who.tenantId)
  // Another flow may have taken it over meanwhile; that one keeps it.
  if (!routes.some((route) => route.called === called && route.flowId === flowId)) throw new AppError('notFound')
  await store.routes.unset(who.tenantId, called)
})
