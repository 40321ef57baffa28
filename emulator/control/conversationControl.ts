import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { hangUp } from '../world/answer.ts'
import { type Conversation, hasEnded, type Participant } from '../world/call.ts'
import { callsIn, findCall, listConversations } from '../world/calls.ts'
import { findParticipant, isGroup, legsOf, peopleOf } from '../world/conversation.ts'
import { admit, endMeeting, leave, ofMeeting, personJoins } from '../world/conversations.ts'
import { identityOf } from '../world/identity.ts'
import { setMuted } from '../world/participants.ts'
import { callerHangsUp, personAdds } from '../world/person.ts'
import { speak } from '../world/recorder.ts'
import { startSharing, stopSharing } from '../world/roster.ts'
import { participantView } from '../world/views.ts'
import { samplesOf } from '../world/wav.ts'
import type { World } from '../world/world.ts'
import { decided, liveCallOf, meetingOf, named, phone, refuseUnknown, user } from './found.ts'

/** The control API of meetings and group calls: who comes, who goes, who speaks, and telephones that ring. */

const who = z.union([user, z.strictObject({ guest: named }), phone])

const spoken = z
  .strictObject({ seconds: z.number().positive().max(600), afterBeep: z.boolean().default(false) })
  .transform(({ seconds, afterBeep }) => ({ durationMs: seconds * 1000, afterBeep }))
/** Nobody says of more recordings beforehand what they will speak into them. */
const mostToBeSpoken = 20
const doing = z.strictObject({ action: z.enum(['leave', 'admit', 'mute', 'unmute', 'share', 'stopSharing']) })

/** The largest sound that somebody may speak: ten minutes. */
const maxSpeechBytes = 20_000_000

type OnParticipant = { Params: { id: string; participantId: string } }
type On = { Params: { id: string } }

export async function conversationControl(server: FastifyInstance, world: World): Promise<void> {
  conversationRoutes(server, world)
  meetingRoutes(server, world)
  speechRoutes(server, world)
  // Telephones that ring until somebody says what their owners do.
  server.get('/emulator/rings', async () => world.people.rings())
  server.post<On>('/emulator/rings/:id', async ({ params, body }, reply) => {
    world.people.decide(params.id, parseOrRefuse(decided, body, 'badRequest').outcome)
    return reply.status(204).send()
  })
}

function conversationRoutes(server: FastifyInstance, world: World): void {
  const conversationOf = (id: string): Conversation =>
    listConversations(world).find((one) => one.id === id) ??
    refuseUnknown(
      'conversationNotFound',
      'There is no such conversation.',
      'GET /emulator/conversations lists them; GET /emulator/calls/:id names the one of a call.',
    )

  server.get('/emulator/conversations', async () => listConversations(world).map(viewOf))
  server.get<On>('/emulator/conversations/:id', async ({ params }) => viewOf(conversationOf(params.id)))
  server.post<On>('/emulator/conversations/:id/leave', async ({ params }, reply) => {
    const conversation = conversationOf(params.id)
    for (const person of peopleOf(conversation)) act(world, conversation, person, 'leave')
    return reply.status(204).send()
  })
  server.post<On>('/emulator/calls/:id/add', async ({ params, body }, reply) => {
    const call = liveCallOf(world, params.id)
    personAdds(world, call, identityOf(parseOrRefuse(who, body, 'badRequest'), call.tenantId))
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
    act(world, conversation, participant, action)
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

function act(world: World, conversation: Conversation, participant: Participant, action: Action) {
  switch (action) {
    case 'leave': {
      const [call] = callsIn(world, conversation)
      // A call between two ends with either of them, also while it rings.
      if (!isGroup(conversation) && call) return callerHangsUp(world, call)
      if (participant.call) return hangUp(world, participant.call)
      return leave(world, conversation, participant)
    }
    case 'admit':
      return admit(world, conversation, participant)
    case 'mute':
    case 'unmute':
      return setMuted(world, conversation, participant, action === 'mute')
    case 'share':
      return void startSharing(world, conversation, participant)
    case 'stopSharing':
      for (const [id, sharer] of conversation.contentSharingSessions) {
        if (sharer === participant) stopSharing(world, conversation, id)
      }
  }
}

function meetingRoutes(server: FastifyInstance, world: World): void {
  server.post<On>('/emulator/meetings/:id/join', async ({ params, body }, reply) => {
    const meeting = meetingOf(world.meetings, params.id)
    const person = identityOf(parseOrRefuse(who, body, 'badRequest'), meeting.tenantId)
    return reply.status(201).send(participantView(personJoins(world, meeting, person)))
  })
  server.post<On>('/emulator/meetings/:id/end', async ({ params }, reply) => {
    endMeeting(world, ofMeeting(world, meetingOf(world.meetings, params.id)))
    return reply.status(204).send()
  })
}

/** Each of the next recordings hears one of these as soon as it listens. */
function speakLater({ toBeSpoken }: Conversation, durationMs: number): void {
  if (toBeSpoken.length === mostToBeSpoken) {
    throw new Refusal(409, 'tooMuchToSay', `At most ${mostToBeSpoken} recordings can be spoken into beforehand.`, {
      next: 'Wait until the bot has recorded.',
    })
  }
  toBeSpoken.push(durationMs)
}

/** Somebody speaks: for some seconds, now or into the next recording, or a WAV as prompts are. */
function speechRoutes(server: FastifyInstance, world: World): void {
  server.addContentTypeParser(/^audio\//, { parseAs: 'buffer', bodyLimit: maxSpeechBytes }, (_request, body, done) =>
    done(null, body),
  )
  server.post<On>('/emulator/calls/:id/speech', { bodyLimit: maxSpeechBytes }, async ({ params, body }, reply) => {
    const call = findCall(world, params.id)
    if (!call || hasEnded(call) || call.state !== 'established') {
      throw new Refusal(409, 'callNotEstablished', 'Nobody hears anything before the call is established.', {
        next: 'GET /emulator/calls/:id/wait?state=established first.',
      })
    }
    const samples = Buffer.isBuffer(body) ? samplesOf(body) : null
    if (Buffer.isBuffer(body) && !samples) {
      throw new Refusal(400, 'wrongAudio', 'The sound is not WAV, PCM, mono, 16 bit, 16 kHz.', { next: 'Convert it.' })
    }
    const { durationMs, afterBeep } = samples
      ? { durationMs: samples.length / 16, afterBeep: false }
      : parseOrRefuse(spoken, body, 'badRequest')
    if (afterBeep) speakLater(call.conversation, durationMs)
    else speak(world, call.conversation, durationMs, samples)
    return reply.status(202).send({ durationMs })
  })
}
