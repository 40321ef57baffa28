import { randomUUID } from 'node:crypto'
import type { IdentitySet, MeetingInfo } from '#communications/wire/types.ts'
import { type App, allCallPermissions } from '../settings.ts'
import { type Call, type Conversation, hasEnded, type Placed, selfOf } from './call.ts'
import { newCall } from './calls.ts'
import { newChat, newConversation, newParticipant } from './conversation.ts'
import { botEnters, enter, type JoinAddress, meetingFor, ofMeeting } from './conversations.ts'
import { applicationIdentity, personId } from './identity.ts'
import { announce, end, ends, establish, later, notTaken } from './lifecycle.ts'
import { incomingCall, legacyIncomingCall, tell } from './notifications.ts'
import { ring } from './rings.ts'
import { agree, type CreateCall } from './taken.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/** How calls come about: a bot calls, joins a meeting or is called. */

/** The bot calls one person or several, or joins a meeting. Throws a Refusal for a meeting that cannot be joined. */
export function createCall(world: World, app: App, tenantId: string, body: CreateCall): Call {
  if (body.meetingInfo) return joinMeeting(world, app, tenantId, body, body.meetingInfo)
  if (body.targets?.length === 1) {
    const call = outgoing(world, app, tenantId, body, newConversation('peerToPeer', tenantId))
    callPerson(world, call)
    return call
  }
  // A group call that the bot itself makes: it has a chat of its own, so that others can be invited.
  const group = newConversation('groupCall', tenantId, { chatInfo: newChat() })
  const call = outgoing(world, app, tenantId, body, group)
  callGroup(world, call)
  return call
}

function outgoing(world: World, app: App, tenantId: string, body: CreateCall, conversation: Conversation): Call {
  const call = newCall(world, body.callbackUri, {
    tenantId,
    appId: app.appId,
    chainId: body.callChainId ?? randomUUID(),
    direction: 'outgoing',
    source: {
      '@odata.type': '#microsoft.graph.participantInfo',
      ...body.source,
      identity: body.source?.identity ?? applicationIdentity(app),
    },
    targets: (body.targets ?? []).filter((target) => target !== null),
    botData: null,
    transfers: undefined,
    state: 'establishing',
    conversation,
  })
  agree(call, body)
  later(world, call, world.settings.delays.establishing, () => announce(world, call))
  return call
}

/** Rings one person; the call is established when that one takes it. */
function callPerson(world: World, call: Call): void {
  const identity = call.targets[0]?.identity ?? {}
  later(world, call, world.settings.delays.establishing, () => {
    ring(world, call, { identity, what: 'call' }, (outcome) => {
      if (outcome !== 'accept') {
        return end(world, call, 'caller', notTaken(outcome))
      }
      enter(world, call.conversation, newParticipant(identity))
      connect(world, call)
    })
  })
}

/** A group call stands at once; people come into it as they take it. When none does, it ends. */
function callGroup(world: World, call: Call): void {
  const { delays, invitationTimeoutMs: noAnswerMs } = world.settings
  later(world, call, delays.establishing + delays.established, () => {
    connect(world, call)
    let open = call.targets.length
    for (const { identity } of call.targets) {
      ring(world, call, { identity, what: 'call', noAnswerMs }, (outcome) => {
        open -= 1
        call.transcript.add({ kind: 'invited', id: personId(identity), outcome })
        if (outcome === 'accept') enter(world, call.conversation, newParticipant(identity))
        const alone = [...call.conversation.participants.values()].every((one) => one.call || one.isGallery)
        if (open === 0 && alone) end(world, call, 'service', ends.nobodyJoined)
      })
    }
  })
}

function joinMeeting(world: World, app: App, tenantId: string, body: CreateCall, info: MeetingInfo): Call {
  const meeting = meetingFor(world, tenantId, addressOf(info, body))
  const conversation = meeting ? ofMeeting(world, meeting) : newConversation('meeting', tenantId)
  const call = outgoing(world, app, tenantId, body, conversation)
  const { delays } = world.settings
  later(world, call, delays.establishing + delays.established, () => {
    // What a meeting that does not exist brings is not documented; the table of call ends has this for a call without a way.
    if (meeting) connect(world, call)
    else end(world, call, 'service', ends.noRoute)
  })
  return call
}

function addressOf(info: MeetingInfo, { chatInfo }: CreateCall): JoinAddress {
  if ('token' in info) return { token: info.token }
  if ('joinMeetingId' in info) return { joinMeetingId: info.joinMeetingId, passcode: info.passcode ?? null }
  return { threadId: chatInfo?.threadId ?? '', organizer: info.organizer }
}

/** The bot is connected, and in the conversation. */
export function connect(world: World, call: Call): void {
  establish(world, call)
  botEnters(world, call)
  settleInvitation(call, 'accept')
}

type IncomingCall = { app: App; webhook: string; source: IdentitySet; target: IdentitySet } & Partial<
  Pick<Placed, 'transfers' | 'transferor' | 'botData' | 'conversation'>
>

/** Somebody calls the bot: alone, or into a conversation that it is asked to join. */
export function placeIncoming(world: World, placed: IncomingCall): Call {
  const { app, webhook, source, target, transfers, transferor, botData = null } = placed
  const conversation = placed.conversation ?? newConversation('peerToPeer', app.tenantId)
  if (!placed.conversation) enter(world, conversation, newParticipant(source))
  const call = newCall(world, webhook, {
    tenantId: app.tenantId,
    appId: app.appId,
    chainId: randomUUID(),
    direction: 'incoming',
    source: {
      '@odata.type': '#microsoft.graph.participantInfo',
      id: randomUUID(),
      identity: source,
      ...(source.phone ? {} : { endpointType: 'default' as const, region: 'amer', languageId: 'en-us' }),
    },
    targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity: target }],
    botData,
    transferor,
    transfers,
    state: 'incoming',
    conversation,
  })
  // What a call that was not answered brings is not shown anywhere: `deleted`, without a result.
  later(world, call, world.settings.answerWithinMs, () => {
    if (call.state === 'incoming') end(world, call, 'service', null)
  })
  void announceIncoming(world, call, app)
  return call
}

async function announceIncoming(world: World, call: Call, app: App): Promise<void> {
  if (world.settings.legacyFirst) {
    const status = await tell(world, call, legacyIncomingCall(call))
    // Only 204 asks for the Graph form; a bot that took the old form gets nothing else.
    if (status !== 204 || hasEnded(call)) return
  }
  tell(world, call, incomingCall(call, mayKnowCaller(app)))
}

/** A caller is shown in clear to apps that hold a permission of calls, encrypted to the others (call-answer page). */
const mayKnowCaller = ({ permissions }: App): boolean => permissions.some((held) => allCallPermissions.includes(held))

/** Another bot is asked into a conversation: its webhook hears of an incoming call. The result takes the question back. */
export function callBot(
  world: World,
  inviting: Call,
  app: App,
  settle: (outcome: TransferOutcome) => void,
): () => void {
  const leg = placeIncoming(world, {
    app,
    webhook: app.webhook ?? '',
    source: selfOf(inviting),
    target: applicationIdentity(app),
    conversation: inviting.conversation,
  })
  leg.whenTaken = settle
  return () => {
    leg.whenTaken = null
    if (!hasEnded(leg)) end(world, leg, 'service', null)
  }
}

/** Who asked the bot into a conversation hears whether it comes. */
export function settleInvitation(call: Call, outcome: TransferOutcome): void {
  call.whenTaken?.(outcome)
  call.whenTaken = null
}
