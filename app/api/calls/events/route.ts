import { eventStream } from '#app/server/eventStream.ts'
import { respond } from '#app/server/respond.ts'

/** Tells which calls of the tenant have changed, as they do; no ids when some may have been missed. */
export const GET = respond(async ({ request, who, services: { changes, streams } }) =>
  eventStream(request, streams.enter(who), async (send, signal) => {
    const stop = changes.on('calls', (news) => {
      if (news !== 'reconnected' && news.tenantId !== who.tenantId) return
      const ids = news === 'reconnected' ? [] : news.callIds
      send({ event: 'calls', data: JSON.stringify({ ids }) })
    })
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    stop()
  }),
)
