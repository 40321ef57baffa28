import { readFileSync } from 'node:fs'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Clock, realClock } from '#communications/clock.ts'
import { connectorRoutes, createChat, messageRoutes } from './chat.ts'
import { controlRoutes } from './control.ts'
import { createDelivery } from './delivery.ts'
import { createAccessTokens, entraRoutes } from './entra.ts'
import { createExchange } from './exchange.ts'
import { createFaults, type Faults } from './faults.ts'
import { graphRoutes } from './graph.ts'
import { guard, refuseForeignPages } from './guard.ts'
import { createKeySet } from './keys.ts'
import { openidRoutes } from './openid.ts'
import { createPeople } from './people.ts'
import { createPlayer } from './player.ts'
import { createPrompts } from './prompts.ts'
import { Refusal } from './refusal.ts'
import { type SettingsInput, settingsSchema } from './settings.ts'
import { Traffic } from './traffic.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the operation in the contract; requests that have one are recorded and can be made to fail. */
    operation?: string
  }
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/**
 * A Graph cloud communications service with its identity provider, a chat connector and people to call with. Builds and does not
 * listen. `forget` drops calls, people, faults and records; closing the server drops them too. Throws a ZodError for bad settings.
 */
export function buildEmulator(
  input: SettingsInput,
  clock: Clock = realClock,
): { server: FastifyInstance; forget: () => void } {
  const settings = settingsSchema.parse(input)

  const entraKeys = createKeySet()
  const callKeys = createKeySet()
  const messageKeys = createKeySet({ endorsements: ['msteams'] })
  const tokens = createAccessTokens({ clock, keys: entraKeys })

  const traffic = new Traffic(clock)
  const people = createPeople()
  const faults = createFaults()
  const prompts = createPrompts(settings)
  const chat = createChat(clock)
  const delivery = createDelivery({ settings, clock, keys: callKeys, traffic })
  const player = createPlayer({ settings, clock, delivery, prompts })
  const exchange = createExchange({ settings, clock, delivery, player, people })

  const forget = () => {
    for (const part of [exchange, people, faults, traffic, prompts, chat]) part.forget()
  }
  const rotateKeys = async () => {
    const [calls, messages] = await Promise.all([callKeys.rotate(), messageKeys.rotate()])
    delivery.forgetTokens()
    return { calls, messages }
  }

  // Event streams and hanging answers would keep a closing server waiting for ever.
  const server = Fastify({ logger: false, forceCloseConnections: true })
  readBodies(server)
  refuseForeignPages(server, settings)
  record(server, traffic)
  server.addHook('preHandler', (request, reply) => misbehave(faults, traffic, request, reply))
  server.addHook('onClose', async () => forget())

  server.setNotFoundHandler((_request, reply) => {
    const error = { code: 'notFound', message: 'There is nothing here.', next: 'See emulator/README.md.' }
    return reply.status(404).send({ error })
  })
  server.get('/api/health', async () => ({ name: 'emulator', ok: true, version }))
  server.register(entraRoutes, { settings, tokens, keys: entraKeys })
  server.register(openidRoutes, { callKeys, messageKeys })
  server.register(graphRoutes, { prefix: '/v1.0', settings, exchange, tokens })
  server.register(connectorRoutes, { chat, tokens })
  server.register(async (control) => {
    guard(control, settings)
    await controlRoutes(control, { settings, exchange, people, faults, traffic, rotateKeys, forget })
    await messageRoutes(control, { settings, clock, chat, messageKeys })
  })
  return { server, forget }
}

/** Clients send a content type with an empty body too; Fastify's own reader refuses that. */
function readBodies(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(String(body)))
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }))
    }
  })
}

const secrets = ['client_secret', 'client_assertion', 'access_token']

/** A body without what nobody may read again. */
function presentable(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body ?? null
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, secrets.includes(name) ? '…' : value]))
}

const idIn = (value: unknown): string | null => z.object({ id: z.string() }).safeParse(value).data?.id ?? null

/** Who proved nothing could fill the memory with what they send. */
const unproven = new Set([401, 403])

const requestRecord = (request: FastifyRequest, operation: string) => ({
  kind: 'request' as const,
  method: request.method,
  path: request.url,
  operation,
  callId: idIn(request.params),
  body: presentable(request.body),
})

/** Keeps every request for an operation, with its answer. */
function record(server: FastifyInstance, traffic: Traffic): void {
  const answers = new WeakMap<FastifyRequest, unknown>()
  server.addHook('onSend', async (request, _reply, payload) => {
    answers.set(request, payload)
  })
  server.addHook('onResponse', async (request, reply) => {
    const { operation } = request.routeOptions.config
    if (!operation) return
    const answer = answers.get(request)
    const response = typeof answer === 'string' && answer !== '' ? presentable(JSON.parse(answer)) : null
    const asked = requestRecord(request, operation)
    const callId = operation === 'create-call' ? idIn(response) : asked.callId
    const body = unproven.has(reply.statusCode) ? null : asked.body
    traffic.add({ ...asked, body, callId, status: reply.statusCode, response })
  })
}

/** Does what the control API asked to go wrong with this operation. */
async function misbehave(
  faults: Faults,
  traffic: Traffic,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { operation } = request.routeOptions.config
  const fault = operation ? faults.take(operation) : null
  if (!operation || !fault) return
  if (fault.status) {
    const code = fault.code ?? (fault.status === 429 ? 'TooManyRequests' : String(fault.status))
    throw new Refusal(fault.status, code, 'The emulator was told to answer so.', {
      retryAfterSeconds: fault.retryAfterSeconds,
    })
  }
  traffic.add({ ...requestRecord(request, operation), status: null, response: null })
  reply.hijack()
  if (fault.cut) request.raw.socket.destroy()
}
