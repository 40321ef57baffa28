import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, sleep } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { App, Settings } from '../settings.ts'
import { localAddress } from './addresses.ts'
import { type AccessTokens, resources } from './entra.ts'
import type { KeySet } from './keys.ts'
import { originOf } from './openid.ts'
import { parseOrRefuse, Refusal, refusalOf } from './refusal.ts'

/** Chat with the bot, as small as it can be: one person writes, the bot's replies are kept. */

const tokenLifeSeconds = 3600
const maxConversations = 200

const writeMessage = z.strictObject({
  appId: z.string().optional(),
  text: z.string(),
  from: z
    .strictObject({ user: z.strictObject({ id: z.string().min(1), displayName: z.string().optional() }) })
    .optional(),
  /** Go on with a conversation, by the id that an earlier message brought back. */
  conversationId: z.string().optional(),
  timeoutMs: z.number().int().min(0).max(60_000).default(5000),
})

/** `next` is aborted by the next reply. */
type Conversation = { replies: unknown[]; next: AbortController }

type Chat = ReturnType<typeof createChat>

/** What bots replied, by conversation. */
export function createChat() {
  const conversations = new BoundedMap<string, Conversation>(maxConversations)

  const open = (id: string): Conversation => {
    const known = conversations.get(id)
    if (known) return known
    const conversation: Conversation = { replies: [], next: new AbortController() }
    conversations.set(id, conversation)
    return conversation
  }

  return {
    add(conversationId: string, activity: unknown): void {
      const conversation = open(conversationId)
      conversation.replies.push(activity)
      conversation.next.abort()
    },
    /** Does `write`, and gives the replies that came; waits for the first one if there is none yet. */
    async repliesTo(conversationId: string, timeoutMs: number, write: () => Promise<void>): Promise<unknown[]> {
      const conversation = open(conversationId)
      const before = conversation.replies.length
      conversation.next = new AbortController()
      // Real time also where the emulator's is virtual, as in all that somebody waits for over HTTP.
      const first = sleep(realClock, timeoutMs, conversation.next.signal)
      await write()
      await first
      return conversation.replies.slice(before)
    },
    forget: () => conversations.clear(),
  }
}

type ConnectorDeps = { chat: Chat; tokens: AccessTokens }

/** Where the bot sends its replies: the connector that `serviceUrl` of a message points to. */
export async function connectorRoutes(server: FastifyInstance, { chat, tokens }: ConnectorDeps): Promise<void> {
  server.setErrorHandler((error, _request, reply) => {
    const refused = () => new Refusal(400, 'BadArgument', 'The request is not readable.')
    const { status, code, message } = refusalOf(error, refused)
    return reply.status(status).send({ error: { code, message } })
  })
  for (const path of ['activities', 'activities/:activityId']) {
    server.post<{ Params: { conversationId: string } }>(
      `/v3/conversations/:conversationId/${path}`,
      { config: { operation: 'chat-reply' } },
      async (request) => {
        await tokens.read(request.headers.authorization, resources.botFramework)
        chat.add(request.params.conversationId, request.body)
        return { id: randomUUID() }
      },
    )
  }
}

type MessageDeps = { settings: Settings; clock: Clock; chat: Chat; messageKeys: KeySet }

/** Where a person writes to the bot. */
export async function messageRoutes(
  server: FastifyInstance,
  { settings, clock, chat, messageKeys }: MessageDeps,
): Promise<void> {
  server.post('/emulator/messages', async (request) => {
    const body = parseOrRefuse(writeMessage, request.body, 'badRequest')
    const app = settings.apps.find(({ appId }) => !body.appId || sameId(appId, body.appId))
    if (!app?.webhook) {
      throw new Refusal(404, 'appNotFound', 'There is no such app, or it has no webhook.', {
        next: 'See the settings.',
      })
    }
    const serviceUrl = originOf(request)
    const address = localAddress(settings.addresses, new URL('/api/messages', app.webhook).href)
    const activity = messageActivity(app, body, serviceUrl, clock)
    const now = Math.floor(clock.now() / 1000)
    const token = await messageKeys.sign({
      iss: 'https://api.botframework.com',
      aud: app.appId,
      serviceurl: serviceUrl,
      iat: now,
      nbf: now,
      exp: now + tokenLifeSeconds,
    })

    let status = 0
    const replies = await chat.repliesTo(activity.conversation.id, body.timeoutMs, async () => {
      const response = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(15_000),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(activity),
      }).catch(() => {
        throw new Refusal(502, 'botUnreachable', 'The bot does not answer.', {
          next: 'Start the bot, or correct BOT_URL.',
        })
      })
      await response.arrayBuffer()
      status = response.status
    })
    return { status, conversationId: activity.conversation.id, replies }
  })
}

function messageActivity(app: App, body: z.output<typeof writeMessage>, serviceUrl: string, clock: Clock) {
  const person = body.from?.user ?? { id: randomUUID() }
  return {
    type: 'message',
    id: randomUUID(),
    timestamp: new Date(clock.now()).toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: `29:${person.id}`, name: person.displayName ?? '', aadObjectId: person.id },
    recipient: { id: `28:${app.appId}`, name: app.displayName },
    conversation: {
      id: body.conversationId ?? `a:${randomUUID()}`,
      conversationType: 'personal',
      tenantId: app.tenantId,
    },
    channelData: { tenant: { id: app.tenantId } },
    locale: 'en-US',
    textFormat: 'plain',
    text: body.text,
  }
}
