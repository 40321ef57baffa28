import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { ConfidentialClientApplication } from '@azure/msal-node'
import type { HttpMethod, Parsable, ParseNode } from '@microsoft/kiota-abstractions'
import * as z from 'zod'

/**
 * Microsoft's clients against an emulator over https, in a process of their own as users have it: it trusts the certificate by
 * NODE_EXTRA_CA_CERTS, which Node reads at its start. `clients.ts <name> ...` prints as JSON what came of each, and every host that
 * was asked.
 */

const environment = z.object({
  EMULATOR: z.url(),
  APP_ID: z.string(),
  APP_SECRET: z.string(),
  TENANT_ID: z.string(),
  CALLBACK: z.url(),
  USER_ID: z.string(),
  /** Where a chat bot is to listen. */
  CHAT_PORT: z.coerce.number(),
})
const set = environment.parse(process.env)
const emulator = new URL(set.EMULATOR)

/**
 * What lines in the hosts file do for a user, with port 443 led on: every host but this machine is the emulator. So nothing here asks
 * Microsoft, and what wanted to shows in `asked`.
 */
const asked = new Set<string>()
const { connect } = Socket.prototype
type Target = { host?: string; port?: number | string; path?: string }
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  // As Node itself calls it: options, or a list that begins with them.
  const [first] = args.flat(1) as [Target] // Node's own, of many forms
  if (typeof first === 'object' && first.host) {
    asked.add(first.host)
    if (!['localhost', '127.0.0.1'].includes(first.host))
      Object.assign(first, { host: 'localhost', port: emulator.port })
  }
  return Reflect.apply(connect, this, args)
} as typeof connect

async function token(scope: string): Promise<string> {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: set.APP_ID,
      clientSecret: set.APP_SECRET,
      authority: `${set.EMULATOR}/${set.TENANT_ID}`,
      knownAuthorities: [emulator.host],
    },
  })
  const result = await app.acquireTokenByClientCredential({ scopes: [scope] })
  return result?.accessToken ?? ''
}
const graphToken = () => token('https://graph.microsoft.com/.default')

