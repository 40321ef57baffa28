import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import type { IdentitySet } from '#communications/wire/types.ts'
import type { App } from '../settings.ts'
import { streamEvents } from '../wire/eventStream.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import type { Traffic } from '../wire/traffic.ts'
import { type Call, hasEnded } from '../world/call.ts'
import { listCalls } from '../world/calls.ts'
import { ofMeeting } from '../world/conversations.ts'
import { placeIncoming } from '../world/dial.ts'
import { applicationIdentity, identityOf } from '../world/identity.ts'
import { personSchema } from '../world/people.ts'
import { callerHangsUp, press } from '../world/person.ts'
import type { Entry } from '../world/transcript.ts'
import { decideTransfer } from '../world/transfers.ts'
import { viewOf } from '../world/views.ts'
import type { World } from '../world/world.ts'
import { appOf, callOf, decided, liveCallOf, meetingOf, named, phone, refuseUnknown, user } from './found.ts'
import { botDataOf, policyRecordingCall } from './policyRecording.ts'

/** The control API: the people at the other end, what went over the wire, and what shall go wrong. README.md tells how to use it. */

const placeCall = z.strictObject({
  appId: z.string().optional(),
  from: z.union([user, phone]),
  to: z
    .union([
      z.strictObject({ application: z.strictObject({ id: z.string().min(1) }) }),
      z.strictObject({ applicationInstance: named }),
    ])
    .optional(),
  transfers: decided.shape.outcome.or(z.literal('ask')).optional(),
  /** Who forwarded the call to the bot. */
  transferor: z.union([user, phone]).optional(),
  /** Ask the bot into this meeting. */
  meetingId: z.string().optional(),
  policyRecording: policyRecordingCall.optional(),
})
type PlaceCall = z.output<typeof placeCall>

const pressTones = z.strictObject({
  tones: z.string().min(1).max(64),
  gapMs: z.number().int().min(0).max(60_000).default(100),
})
const entriesAfter = z.object({ after: z.coerce.number().int().min(0).default(0) })
const waitFor = entriesAfter.extend({
  state: z.string().optional(),
  prompt: z.string().optional(),
  ended: z.string().optional(),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
})
const listRequests = entriesAfter.extend({ callId: z.string().optional() })

type ControlDeps = {
  world: World
  traffic: Traffic
  /** A new key signs notifications and messages from now on. */
  rotateKeys(): Promise<{ calls: string; messages: string }>
  /** Everything that was not a setting is gone. */
  forget(): void
}

type OnCall = { Params: { id: string } }

export async function controlRoutes(server: FastifyInstance, deps: ControlDeps): Promise<void> {
  const { world, traffic } = deps
  callRoutes(server, deps)
  personRoutes(server, deps)
  transcriptRoutes(server, deps)
  server.get('/emulator/requests', async ({ query }) => traffic.list(parseOrRefuse(listRequests, query, 'badRequest')))
  server.post('/emulator/people', async ({ body }, reply) => {
    world.people.put(parseOrRefuse(personSchema, body, 'badRequest'))
    return reply.status(204).send()
  })
  server.post('/emulator/keys/rotate', () => deps.rotateKeys())
  server.delete('/emulator', async (_request, reply) => {
    deps.forget()
    return reply.status(204).send()
  })
}

/** Somebody calls the bot, and which calls there are. */
function callRoutes(server: FastifyInstance, { world }: ControlDeps): void {
  server.post('/emulator/calls', async (request, reply) => {
    const body = parseOrRefuse(placeCall, request.body, 'badRequest')
    const { appId, from, to, transfers, transferor, meetingId, policyRecording } = body
    const app = appOf(world.settings.apps, appId ?? (to && 'application' in to ? to.application.id : undefined))
    if (!app.webhook) {
      throw new Refusal(409, 'callingNotEnabled', 'The app has no webhook for calls.', {
        next: 'Give it one in the settings.',
      })
    }
    const call = placeIncoming(world, {
      app,
      webhook: app.webhook,
      source: identityOf(from, app.tenantId),
      target: targetIdentity(body, app),
      transfers,
      transferor: transferor && identityOf(transferor, app.tenantId),
      botData: policyRecording && botDataOf(policyRecording, app.tenantId),
      conversation: meetingId === undefined ? undefined : ofMeeting(world, meetingOf(world.meetings, meetingId)),
    })
    return reply.status(201).send(viewOf(call))
  })
  server.get('/emulator/calls', async () => listCalls(world).map(viewOf))
  server.get<OnCall>('/emulator/calls/:id', async ({ params }) => viewOf(callOf(world, params.id)))
}

