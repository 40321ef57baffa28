import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'

type Params = { messageId: string }

const Change = z.object({ done: z.boolean() })

export const PATCH = respond<void, Params>(async ({ request, params: { messageId }, who, services: { store } }) => {
  const { done } = await bodyOf(request, Change)
  await store.messages.setDone(who.tenantId, messageId, done, who.name)
})

export const DELETE = respond<void, Params>(({ params: { messageId }, who, services: { store } }) =>
  store.messages.remove(who.tenantId, messageId, who.name),
)
