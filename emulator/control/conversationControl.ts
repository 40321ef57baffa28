import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { type Conversation, hasEnded, type Participant } from '../world/call.ts'
import { findParticipant, isGroup, legsOf, peopleOf } from '../world/conversation.ts'
import type { Exchange } from '../world/exchange.ts'
import type { Meetings } from '../world/meetings.ts'
import type { People } from '../world/people.ts'
import { participantView } from '../world/views.ts'
import { samplesOf } from '../world/wav.ts'
import { identityOf, liveCallOf, meetingOf, refuseUnknown } from './found.ts'

/** The control API of meetings and group calls: who comes, who goes, who speaks, and telephones that ring. */

const phoneNumber = z.string().regex(/^\+[1-9]\d{4,14}$/, 'must be E.164, e.g. +14255550123')
const named = z.strictObject({ id: z.string().min(1), displayName: z.string().optional() })
const who = z.union([
  z.strictObject({ user: named }),
  z.strictObject({ guest: named }),
  z.strictObject({ phone: phoneNumber }),
])

const outcome = z.strictObject({ outcome: z.enum(['accept', 'decline', 'noAnswer']) })
const silence = z.strictObject({ seconds: z.number().positive().max(600) })
const doing = z.strictObject({ action: z.enum(['leave', 'admit', 'mute', 'unmute', 'share', 'stopSharing']) })

/** The largest sound that somebody may speak: ten minutes. */
const maxSpeechBytes = 20_000_000

type Deps = { exchange: Exchange; meetings: Meetings; people: People }
type OnParticipant = { Params: { id: string; participantId: string } }
type On = { Params: { id: string } }

export async function conversationControl(server: FastifyInstance, deps: Deps): Promise<void> {
  conversationRoutes(server, deps)
  meetingRoutes(server, deps)
  speechRoutes(server, deps)
  // Telephones that ring until somebody says what their owners do.
  server.get('/emulator/rings', async () => deps.people.rings())
  server.post<On>('/emulator/rings/:id', async ({ params, body }, reply) => {
    deps.people.decide(params.id, parseOrRefuse(outcome, body, 'badRequest').outcome)
    return reply.status(204).send()
  })
}

function conversationRoutes(server: FastifyInstance, { exchange }: Deps): void {
  const conversationOf = (id: string): Conversation =>
    exchange.conversation(id) ??
    refuseUnknown(
      'conversationNotFound',
      'There is no such conversation.',
      'GET /emulator/conversations lists them; GET /emulator/calls/:id names the one of a call.',
    )

  server.get('/emulator/conversations', async () => exchange.conversationList().map(viewOf))
  server.get<On>('/emulator/conversations/:id', async ({ params }) => viewOf(conversationOf(params.id)))
  server.post<On>('/emulator/conversations/:id/leave', async ({ params }, reply) => {
    const conversation = conversationOf(params.id)
    for (const person of peopleOf(conversation)) act(exchange, conversation, person, 'leave')
    return reply.status(204).send()
  })
  server.post<On>('/emulator/calls/:id/add', async ({ params, body }, reply) => {
    const call = liveCallOf(exchange, params.id)
    exchange.personAdds(call, identityOf(parseOrRefuse(who, body, 'badRequest'), call.tenantId))
    return reply.status(202).send(viewOf(call.conversation))
  })
  server.post<OnParticipant>('/emulator/conversations/:id/participants/:participantId', async ({ params, body }) => {
    const { action } = parseOrRefuse(doing, body, 'badRequest')
    const conversation = conversationOf(params.id)
    const participant =
      findParticipant(conversation, params.participantId) ??
      refuseUnknown(
        'participantNotFound',
        'There is no such participant.',
        'GET /emulator/conversations/:id lists them.',
      )
    act(exchange, conversation, participant, action)
    return viewOf(conversation)
  })
}

function viewOf(conversation: Conversation) {
  return {
    id: conversation.id,
    kind: conversation.kind,
    meetingId: conversation.meeting?.id ?? null,
    tenantId: conversation.tenantId,
    callIds: legsOf(conversation).map(({ id }) => id),
    contentSharing: [...conversation.contentSharingSessions.keys()],
    participants: [...conversation.participants.values()].map(participantView),
  }
}

type Action = z.output<typeof doing>['action']

function act(exchange: Exchange, conversation: Conversation, participant: Participant, action: Action) {
  const { conversations } = exchange
  switch (action) {
    case 'leave': {
      const [call] = exchange.callsIn(conversation)
      // A call between two ends with either of them, also while it rings.
      if (!isGroup(conversation) && call) return exchange.callerHangsUp(call)
      if (participant.call) return exchange.hangUp(participant.call)
      return conversations.leave(conversation, participant)
    }
    case 'admit':
      return conversations.admit(conversation, participant)
    case 'mute':
    case 'unmute':
      return conversations.personMutes(conversation, participant, action === 'mute')
    case 'share':
      return void conversations.startSharing(conversation, participant)
    case 'stopSharing':
      for (const [id, sharer] of conversation.contentSharingSessions) {
        if (sharer === participant) conversations.stopSharing(conversation, id)
      }
  }
}

function meetingRoutes(server: FastifyInstance, { exchange, meetings }: Deps): void {
  const { conversations } = exchange
  server.post<On>('/emulator/meetings/:id/join', async ({ params, body }, reply) => {
    const meeting = meetingOf(meetings, params.id)
    const person = identityOf(parseOrRefuse(who, body, 'badRequest'), meeting.tenantId)
    return reply.status(201).send(participantView(conversations.personJoins(meeting, person)))
  })
  server.post<On>('/emulator/meetings/:id/end', async ({ params }, reply) => {
    conversations.endMeeting(conversations.ofMeeting(meetingOf(meetings, params.id)))
    return reply.status(204).send()
  })
}

/** Somebody speaks: for some seconds, or a WAV as prompts are. */
function speechRoutes(server: FastifyInstance, { exchange }: Deps): void {
  server.addContentTypeParser(/^audio\//, { parseAs: 'buffer', bodyLimit: maxSpeechBytes }, (_request, body, done) =>
    done(null, body),
  )
  server.post<On>('/emulator/calls/:id/speech', { bodyLimit: maxSpeechBytes }, async ({ params, body }, reply) => {
    const call = exchange.find(params.id)
    if (!call || hasEnded(call) || call.state !== 'established') {
      throw new Refusal(409, 'callNotEstablished', 'Nobody hears anything before the call is established.', {
        next: 'GET /emulator/calls/:id/wait?state=established first.',
      })
    }
    const samples = Buffer.isBuffer(body) ? samplesOf(body) : null
    if (Buffer.isBuffer(body) && !samples) {
      throw new Refusal(400, 'wrongAudio', 'The sound is not WAV, PCM, mono, 16 bit, 16 kHz.', { next: 'Convert it.' })
    }
    const durationMs = samples ? samples.length / 16 : parseOrRefuse(silence, body, 'badRequest').seconds * 1000
    exchange.conversations.speak(call.conversation, durationMs, samples)
    return reply.status(202).send({ durationMs })
  })
}
