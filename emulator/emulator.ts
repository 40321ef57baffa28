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
import { answerBadAddress, answerUnread, openGraphDoor } from './graph/door.ts'
import { betaOperations, operations } from './graph/operations.ts'
import { recordingRoutes } from './graph/recordingDownload.ts'
import { pageRoutes } from './page/pageRoutes.ts'
import { scriptRoutes } from './scripts/scriptControl.ts'
import { createScripts, type Scripts } from './scripts/scriptRunner.ts'
import { type Settings, type SettingsInput, settingsSchema } from './settings.ts'
import { createVirtualClock } from './virtualClock.ts'
import type { Certificate } from './wire/certificate.ts'
import { connectorRoutes, messageRoutes } from './wire/chat.ts'
import type { Post } from './wire/delivery.ts'
import { entraRoutes } from './wire/entra.ts'
import { guard, refuseForeignPages } from './wire/guard.ts'
import { letRequestsFail } from './wire/misbehave.ts'
import { openidRoutes } from './wire/openid.ts'
import { recordRequests } from './wire/requestRecords.ts'
import { throttleRequests } from './wire/throttle.ts'
import { createWire, type Wire } from './wire/wire.ts'
import { findCall } from './world/calls.ts'
import { createWorld, dropCall, forgetWorld } from './world/createWorld.ts'
import type { FetchMedia } from './world/prompts.ts'
import type { World } from './world/world.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the operation in the contract; requests that have one are recorded and can be made to fail. */
    operation?: string
  }
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** All that the doors lead to. */
type House = {
  settings: Settings
  clock: Clock
  wire: Wire
  world: World
  scripts: Scripts
  forget: () => void
  https: Certificate | undefined
}

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
  const wire = createWire({ settings, clock, post, drop: (callId, result) => dropCall(world, callId, result) })
  const { delivery, users, activity, faults } = wire
  const onSound = faults.onPromptStarted
  const world = createWorld({ settings, clock, delivery, users, activity, fetchMedia, onSound })
  const scripts = createScripts(world)
  const forget = () => {
    scripts.forget()
    forgetWorld(world)
    wire.forget()
  }
  const server = openDoors({ settings, clock, wire, world, scripts, forget, https })
  return { server, clock, scripts, forget }
}

/** A request that stalls ends within 20 s. Node swaps the two limits when that of the headers is the longer one. */
const limits = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 }

function openDoors(house: House): FastifyInstance {
  const { settings, clock, wire, world, forget, https } = house
  const { tokens, traffic, activity, faults, users, entraKeys, callKeys, messageKeys, chat } = wire
  // Event streams and hanging answers would keep a closing server waiting for ever.
  const server: FastifyInstance = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: limits.requestTimeout,
    // `as`: a server for https does all that one for http does, but Fastify's types are of two worlds.
    ...((https ? { https: { ...https, ...limits } } : { http: limits }) as { http: typeof limits }),
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerUnread,
  })
  const mounted = new Set<string>()
  server.addHook('onRoute', ({ config }) => {
    if (config?.operation) mounted.add(config.operation)
  })
  readBodies(server)
  refuseForeignPages(server, settings)
  recordRequests(server, traffic)
  throttleRequests(server, { settings, clock, tokens })
  letRequestsFail(server, { faults, clock, traffic, activity, find: (id) => findCall(world, id) })
  server.addHook('onClose', async () => forget())

  server.setNotFoundHandler((_request, reply) => {
    const error = { code: 'notFound', message: 'There is nothing here.', next: 'See emulator/README.md.' }
    return reply.status(404).send({ error })
  })
  server.get('/api/health', async () => ({ name: 'emulator', ok: true, version }))
  server.register(entraRoutes, { settings, tokens, keys: entraKeys, users })
  server.register(openidRoutes, { callKeys, messageKeys })
  server.register((graph) => openGraphDoor(graph, operations, { world, tokens }), { prefix: '/v1.0' })
  server.register((beta) => openGraphDoor(beta, betaOperations, { world, tokens }), { prefix: '/beta' })
  server.register(recordingRoutes, world)
  server.register(connectorRoutes, { chat, tokens })
  server.register((control) => openControl(control, house, mounted))
  return server
}

/** The control API, and the pages that use it. */
async function openControl(control: FastifyInstance, house: House, mounted: ReadonlySet<string>): Promise<void> {
  const { settings, clock, wire, world, scripts, forget } = house
  const { traffic, faults, tokens, chat, messageKeys, rotateKeys } = wire
  guard(control, settings)
  await controlRoutes(control, { world, traffic, rotateKeys, forget })
  await conversationControl(control, world)
  await policyRecordingControl(control, world)
  await faultRoutes(control, { faults, operations: mounted })
  await scriptRoutes(control, { scripts })
  await timeRoutes(control, clock)
  await pageRoutes(control, { world, traffic })
  await resourceControlRoutes(control, { ...world, tokens })
  await messageRoutes(control, { settings, clock, chat, messageKeys })
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
