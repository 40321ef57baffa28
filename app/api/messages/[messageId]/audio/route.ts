import { inPieces } from '#app/server/messages.ts'
import { respond } from '#app/server/respond.ts'

/** Whoever asks for it is taken to listen, and that is written down. */
export const GET = respond<never, { messageId: string }>(
  async ({ request, params: { messageId }, who, services: { store } }) =>
    inPieces(await store.messages.listen(who.tenantId, messageId, who.name), request.headers.get('range')),
)
