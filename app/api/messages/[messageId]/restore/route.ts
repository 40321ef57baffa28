import { respond } from '#app/server/respond.ts'

export const POST = respond<void, { messageId: string }>(({ params: { messageId }, who, services: { store } }) =>
  store.messages.restore(who.tenantId, messageId),
)
