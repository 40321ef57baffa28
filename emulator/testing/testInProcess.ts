import type { FastifyInstance } from 'fastify'
import { json } from '#ground/json.ts'
import { buildEmulator } from '../emulator.ts'
import type { Method } from '../graph/operation.ts'
import { transportTo } from '../inProcess.ts'
import type { SettingsInput } from '../settings.ts'
import { createVirtualClock } from '../virtualClock.ts'
import type { Post } from '../wire/delivery.ts'
import type { FetchMedia } from '../world/prompts.ts'
import type { CallView } from '../world/views.ts'
import { john, publicUrl, tenantId, testApp, tokenForm } from './testLine.ts'

/** An emulator without sockets, in virtual time, and a way to ask it for something. `post` is the bot's webhook. */
export function openInProcess(
  post: Post,
  settings: Partial<SettingsInput> = {},
  { fetchMedia, patienceMs = 10_000 }: { fetchMedia?: FetchMedia; patienceMs?: number } = {},
) {
  const clock = createVirtualClock({ startAt: Date.UTC(2030, 0, 1), patienceMs })
  const { server, forget } = buildEmulator(
    { apps: [testApp], addresses: { [publicUrl]: 'http://127.0.0.1:1' }, ...settings },
    clock,
    { post, ...(fetchMedia && { fetchMedia }) },
  )
  const transport = transportTo(server, clock)
  async function ask(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await transport(`http://127.0.0.1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: 10_000,
      maxBytes: 10_000_000,
    })
    return { status: answer.status, headers: answer.headers, body: json(answer.text) }
  }
  return {
    clock,
    server,
    transport,
    forget,
    ask,
    token: async () => accessTokenIn(await askTokenOf(server)),
    /** A request to the calls API. */
    graph: (bearer: string, method: Method, path: string, body?: unknown) =>
      ask(method, `/v1.0/communications/calls${path}`, body, { authorization: `Bearer ${bearer}` }),
    dial: async () => (await ask('POST', '/emulator/calls', { from: john })).body as CallView, // the emulator's own answer
    view: async (id: string) => (await ask('GET', `/emulator/calls/${id}`)).body as CallView, // as above
  }
}

export type Answer = { status: number; headers: Record<string, unknown>; body: unknown; bytes: Buffer }
export type Request = { body?: unknown; headers?: Record<string, string> | undefined; token?: string }

/** Any request. A Buffer goes as it is, all else as JSON. */
export async function askOf(
  server: FastifyInstance,
  method: Method,
  url: string,
  { body, headers = {}, token }: Request = {},
): Promise<Answer> {
  const isRaw = Buffer.isBuffer(body)
  const payload = body === undefined || body === null ? undefined : isRaw ? body : JSON.stringify(body)
  const reply = await server.inject({
    method,
    url,
    headers: {
      ...(payload !== undefined && !isRaw && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(payload !== undefined && { payload }),
  })
  const { statusCode: status, headers: answered, rawPayload: bytes } = reply
  return { status, headers: answered, body: json(reply.payload) ?? null, bytes }
}

export const askTokenOf = (server: FastifyInstance, fields: Record<string, string> = {}, tenant = tenantId) =>
  askOf(server, 'POST', `/${tenant}/oauth2/v2.0/token`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(tokenForm(fields).toString()),
  })

/** Throws for an answer without one. */
export function accessTokenIn({ status, body }: Answer): string {
  if (status !== 200) throw new Error(`no token: ${JSON.stringify(body)}`)
  return (body as { access_token: string }).access_token // entra.test.ts checks it
}
