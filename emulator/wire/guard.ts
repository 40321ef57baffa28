import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Settings } from '../settings.ts'
import { isLoopback } from './addresses.ts'
import { Refusal } from './refusal.ts'

const isOurs = (hostname: string, { controlHosts }: Settings) => isLoopback(hostname) || controlHosts.includes(hostname)

const foreignOrigin = () =>
  new Refusal(403, 'foreignOrigin', 'The emulator answers only this machine.', {
    next: 'Call it by 127.0.0.1 or localhost, or name the host in EMULATOR_CONTROL_HOSTS.',
  })

/**
 * Keeps web pages out of every door, before their bodies are read: one that asks from its own origin shows in Origin, one that
 * only loads something from here in Sec-Fetch-Site. Programs send neither. Pages of this machine, such as the softphone, may come
 * in, though 127.0.0.1 and localhost are two sites to a browser; so Origin counts where there is one.
 */
export function refuseForeignPages(server: FastifyInstance, settings: Settings): void {
  server.addHook('onRequest', async ({ headers: { origin, 'sec-fetch-site': site } }) => {
    const isForeign = origin
      ? !(URL.canParse(origin) && isOurs(new URL(origin).hostname, settings))
      : site === 'cross-site'
    if (isForeign) throw foreignOrigin()
  })
  server.setErrorHandler(answerControlError)
}

/** Keeps out of the control API whoever reaches this process by another name (DNS rebinding), and lets pages of this machine read it. */
export function guard(server: FastifyInstance, settings: Settings): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (!isOurs(request.hostname, settings)) throw foreignOrigin()
    if (origin) reply.headers(corsFor(origin))
  })
  server.options('/emulator/*', async (_request, reply) => reply.status(204).send())
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
