import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { BotData, IdentitySet } from '#communications/wire/types.ts'
import { json } from '#ground/json.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import type { Call } from '../world/call.ts'
import { findCall } from '../world/calls.ts'
import { placeIncoming } from '../world/dial.ts'
import { applicationIdentity, identityOf, plainIdentity } from '../world/identity.ts'
import { callNews, incomingContextOf, notification, tell } from '../world/notifications.ts'
import type { World } from '../world/world.ts'
import { user } from './found.ts'

/**
 * Policy-based recording, in what little of it is documented (contract: sequences.json, policy-recording-join): a bot whose answer
 * named participantCapacity is told of later participants of the same policy group, and says by the body of its answer to that
 * notification whether it takes them. Not documented, and so our choice: the envelope, which is that of all notifications
 * (`updated`, on the call), how long the bot may take, and what follows a rejection, which is nothing.
 */

type Response = 'accept' | 'reject' | 'inviteNewBot'

/** Somebody whom the policy lets be recorded. They talk elsewhere: this call hears them only. */
type PolicyParticipant = {
  readonly id: string
  readonly identity: IdentitySet
  /** What the bot answered; null before that, or where it was no answer. */
  response: Response | null
  /** The call that was made to `inviteUri`. */
  newCallId: string | null
}

export type PolicyParticipantView = ReturnType<typeof viewOf>
const viewOf = ({ identity, ...participant }: PolicyParticipant) => ({
  ...participant,
  identity: plainIdentity(identity),
})

/** What a person at the control API says of a call for policy recording. */
export const policyRecordingCall = z.strictObject({
  policyIdentifier: z.string().min(1),
  otherSideUser: z.strictObject({ id: z.string().min(1) }).optional(),
})

/** The join information as example 3 of the call-answer page prints it, in what of it an emulator can know. */
export const botDataOf = (
  { policyIdentifier, otherSideUser }: z.output<typeof policyRecordingCall>,
  tenantId: string,
): BotData => ({
  user: { participationMethod: 'caller' },
  ...(otherSideUser && { otherSideUser: { id: otherSideUser.id, tenantId, participationMethod: 'callee' } }),
  inviteReasons: ['PolicyBasedRecording'],
  policyIdentifier,
  pairedRecorders: [],
  otherRecorders: [],
})

const type = (name: string) => z.enum([`#microsoft.graph.${name}`, `microsoft.graph.${name}`])
/** The page capitalises the reasons, the metadata does not. */
const reason = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['none', 'busy', 'forbidden']))
const joinResponse = z.union([
  z.object({ '@odata.type': type('acceptJoinResponse') }).transform(() => ({ response: 'accept' as const })),
  z
    .object({ '@odata.type': type('rejectJoinResponse'), reason: reason.nullish() })
    .transform(() => ({ response: 'reject' as const })),
  z
    .object({ '@odata.type': type('inviteNewBotResponse'), inviteUri: z.url({ protocol: /^https$/ }) })
    .transform(({ inviteUri }) => ({ response: 'inviteNewBot' as const, inviteUri })),
])

/** Says of somebody that they come or have left. `call` tells who it is about as an incoming policy recording call does. */
const notificationOf = (
  name: 'participantJoiningNotification' | 'participantLeftNotification',
  call: Call,
  { id, identity }: PolicyParticipant,
) =>
  notification('updated', call.id, {
    '@odata.type': `#microsoft.graph.${name}`,
    id: randomUUID(),
    ...(name === 'participantLeftNotification' && { participantId: id }),
    call: {
      ...callNews(call),
      source: { '@odata.type': '#microsoft.graph.participantInfo', id, identity },
      incomingContext: incomingContextOf(id),
      ...(call.botData && { applicationMetadata: { botData: call.botData } }),
    },
  })

type On = { Params: { id: string } }
type OnParticipant = { Params: { id: string; participantId: string } }

/** The control API's part about it: who comes, who goes, and what the bot said. */
export async function policyRecordingControl(server: FastifyInstance, world: World): Promise<void> {
  const participants = new WeakMap<Call, Map<string, PolicyParticipant>>()

  /** A call for policy recording, and those who are or may be recorded on it. Throws a Refusal 409 for any other call. */
  function of(id: string) {
    const call = findCall(world, id)
    const capacity = call?.terms.participantCapacity ?? null
    if (call?.state !== 'established' || capacity === null) {
      throw new Refusal(409, 'noPolicyRecording', 'There is no established call of that id for policy recording.', {
        next: 'The bot has to answer with participantCapacity first.',
      })
    }
    const those = participants.get(call) ?? new Map<string, PolicyParticipant>()
    participants.set(call, those)
    return { call, those, capacity }
  }

  server.post<On>('/emulator/calls/:id/policyParticipants', async ({ params, body }, reply) => {
    const asked = parseOrRefuse(user, body, 'badRequest')
    const { call, those, capacity } = of(params.id)
    if ([...those.values()].filter(({ response }) => response === 'accept').length >= capacity) {
      throw new Refusal(409, 'capacityReached', 'The bot takes no more participants on this call.', {
        next: 'Let the bot answer with a larger participantCapacity.',
      })
    }
    const identity = identityOf(asked, call.tenantId)
    const participant: PolicyParticipant = { id: randomUUID(), identity, response: null, newCallId: null }
    those.set(participant.id, participant)
    void tell(world, call, notificationOf('participantJoiningNotification', call, participant), (answer) =>
      take(world, call, participant, answer),
    )
    return reply.status(202).send(viewOf(participant))
  })
  server.get<On>('/emulator/calls/:id/policyParticipants', async ({ params }) =>
    [...of(params.id).those.values()].map(viewOf),
  )
  server.delete<OnParticipant>('/emulator/calls/:id/policyParticipants/:participantId', async ({ params }, reply) => {
    const { call, those } = of(params.id)
    const participant = those.get(params.participantId)
    if (participant?.response !== 'accept') {
      throw new Refusal(404, 'participantNotFound', 'The bot records no such participant.', {
        next: 'GET /emulator/calls/:id/policyParticipants lists them, and what the bot said.',
      })
    }
    those.delete(participant.id)
    note(call, 'left', participant)
    void tell(world, call, notificationOf('participantLeftNotification', call, participant))
    return reply.status(204).send()
  })
}

function note(call: Call, kind: 'joined' | 'left', { id, identity }: PolicyParticipant): void {
  call.transcript.add({ kind, participantId: id, name: identity.user?.displayName ?? null, lobby: false })
}

/** What the bot's answer says of who joins. */
function take(world: World, call: Call, participant: PolicyParticipant, answer: string): void {
  const parsed = joinResponse.safeParse(json(answer))
  if (!parsed.success) {
    // 8609 in the sister service.
    const message = 'The bot’s answer is no join response.'
    call.transcript.add({ kind: 'failed', what: 'notification', message })
    return
  }
  if (participant.response !== null) return // a repeat, answered again
  participant.response = parsed.data.response
  if (parsed.data.response === 'accept') note(call, 'joined', participant)
  const app = world.settings.apps.find(({ appId }) => appId === call.appId)
  if (parsed.data.response !== 'inviteNewBot' || !app) return
  const target = call.targets[0]?.identity ?? applicationIdentity(app)
  const invited = { app, webhook: parsed.data.inviteUri, source: participant.identity, target, botData: call.botData }
  participant.newCallId = placeIncoming(world, invited).id
}
