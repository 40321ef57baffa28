import { json } from '#ground/json.ts'
import { buildEmulator } from '../emulator.ts'
import { transportTo } from '../inProcess.ts'
import { allCallPermissions, type SettingsInput } from '../settings.ts'
import { createVirtualClock } from '../virtualClock.ts'
import type { Post } from '../wire/delivery.ts'
import type { FetchMedia } from '../world/prompts.ts'
import type { CallView } from '../world/views.ts'
import { appId, john, publicUrl, secret, tenantId } from './testLine.ts'

/** An emulator without sockets, in virtual time, and a way to ask it for something. `post` is the bot's webhook. */
export function openInProcess(
  post: Post,
  settings: Partial<SettingsInput> = {},
  { fetchMedia, patienceMs = 10_000 }: { fetchMedia?: FetchMedia; patienceMs?: number } = {},
) {
  const clock = createVirtualClock({ startAt: Date.UTC(2030, 0, 1), patienceMs })
  const app = { appId, secret, tenantId, webhook: `${publicUrl}/api/calls`, permissions: allCallPermissions }
  const { server, forget } = buildEmulator(
    { apps: [app], addresses: { [publicUrl]: 'http://127.0.0.1:1' }, ...settings },
    clock,
    { post, ...(fetchMedia && { fetchMedia }) },
  )
  const transport = transportTo(server, clock)

  async function ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const answer = await transport(`http://127.0.0.1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: 10_000,
      maxBytes: 10_000_000,
    })
    return { status: answer.status, headers: answer.headers, body: json(answer.text) }
  }

  async function token(): Promise<string> {
    const form = {
      client_id: appId,
      client_secret: secret,
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    }
    const { text } = await transport(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      timeoutMs: 10_000,
      maxBytes: 100_000,
    })
    return (JSON.parse(text) as { access_token: string }).access_token // the emulator's own answer, entra.test.ts checks it
  }

  return {
    clock,
    server,
    transport,
    forget,
    ask,
    token,
    /** A request to the calls API. */
    graph: (bearer: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) =>
      ask(method, `/v1.0/communications/calls${path}`, body, { authorization: `Bearer ${bearer}` }),
    dial: async () => (await ask('POST', '/emulator/calls', { from: john })).body as CallView, // the emulator's own answer
    view: async (id: string) => (await ask('GET', `/emulator/calls/${id}`)).body as CallView, // as above
  }
}
