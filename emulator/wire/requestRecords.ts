import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Traffic } from './traffic.ts'

const withId = z.object({ id: z.string() })
const idIn = (value: unknown): string | null => withId.safeParse(value).data?.id ?? null

/** Who proved nothing could fill the memory with what they send. */
const unproven = new Set([401, 403])

/** JSON as it was sent; null for nothing. */
const readBack = (answer: unknown): unknown => (typeof answer === 'string' && answer !== '' ? JSON.parse(answer) : null)

/** A request as the records keep it, without its status. `answer` is the text of its answer: a new call's id is only there. */
export const requestRecord = (request: FastifyRequest, operation: string, answer?: unknown) => {
  const response = readBack(answer)
  return {
    kind: 'request' as const,
    method: request.method,
    path: request.url,
    operation,
    callId: operation === 'create-call' ? idIn(response) : idIn(request.params),
    body: request.body ?? null,
    response,
  }
}

/** Keeps every request for an operation, with its answer. */
export function recordRequests(server: FastifyInstance, traffic: Traffic): void {
  const answers = new WeakMap<FastifyRequest, unknown>()
  server.addHook('onSend', async (request, _reply, payload) => {
    answers.set(request, payload)
  })
  server.addHook('onResponse', async (request, reply) => {
    const { operation } = request.routeOptions.config
    if (!operation) return
    const { body, ...record } = requestRecord(request, operation, answers.get(request))
    const status = reply.statusCode
    traffic.add({ ...record, body: unproven.has(status) ? null : body, status })
  })
}
