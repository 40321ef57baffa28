import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isLoopback } from './addresses.ts'
import { Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'

/**
 * Keeps web pages out: a page that reaches this process by a name of its own (DNS rebinding) shows in Host, and one that posts from
 * its own origin shows in Origin. Pages of this machine, such as the softphone, may come in.
 */
export function guard(server: FastifyInstance, { controlHosts }: Settings): void {
  const isOurs = (hostname: string) => isLoopback(hostname) || controlHosts.includes(hostname)

  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (!isOurs(request.hostname) || (origin && !(URL.canParse(origin) && isOurs(new URL(origin).hostname)))) {
      throw new Refusal(403, 'foreignOrigin', 'The control API answers only this machine.', {
        next: 'Call it by 127.0.0.1 or localhost, or name the host in EMULATOR_CONTROL_HOSTS.',
      })
    }
    if (origin) reply.headers(corsFor(origin))
  })
  server.options('/emulator/*', async (_request, reply) => reply.status(204).send())
  server.setErrorHandler(answerControlError)
}

const corsFor = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'content-type, last-event-id',
  vary: 'origin',
})

const withStatus = z.object({ statusCode: z.number().int().min(400).max(499), message: z.string() })

function answerControlError(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
  const known = withStatus.safeParse(error)
  const refusal =
    error instanceof Refusal
      ? error
      : known.success
        ? new Refusal(known.data.statusCode, 'badRequest', known.data.message)
        : new Refusal(500, 'internal', 'The emulator has a mistake.', { next: 'Please report it with what you sent.' })
  const { status, code, message, next } = refusal
  return reply.status(status).send({ error: { code, message, next } })
}
