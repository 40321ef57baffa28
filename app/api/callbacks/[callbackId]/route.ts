import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'

const Change = z.union([
  z.strictObject({ done: z.boolean() }),
  z.strictObject({ owner: z.string().trim().min(1).max(200).nullable(), seen: z.string().nullable() }),
])

export const PATCH = respond<void, { callbackId: string }>(
  async ({ request, params: { callbackId }, who, services: { store } }) => {
    const change = await bodyOf(request, Change)
    if ('done' in change) await store.callbacks.setDone(who.tenantId, callbackId, change.done, who.name)
    else await store.callbacks.setOwner(who.tenantId, callbackId, change.owner, change.seen)
  },
)