/** What the person at the other end of a call does. */
function personRoutes(server: FastifyInstance, { world }: ControlDeps): void {
  server.post<OnCall>('/emulator/calls/:id/tones', async ({ params, body }, reply) => {
    const { tones, gapMs } = parseOrRefuse(pressTones, body, 'badRequest')
    const call = liveCallOf(world, params.id)
    if (call.state !== 'established') {
      throw new Refusal(409, 'callNotEstablished', 'Nobody hears keys before the call is established.', {
        next: 'GET /emulator/calls/:id/wait?state=established first.',
      })
    }
    press(world, call, tones, gapMs)
    return reply.status(202).send({ heard: call.keys.heard })
  })
  server.post<OnCall>('/emulator/calls/:id/hangUp', async ({ params }) => {
    const call = liveCallOf(world, params.id)
    callerHangsUp(world, call)
    return viewOf(call)
  })
  server.post<OnCall>('/emulator/calls/:id/transfer', async ({ params, body }) => {
    const { outcome } = parseOrRefuse(decided, body, 'badRequest')
    const call = liveCallOf(world, params.id)
    decideTransfer(call, outcome)
    return viewOf(call)
  })
}

/** What happened on a call, what happens, and what sounded. */
function transcriptRoutes(server: FastifyInstance, { world }: ControlDeps): void {
  server.get<OnCall>('/emulator/calls/:id/wait', async (request) => {
    const query = parseOrRefuse(waitFor, request.query, 'badRequest')
    const call = callOf(world, request.params.id)
    const entry = await call.transcript.first(query.after, matcherOf(query), query.timeoutMs)
    if (entry) return entry
    const why = hasEnded(call) ? 'The call ended before that.' : 'That did not happen in time.'
    throw new Refusal(408, 'didNotHappen', why, { next: 'GET /emulator/calls/:id shows what happened instead.' })
  })
  server.get<OnCall>('/emulator/calls/:id/events', async (request, reply) => {
    const { after } = parseOrRefuse(entriesAfter, request.query, 'badRequest')
    const last = Number(request.headers['last-event-id'] ?? 0)
    streamEntries(callOf(world, request.params.id), Math.max(after, Number.isInteger(last) ? last : 0), reply)
    return reply
  })
  server.get<{ Params: { id: string; file: string } }>('/emulator/calls/:id/media/:file', async ({ params }, reply) => {
    const number = /^(\d+)\.wav$/.exec(params.file)?.[1]
    const prompt = callOf(world, params.id).sound.played.get(Number(number))
    if (prompt) return reply.type('audio/wav').send(prompt.bytes)
    refuseUnknown(
      'mediaNotFound',
      'No such prompt sounded on this call.',
      'Take `media` of a `prompt` entry of the transcript.',
    )
  })
}

const targetIdentity = ({ to }: PlaceCall, app: App): IdentitySet =>
  to && 'applicationInstance' in to ? identityOf(to, app.tenantId) : applicationIdentity(app)

function matcherOf({ state, prompt, ended }: z.output<typeof waitFor>): (entry: Entry) => boolean {
  if (state !== undefined) return (entry) => entry.kind === 'state' && entry.state === state
  if (prompt !== undefined) {
    const part = prompt.toLowerCase()
    return (entry) => entry.kind === 'prompt' && (part === '*' || Boolean(entry.text?.toLowerCase().includes(part)))
  }
  if (ended !== undefined) return (entry) => entry.kind === 'ended'
  throw new Refusal(400, 'badRequest', 'Nothing to wait for.', { next: 'Say ?state=…, ?prompt=… or ?ended=1.' })
}

/** What happened after entry `after`, and what happens until the call ends. */
function streamEntries(call: Call, after: number, reply: FastifyReply): void {
  // 204 tells an EventSource that came back after the end to stop asking.
  if (hasEnded(call) && call.transcript.after(after).length === 0) {
    reply.status(204).send()
    return
  }
  streamEvents(reply, (raw) =>
    call.transcript.follow(after, (entry) => {
      if (raw.writableEnded) return
      raw.write(`id: ${entry.n}\ndata: ${JSON.stringify(entry)}\n\n`)
      if (entry.kind === 'ended') raw.end()
    }),
  )
}
