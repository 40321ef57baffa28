import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isLoopbackName } from '#ground/loopback.ts'
import type { Settings } from '../settings.ts'
import { Refusal, refusalOf } from './refusal.ts'

const isOurs = (hostname: string, { controlHosts }: Settings) =>
  isLoopbackName(hostname) || controlHosts.includes(hostname)

const foreignOrigin = () =>
  new Refusal(403, 'foreignOrigin', 'The emulator answers only this machine.', {
    next: 'Call it by 127.0.0.1 or localhost, or name the host in EMULATOR_CONTROL_HOSTS.',
  })

/**
 * Keeps web pages out of every door, before their bodies are read: one that asks from its own origin shows in Origin, one that
 * only loads something from here in Sec-Fetch-Site. Programs send neither. Pages of this machine may come in, such as one that is
 * being developed against Graph; 127.0.0.1 and localhost are two sites to a browser, so Origin counts where there is one.
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

/**
 * Keeps out of the control API whoever reaches this process by another name (DNS rebinding), or from another machine unless the
 * settings name hosts, and every page but its own: what else runs in a browser of this machine has no business with its calls.
 */
export function guard(server: FastifyInstance, settings: Settings): void {
  server.addHook('onRequest', async (request) => {
    const { origin } = request.headers
    // Of two Host headers Node tells the first, and whoever stands before us may have looked at the other one.
    const hosts = namesOf(request).filter((name) => name.toLowerCase() === 'host')
    if (hosts.length > 1 || !isOurs(request.hostname, settings)) throw foreignOrigin()
    // Anybody can say `Host: localhost`.
    if (settings.controlHosts.length === 0 && !isFromHere(request.socket.remoteAddress)) throw foreignOrigin()
    // Host and port: who ends https before us changes the scheme.
    if (origin && new URL(origin).host !== request.host) throw foreignOrigin()
  })
}

/** The names of the headers as they were sent. A request that came through no socket has none (inject). */
const namesOf = ({ raw }: FastifyRequest): string[] => (raw.rawHeaders ?? []).filter((_text, place) => place % 2 === 0)

/** Whether a connection begins on this machine. IPv4 may be written within IPv6. */
export const isFromHere = (address: string | undefined): boolean =>
  address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address)

/** The control API's form of an error. */
export function answerControlError(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
  const { status, code, message, next } = refusalOf(error, (fault) =>
    fault
      ? new Refusal(fault.statusCode, 'badRequest', fault.message)
      : new Refusal(500, 'internal', 'The emulator has a mistake.', { next: 'Please report it with what you sent.' }),
  )
  return reply.status(status).send({ error: { code, message, next } })
}