const newCall = {
  '@odata.type': '#microsoft.graph.call',
  callbackUri: set.CALLBACK,
  requestedModalities: ['audio'],
  mediaConfig: { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' },
  tenantId: set.TENANT_ID,
  targets: [
    {
      '@odata.type': '#microsoft.graph.invitationParticipantInfo',
      identity: { '@odata.type': '#microsoft.graph.identitySet', user: { id: set.USER_ID, displayName: 'Ann' } },
    },
  ],
}

/** Calls a person by the Graph client, asks how that goes, and hangs up. */
async function byGraphClient() {
  const { Client } = await import('@microsoft/microsoft-graph-client')
  const client = Client.initWithMiddleware({
    authProvider: { getAccessToken: graphToken },
    baseUrl: `${set.EMULATOR}/`,
    customHosts: new Set([emulator.hostname]),
  })
  const { id, state } = await client.api('/communications/calls').post(newCall)
  const { direction } = await client.api(`/communications/calls/${id}`).get()
  await client.api(`/communications/calls/${id}`).delete()
  return { state, direction }
}

type Call = Parsable & { id?: string | undefined; state?: string | undefined; direction?: string | undefined }

/** The same by the requests that kiota's generated clients make. */
async function byKiota() {
  const kiota = await import('@microsoft/kiota-abstractions')
  const { FetchRequestAdapter } = await import('@microsoft/kiota-http-fetchlibrary')
  const { JsonParseNodeFactory, JsonSerializationWriterFactory } = await import('@microsoft/kiota-serialization-json')
  const provider = new kiota.BaseBearerTokenAuthenticationProvider({
    getAuthorizationToken: graphToken,
    getAllowedHostsValidator: () => new kiota.AllowedHostsValidator(new Set([emulator.hostname])),
  })
  const adapter = new FetchRequestAdapter(provider, new JsonParseNodeFactory(), new JsonSerializationWriterFactory())
  adapter.baseUrl = `${set.EMULATOR}/v1.0`
  const request = (method: HttpMethod, id?: string) => {
    const template = '{+baseurl}/communications/calls{/id}'
    const made = new kiota.RequestInformation(method, template, { baseurl: adapter.baseUrl, ...(id && { id }) })
    made.headers.add('accept', 'application/json')
    return made
  }
  const creating = request(kiota.HttpMethod.POST)
  creating.setStreamContent(new TextEncoder().encode(JSON.stringify(newCall)).buffer, 'application/json')
  const intoCall =
    () =>
    (call: Partial<Call> = {}) =>
      Object.fromEntries(
        (['id', 'state', 'direction'] as const).map((field) => [
          field,
          (node: ParseNode) => {
            call[field] = node.getStringValue()
          },
        ]),
      )
  const made = await adapter.send<Call>(creating, intoCall, undefined)
  const seen = await adapter.send<Call>(request(kiota.HttpMethod.GET, made?.id), intoCall, undefined)
  await adapter.sendNoResponseContent(request(kiota.HttpMethod.DELETE, made?.id), undefined)
  return { state: made?.state, direction: seen?.direction }
}

/** What both chat libraries want of an answer of Express. */
type Reply = ServerResponse & {
  status(code: number): Reply
  header(name: string, value: unknown): void
  send(body?: unknown): Reply
}

function asExpress(response: ServerResponse): Reply {
  const reply: Reply = Object.assign(response, {
    status: (code: number) => Object.assign(reply, { statusCode: code }),
    header: (name: string, value: unknown) => void reply.setHeader(name, String(value)),
    send: (body?: unknown) => reply.end(body === undefined ? undefined : JSON.stringify(body)),
  })
  return reply
}
type Express = { body: Record<string, unknown>; headers: IncomingMessage['headers']; method: string }

/** Listens as the chat bot, writes to it through the emulator, and gives what was answered. */
async function chatting(handle: (request: Express, response: Reply) => Promise<void>) {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    handle({ body, headers: request.headers, method: 'POST' }, asExpress(response)).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(set.CHAT_PORT, '127.0.0.1', resolve))
  const answer = await fetch(`${set.EMULATOR}/emulator/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'Hello', timeoutMs: 10_000 }),
  })
  const { status, replies } = z
    .object({ status: z.number(), replies: z.array(z.object({ text: z.string() })) })
    .parse(await answer.json())
  server.close()
  return { status, replies: replies.map((reply) => reply.text) }
}

async function byBotbuilder(kind: 'SingleTenant' | 'MultiTenant') {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import('botbuilder')
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({
      MicrosoftAppId: set.APP_ID,
      MicrosoftAppPassword: set.APP_SECRET,
      MicrosoftAppType: kind,
      ...(kind === 'SingleTenant' && { MicrosoftAppTenantId: set.TENANT_ID }),
    }),
  )
  return chatting((request, response) =>
    adapter.process(request, response, async (context) => {
      await context.sendActivity(`botbuilder heard ${context.activity.text}`)
    }),
  )
}

async function byAgents() {
  const { authorizeJWT, CloudAdapter, getAuthConfigWithDefaults } = await import('@microsoft/agents-hosting')
  const settings = getAuthConfigWithDefaults({
    clientId: set.APP_ID,
    clientSecret: set.APP_SECRET,
    tenantId: set.TENANT_ID,
  })
  const adapter = new CloudAdapter(settings)
  return chatting(
    (request, response) =>
      new Promise((resolve, reject) => {
        const answer = () =>
          adapter.process(request, response, async (context) => {
            await context.sendActivity(`agents heard ${context.activity.text}`)
          })
        // Express's types, of which it wants no more than this.
        authorizeJWT(settings)(request as never, response as never, () => void answer().then(resolve, reject))
      }),
  )
}

const clients: Record<string, () => Promise<unknown>> = {
  msal: async () => ({
    graph: (await graphToken()).length > 100,
    chat: (await token('https://api.botframework.com/.default')).length > 100,
  }),
  graph: byGraphClient,
  kiota: byKiota,
  botbuilder: () => byBotbuilder('SingleTenant'),
  botbuilderOfAnyTenant: () => byBotbuilder('MultiTenant'),
  agents: byAgents,
}
const outcomes: Record<string, unknown> = {}
for (const name of process.argv.slice(2)) outcomes[name] = await clients[name]?.()
process.stdout.write(JSON.stringify({ ...outcomes, asked: [...asked].sort() }))
process.exit()
