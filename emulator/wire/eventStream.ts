import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'

const heartbeatMs = 15_000

/** Server-sent events, as long as somebody listens. `start` gives back what is to be done when nobody does any more. */
export function streamEvents(reply: FastifyReply, start: (raw: ServerResponse) => () => void): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  } as Record<string, string>) // Fastify's headers may be numbers or undefined; those here are not
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs)
  const stop = start(raw)
  raw.on('close', () => {
    clearInterval(heartbeat)
    stop()
  })
}
