import { readFileSync } from 'node:fs'
import Fastify, { type FastifyInstance } from 'fastify'
import * as z from 'zod'
import { type Clock, realClock } from '#ground/clock.ts'
import { controlRoutes } from './control/control.ts'
import { conversationControl } from './control/conversationControl.ts'
import { faultRoutes } from './control/faultControl.ts'
import { policyRecordingControl } from './control/policyRecording.ts'
import { resourceControlRoutes } from './control/resourceControl.ts'
import { timeRoutes } from './control/timeControl.ts'
import { answerBadAddress } from './graph/door.ts'
import { graphRoutes } from './graph/graph.ts'
import { createResources, resourceRoutes } from './graph/resources.ts'
import { pageRoutes } from './page/pageRoutes.ts'
import { scriptRoutes } from './scripts/scriptControl.ts'
import { createScripts, type Scripts } from './scripts/scriptRunner.ts'
import { type SettingsInput, settingsSchema } from './settings.ts'
import { createVirtualClock, isVirtual } from './virtualClock.ts'
import { createActivity } from './wire/activity.ts'
import type { Certificate } from './wire/certificate.ts'
import { connectorRoutes, createChat, messageRoutes } from './wire/chat.ts'
import { createDelivery, type Post } from './wire/delivery.ts'
import { createAccessTokens, entraRoutes } from './wire/entra.ts'
import { createFaults } from './wire/faults.ts'
import { guard, refuseForeignPages } from './wire/guard.ts'
import { createKeySet } from './wire/keys.ts'
import { letRequestsFail } from './wire/misbehave.ts'
import { openidRoutes } from './wire/openid.ts'
import { recordRequests } from './wire/requestRecords.ts'
import { createThrottle, throttleRequests } from './wire/throttle.ts'
import { Traffic } from './wire/traffic.ts'
import { createExchange } from './world/exchange.ts'
import { createMeetings } from './world/meetings.ts'
import { createPeople } from './world/people.ts'
import { createPlayer } from './world/player.ts'
import { createPrompts, type FetchMedia } from './world/prompts.ts'
import { createRecorder } from './world/recorder.ts'
import { createRecordings, recordingRoutes } from './world/recordings.ts'

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
 * With `https` it speaks that and no http. `post` and `fetchMedia` stand in place of sockets when bot and emulator share a process
 * (inProcess.ts).
 */
export function buildEmulator(
  input: SettingsInput,
  givenClock?: Clock,
  { post, fetchMedia, https }: { post?: Post; fetchMedia?: FetchMedia; https?: Certificate } = {},
): { server: FastifyInstance; clock: Clock; scripts: Scripts; forget: () => void } {
  const settings = settingsSchema.parse(input)
  const clock = givenClock ?? (settings.time === 'virtual' ? createVirtualClock() : realClock)
  const activity = createActivity()
  if (isVirtual(clock)) clock.watch(activity, post ? 0 : settings.settleMs)

  const entraKeys = createKeySet()
  const callKeys = createKeySet()
  const messageKeys = createKeySet({ endorsements: ['msteams'] })
  const tokens = createAccessTokens({ clock, keys: entraKeys })

  const traffic = new Traffic(clock)
  const meetings = createMeetings(clock)
  const resources = createResources({ clock, tokens, meetings })
  const people = createPeople()
  const faults = createFaults({ clock, drop: (call, result) => exchange.drop(call, result) })
  const prompts = createPrompts(settings, { activity, fetchMedia })
  const chat = createChat()
  const delivery = createDelivery({ settings, clock, keys: callKeys, traffic, faults, activity, post })
  const recordings = createRecordings({ settings, clock })
  const recorder = createRecorder({ settings, clock, recordings })
  const player = createPlayer({ settings, clock, delivery, prompts, recorder, onSound: faults.onPromptStarted })
  const exchange = createExchange({ settings, clock, delivery, player, people, meetings, recordings })

  const scripts = createScripts({ settings, clock, exchange, people, meetings })

  const forget = () => {
    for (const part of [scripts, exchange, meetings, recordings, resources, people, faults, traffic, prompts, chat])
      part.forget()
  }
  const rotateKeys = async () => {
    const [calls, messages] = await Promise.all([callKeys.rotate(), messageKeys.rotate()])
    delivery.forgetTokens()
    return { calls, messages }
  }

  // Event streams and hanging answers would keep a closing server waiting for ever.
  const server: FastifyInstance = Fastify({
    logger: false,
    // `as`: a server for https does all that one for http does, but Fastify's types are of two worlds.
    https: (https ?? null) as null,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: answerBadAddress,
  })
  const operations = new Set<string>()
  server.addHook('onRoute', ({ config }) => {
    if (config?.operation) operations.add(config.operation)
  })
  readBodies(server)
  refuseForeignPages(server, settings)
  recordRequests(server, traffic)
  throttleRequests(server, { throttle: createThrottle(settings, clock), tokens })
  letRequestsFail(server, { faults, clock, traffic, activity, find: exchange.find })
  server.addHook('onClose', async () => forget())

  server.setNotFoundHandler((_request, reply) => {
    const error = { code: 'notFound', message: 'There is nothing here.', next: 'See emulator/README.md.' }
    return reply.status(404).send({ error })
  })
  server.get('/api/health', async () => ({ name: 'emulator', ok: true, version }))
  server.register(entraRoutes, { settings, tokens, keys: entraKeys, users: resources.users })
  server.register(openidRoutes, { callKeys, messageKeys })
  server.register(
    async (graph) => {
      await graphRoutes(graph, { settings, exchange, tokens })
      graph.register(resourceRoutes, resources) // below it, so that they have Graph's headers and error bodies too
    },
    { prefix: '/v1.0' },
  )
  server.register(recordingRoutes, { recordings })
  server.register(connectorRoutes, { chat, tokens })
  server.register(async (control) => {
    guard(control, settings)
    await controlRoutes(control, { settings, exchange, people, meetings, traffic, rotateKeys, forget })
    await conversationControl(control, { exchange, meetings, people })
    await policyRecordingControl(control, { settings, exchange, delivery })
    await faultRoutes(control, { faults, operations })
    await scriptRoutes(control, { scripts })
    await timeRoutes(control, clock)
    await pageRoutes(control, { settings, clock, exchange, people, traffic })
    await resourceControlRoutes(control, { settings, resources })
    await messageRoutes(control, { settings, clock, chat, messageKeys })
  })
  return { server, clock, scripts, forget }
}

/** Clients send a content type of any sort with an empty body too; Fastify's own readers refuse that. */
function readBodies(server: FastifyInstance): void {
  server.removeContentTypeParser(['application/json', 'text/plain'])
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(String(body)))
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }))
    }
  })
  server.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body || null))
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
    done(
      body === '' ? null : Object.assign(new Error('No body of this type is read here.'), { statusCode: 415 }),
      null,
    ),
  )
}
