import { setTimeout as pause } from 'node:timers/promises'
import { buildEmulator } from '../emulator.ts'
import { allCallPermissions, type SettingsInput } from '../settings.ts'
import type { Exchange } from '../wire/traffic.ts'
import type { Entry } from '../world/transcript.ts'
import type { CallView } from '../world/views.ts'
import { startTestBot, type TestBot } from './testBot.ts'

export const appId = '2891555a-92ff-42e6-80fa-6e1300c6b5c6'
export const tenantId = '86dc81db-c112-4228-9222-63f3e5aa1edb'
export const otherTenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
export const secret = 'not-a-secret'
export const john = { user: { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8', displayName: 'John' } }
export const publicUrl = 'https://bot.localhost'

export const serviceHosted = { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' }
export const answer = { mediaConfig: serviceHosted, acceptedModalities: ['audio'] }
export const prompts = (...paths: string[]) =>
  paths.map((path) => ({ '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: publicUrl + path } }))

export type Reply<T = unknown> = { status: number; headers: Headers; body: T }

export const testApp = {
  appId,
  secret,
  tenantId,
  otherTenants: [otherTenantId],
  webhook: `${publicUrl}/api/calls`,
  permissions: allCallPermissions,
}

/** What an app asks for a token with. */
export const tokenForm = (fields: Record<string, string> = {}) =>
  new URLSearchParams({
    client_id: appId,
    client_secret: secret,
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
    ...fields,
  })

/** An emulator and a bot that are connected, and somebody who knows how to use both. For this room's tests. */
export type Line = Awaited<ReturnType<typeof startLine>>

/** Starts both on free ports; `settings` and `app` change what the emulator is told. Calls go fast: no delays, prompts 50 times. */
export async function startLine(
  settings: Partial<SettingsInput> = {},
  app: Partial<SettingsInput['apps'][number]> = {},
) {
  let emulatorOrigin = ''
  const bot = await startTestBot(() => emulatorOrigin)
  const { server } = buildEmulator({
    apps: [{ ...testApp, ...app }],
    addresses: { [publicUrl]: bot.origin },
    playbackSpeed: 50,
    delays: { establishing: 0, established: 0, audioActive: 0, transferring: 0, terminated: 0, person: 0 },
    ...settings,
  })
  emulatorOrigin = await server.listen({ host: '127.0.0.1', port: 0 })
  /** The calls of this test: what is still said about earlier ones does not count. */
  const calls: string[] = []
  const requests = requestsTo(emulatorOrigin, calls)
  return {
    bot,
    emulatorOrigin,
    ...requests,
    ...callsOn(requests, calls),
    ...newsTo(bot, calls),
    /** As new, for the next test. */
    async reset() {
      await requests.request('DELETE', '/emulator')
      calls.length = 0
      bot.reset()
    },
    async close() {
      await server.close()
      await bot.close()
    },
  }
}

/** What can be asked of the emulator: of its control API, for tokens, and of Graph with the bot's. */
function requestsTo(emulatorOrigin: string, calls: string[]) {
  const tokens = new Map<string, Promise<string>>()
  const requests = {
    async request<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(emulatorOrigin + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const { status, headers: answered } = response
      const text = await response.text()
      const reply: Reply<T> = { status, headers: answered, body: text ? JSON.parse(text) : null }
      return reply
    },
    askToken: (fields: Record<string, string> = {}, tenant = tenantId) =>
      fetch(`${emulatorOrigin}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: tokenForm(fields) }),
    /** Asked for once and kept, as a bot would. */
    tokenFor(tenant = tenantId): Promise<string> {
      const token = tokens.get(tenant) ?? requests.askToken({}, tenant).then(tokenIn)
      tokens.set(tenant, token)
      return token
    },
    /** A request to the calls API with the bot's token. */
    async graph<T = Record<string, unknown>>(method: string, path: string, body?: unknown, tenant = tenantId) {
      const authorization = `Bearer ${await requests.tokenFor(tenant)}`
      const reply = await requests.request<T>(method, `/v1.0/communications/calls${path}`, body, { authorization })
      if (reply.status === 201) calls.push(reply.headers.get('location')?.split('/').at(-1) ?? '')
      return reply
    },
    requests: async (query = '') => (await requests.request<Exchange[]>('GET', `/emulator/requests?${query}`)).body,
  }
  return requests
}

export async function tokenIn(answer: Response): Promise<string> {
  const { access_token } = (await answer.json()) as { access_token: string } // entra.test.ts checks it
  return access_token
}

/** Calls that somebody places, and what happens on them. */
function callsOn({ request, graph }: ReturnType<typeof requestsTo>, calls: string[]) {
  const line = {
    /** Somebody calls the bot. */
    async dial(more: Record<string, unknown> = {}): Promise<string> {
      const { body, status } = await request<CallView>('POST', '/emulator/calls', { from: john, ...more })
      if (status !== 201) throw new Error(`the call was not placed: ${JSON.stringify(body)}`)
      calls.push(body.id)
      return body.id
    },
    /** Somebody calls, the bot answers, and media flows. */
    async dialAndAnswer(more: Record<string, unknown> = {}): Promise<string> {
      const id = await line.dial(more)
      await graph('POST', `/${id}/answer`, answer)
      await line.until(id, (entry) => entry.kind === 'state' && entry.audio === 'active')
      return id
    },
    view: async (id: string) => (await request<CallView>('GET', `/emulator/calls/${id}`)).body,
    wait: <T = Entry>(id: string, query: string) => request<T>('GET', `/emulator/calls/${id}/wait?${query}`),
    /** The first entry that matches, now or soon. */
    async until(id: string, matches: (entry: Entry) => boolean): Promise<Entry> {
      for (const deadline = Date.now() + 3000; Date.now() < deadline; await pause(5)) {
        const entry = (await line.view(id)).transcript.find(matches)
        if (entry) return entry
      }
      throw new Error(`it did not happen: ${JSON.stringify((await line.view(id)).transcript)}`)
    },
  }
  return line
}

/** What the bot was told about those calls. */
function newsTo(bot: TestBot, calls: string[]) {
  const ours = () => bot.heard.filter(({ body }) => calls.some((id) => JSON.stringify(body).includes(id)))
  /** About all of them, or this one, as short words: `created incoming`, `deleted completed 200/0`. */
  const news = (id = ''): string[] =>
    ours()
      .filter(({ body }) => JSON.stringify(body).includes(id))
      .flatMap(({ body }) => wordsOf(body))
  /** Waits until the bot has heard this many notifications, and a little longer for one too many. */
  async function heard(count: number): Promise<string[]> {
    for (const deadline = Date.now() + 3000; Date.now() < deadline && ours().length < count; ) await pause(5)
    await pause(30)
    return news()
  }
  return { ours, news, heard }
}

type News = {
  changeType: string
  resourceData: {
    state?: string
    status?: string
    mediaState?: { audio: string }
    toneInfo?: { tone: string; sequenceId: number }
    resultInfo?: { code: number; subcode: number }
  }
}

function wordsOf(body: unknown): string[] {
  const { value = [] } = body as { value?: News[] } // what the emulator sent; notifications.test.ts checks it against the contract
  return value.map(({ changeType, resourceData }) => {
    const { state, status, mediaState, toneInfo, resultInfo } = resourceData
    return [
      changeType,
      state ?? status,
      mediaState?.audio,
      toneInfo && `${toneInfo.tone}@${toneInfo.sequenceId}`,
      resultInfo && `${resultInfo.code}/${resultInfo.subcode}`,
    ]
      .filter(Boolean)
      .join(' ')
  })
}
