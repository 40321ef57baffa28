import { randomUUID } from 'node:crypto'
import type {
  CommsOperation,
  IdentitySet,
  InvitationParticipantInfo,
  MediaInfo,
  MeetingInfo,
  ParticipantInfo,
  ResultInfo,
  Tone,
} from '#communications/wire/types.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type {
  AnswerBody,
  CreateCallBody,
  PlayPromptBody,
  RecordResponseBody,
  RedirectBody,
  RejectBody,
  SendDtmfTonesBody,
} from '../graph/bodies.ts'
import { mayKnowCaller } from '../graph/permissions.ts'
import type { App, Settings } from '../settings.ts'
import type { Delivery } from '../wire/delivery.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded, isGroup, newCall } from './call.ts'
import {
  type Conversation,
  legsOf,
  newChat,
  newConversation,
  newParticipant,
  peopleOf,
  waitsInLobby,
} from './conversation.ts'
import { createConversations } from './conversations.ts'
import { createLifecycle, ends, type Operation } from './lifecycle.ts'
import type { Meetings } from './meetings.ts'
import { incomingCall, legacyIncomingCall, updatedCall } from './notifications.ts'
import { type People, personId } from './people.ts'
import type { Player } from './player.ts'
import type { Recordings } from './recordings.ts'
import { createRings } from './rings.ts'
import { keyOf, toneOf } from './tones.ts'
import type { TransferOutcome } from './transcript.ts'
import { createTransfers } from './transfers.ts'

const maxEndedCalls = 200
const maxAudibleCalls = 20

/** Whom a person at the control API places a call from and to. */
export type IncomingCall = {
  app: App
  webhook: string
  source: IdentitySet
  target: IdentitySet
  transfers?: TransferOutcome | 'ask' | undefined
  /** Whom the bot is asked to join; a conversation of its own otherwise. */
  conversation?: Conversation | undefined
}

/** The exchange: all calls, and what the bot and the people at the other end can do with them. */
export type Exchange = ReturnType<typeof createExchange>

type Deps = {
  settings: Settings
  clock: Clock
  delivery: Delivery
  player: Player
  people: People
  meetings: Meetings
  recordings: Recordings
}

export function createExchange({ settings, clock, delivery, player, people, meetings, recordings }: Deps) {
  const calls = new Map<string, Call>()
  const find = (id: string): Call | undefined => calls.get(normalId(id))
  const { delays } = settings

  const lifecycle = createLifecycle({ settings, clock, delivery, player, onEnd: callEnded })
  const { later, announce, establish, end, stopEverything, expectKeepAlive, newOperation, endOperation } = lifecycle
  const rings = createRings({ settings, people, lifecycle })
  const conversations = createConversations({ settings, clock, lifecycle, delivery, meetings, rings, find, callBot })
  const transfers = createTransfers({ settings, lifecycle, player, people, conversations, find })

  function callEnded(call: Call) {
    call.whenTaken?.('decline')
    call.whenTaken = null
    conversations.callEnded(call)
    recordings.callEnded(call)
    dropOldCalls(call)
  }

  const ended: string[] = []
  function dropOldCalls(latest: Call) {
    ended.push(normalId(latest.id))
    if (ended.length > maxEndedCalls) calls.delete(ended.shift() ?? '')
    // What was said is worth megabytes a call: only the last ones can still be listened to.
    calls.get(ended.at(-maxAudibleCalls - 1) ?? '')?.sounded.clear()
  }

  function register(call: Call): Call {
    calls.set(normalId(call.id), call)
    call.conversation.joining.add(call)
    call.transcript.add({ kind: 'state', state: call.state, audio: null })
    expectKeepAlive(call)
    return call
  }

  /** What the request that took the call says of its media and of what the bot wants to hear. */
  function choose(call: Call, { mediaConfig, callOptions }: Pick<AnswerBody, 'mediaConfig' | 'callOptions'>) {
    call.media = mediaConfig['@odata.type']?.endsWith('serviceHostedMediaConfig') ? 'serviceHosted' : 'appHosted'
    // No page gives defaults: false (project choice of the contract).
    call.options = {
      isDeltaRosterEnabled: callOptions?.isDeltaRosterEnabled ?? false,
      isContentSharingNotificationEnabled: callOptions?.isContentSharingNotificationEnabled ?? false,
    }
  }

  async function ring(call: Call, app: App) {
    if (settings.legacyFirst) {
      const status = await delivery.post(call, call.callbackUri, legacyIncomingCall(call))
      // Only 204 asks for the Graph form; a bot that took the old form gets nothing else.
      if (status !== 204 || hasEnded(call)) return
    }
    delivery.post(call, call.callbackUri, incomingCall(call, mayKnowCaller(app.permissions)))
  }

  function liveConversations(): Conversation[] {
    const ofCalls = [...calls.values()].filter((call) => !hasEnded(call)).map(({ conversation }) => conversation)
    return [...new Set([...ofCalls, ...conversations.held()])]
  }

  /** Who the bot is in its own leg: as it joined, or as it was called. */
  const selfOf = ({ direction, source, targets }: Call): IdentitySet =>
    (direction === 'outgoing' ? source.identity : targets[0]?.identity) ?? {}

  /** The bot is connected, and in the conversation. */
  function connect(call: Call) {
    establish(call)
    conversations.botEnters(call, selfOf(call))
    call.whenTaken?.('accept')
    call.whenTaken = null
  }

  /** Another bot is asked into a conversation: its webhook hears of an incoming call. The result takes the question back. */
  function callBot(inviting: Call, app: App, settle: (outcome: TransferOutcome) => void): () => void {
    const source = selfOf(inviting)
    const target = applicationIdentity(app)
    const { conversation } = inviting
    const leg = placeIncoming({ app, webhook: app.webhook ?? '', source, target, conversation })
    leg.whenTaken = settle
    return () => {
      leg.whenTaken = null
      if (!hasEnded(leg)) end(leg, 'service', null)
    }
  }

  function outgoing(app: App, tenantId: string, body: CreateCallBody, conversation: Conversation): Call {
    const targets = (body.targets ?? []).filter((target) => target !== null) as InvitationParticipantInfo[] // parsed by bodies.ts
    const call = register(
      newCall(clock, {
        tenantId,
        appId: app.appId,
        direction: 'outgoing',
        source: {
          '@odata.type': '#microsoft.graph.participantInfo',
          identity: (body.source?.identity as IdentitySet | undefined) ?? applicationIdentity(app), // parsed by bodies.ts
        },
        targets,
        transfers: undefined,
        state: 'establishing',
        callbackUri: body.callbackUri,
        media: null,
        conversation,
      }),
    )
    choose(call, body)
    call.subject = body.subject ?? null
    later(call, delays.establishing, () => announce(call))
    return call
  }

  /** Rings one person; the call is established when that one takes it. */
  function callPerson(call: Call) {
    const identity = call.targets[0]?.identity ?? {}
    later(call, delays.establishing, () => {
      rings.start(call, { identity, what: 'call' }, (outcome) => {
        if (outcome !== 'accept') return end(call, 'caller', outcome === 'decline' ? ends.declined : ends.unanswered)
        conversations.enter(call.conversation, newParticipant(identity))
        connect(call)
      })
    })
  }

  /** A group call stands at once; people come into it as they take it. When none does, it ends. */
  function callGroup(call: Call) {
    later(call, delays.establishing + delays.established, () => {
      connect(call)
      let open = call.targets.length
      for (const { identity } of call.targets) {
        rings.start(call, { identity, what: 'call', noAnswerMs: settings.invitationTimeoutMs }, (outcome) => {
          open -= 1
          call.transcript.add({ kind: 'invited', id: personId(identity), outcome })
          if (outcome === 'accept') conversations.enter(call.conversation, newParticipant(identity))
          const alone = [...call.conversation.participants.values()].every((one) => one.call)
          if (open === 0 && alone) end(call, 'service', ends.nobodyJoined)
        })
      }
    })
  }

  function joinMeeting(app: App, tenantId: string, body: CreateCallBody, info: MeetingInfo): Call {
    const meeting = conversations.meetingFor(tenantId, meetingAddress(info, body))
    const conversation = meeting ? conversations.ofMeeting(meeting) : newConversation('meeting', tenantId)
    const call = outgoing(app, tenantId, body, conversation)
    call.joinedWith = joinedWith[info['@odata.type']]
    later(call, delays.establishing + delays.established, () => {
      // What a meeting that does not exist brings is not documented; the table of call ends has this for a call without a way.
      if (meeting) connect(call)
      else end(call, 'service', ends.noRoute)
    })
    return call
  }

  /** Somebody calls the bot, alone or into a conversation. */
  function placeIncoming({ app, webhook, source, target, transfers, conversation }: IncomingCall): Call {
    const talk = conversation ?? newConversation('peerToPeer', app.tenantId)
    if (!conversation) conversations.enter(talk, newParticipant(source))
    const call = register(
      newCall(clock, {
        tenantId: app.tenantId,
        appId: app.appId,
        direction: 'incoming',
        source: {
          '@odata.type': '#microsoft.graph.participantInfo',
          id: randomUUID(),
          identity: source,
          ...(source.phone ? {} : { endpointType: 'default' as const, region: 'amer', languageId: 'en-us' }),
        } satisfies ParticipantInfo,
        targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity: target }],
        transfers,
        state: 'incoming',
        callbackUri: webhook,
        media: null,
        conversation: talk,
      }),
    )
    // What a call that was not answered brings is not shown anywhere: `deleted`, without a result.
    later(call, settings.answerWithinMs, () => {
      if (call.state === 'incoming') end(call, 'service', null)
    })
    void ring(call, app)
    return call
  }

  return {
    /** The call with this id, also an ended one of which the control API still knows. */
    find,
    list: (): Call[] => [...calls.values()],

    /** Everything that is talked in now: of live calls, and meetings that people are in without a bot. */
    conversationList: liveConversations,
    conversation: (id: string): Conversation | undefined => liveConversations().find((one) => one.id === id),

    placeIncoming,

    /** The bot calls one person or several, or joins a meeting. Throws a Refusal for a meeting that cannot be joined. */
    createCall(app: App, tenantId: string, body: CreateCallBody): Call {
      if (body.meetingInfo) return joinMeeting(app, tenantId, body, body.meetingInfo as MeetingInfo) // parsed by bodies.ts
      const isOne = body.targets?.length === 1
      const call = outgoing(app, tenantId, body, isOne ? newConversation('peerToPeer', tenantId) : newGroup(tenantId))
      if (isOne) callPerson(call)
      else callGroup(call)
      return call
    },

    answer(call: Call, body: AnswerBody): void {
      call.state = 'establishing'
      call.callbackUri = body.callbackUri ?? call.callbackUri
      choose(call, body)
      call.participantCapacity = body.participantCapacity ?? null
      later(call, delays.establishing, () => announce(call))
      later(call, delays.establishing + delays.established, () => connect(call))
    },

    /** The documented example of what follows carries no result. */
    reject(call: Call, body: RejectBody): void {
      call.callbackUri = body.callbackUri ?? call.callbackUri
      end(call, 'bot', null)
    },

    /** The bot hangs up. */
    hangUp(call: Call): void {
      if (call.state === 'incoming') {
        end(call, 'bot', null)
        return
      }
      call.state = 'terminating'
      stopEverything(call)
      announce(call)
      later(call, delays.terminated, () => end(call, 'bot', ends.byBot))
    },

    /**
     * The telephones of all targets ring at once; the first that takes the call has it. The bot's leg ends either way, and says nothing
     * of how it went (call-redirect page).
     */
    redirect(call: Call, body: RedirectBody): void {
      const targets = body.targets as InvitationParticipantInfo[] // parsed by bodies.ts
      call.state = 'redirecting'
      call.callbackUri = body.callbackUri ?? call.callbackUri
      call.transcript.add({ kind: 'state', state: 'redirecting', audio: null })
      for (const { identity } of targets)
        call.transcript.add({ kind: 'redirected', id: personId(identity), outcome: null })
      let stops: (() => void)[] = []
      const over = (id: string | null, outcome: TransferOutcome) => {
        for (const stop of stops) stop()
        call.transcript.add({ kind: 'redirected', id, outcome })
        end(call, 'service', null)
      }
      if (targets.some(({ identity }) => identity.phone) && !mayReachPhones(call)) {
        call.transcript.add({ kind: 'failed', what: 'redirect', message: noInstance })
        later(call, delays.transferring, () => over(null, 'decline'))
        return
      }
      // Defaults of the page, subject to change as it says.
      const seconds = body.timeout ?? (targets.length > 1 ? 60 : 55)
      let open = targets.length
      stops = targets.map(({ identity }) =>
        rings.start(call, { identity, what: 'redirect', noAnswerMs: seconds * 1000 }, (outcome) => {
          open -= 1
          if (outcome === 'accept' || open === 0) over(personId(identity), outcome)
        }),
      )
    },

    keepAlive: expectKeepAlive,

    playPrompt(call: Call, { prompts, clientContext }: PlayPromptBody): Operation {
      const running = newOperation(call, '#microsoft.graph.playPromptOperation', 'running', clientContext)
      player.enqueue(call, {
        id: running.id,
        clientContext: running.clientContext,
        media: prompts.map(({ mediaInfo }) => mediaInfo as MediaInfo), // parsed by bodies.ts
        record: null,
        abort: new AbortController(),
      })
      return running
    },

    /** `origin` is where the recording will be fetched from. Throws a Refusal where recording had to be announced first. */
    recordResponse(call: Call, body: RecordResponseBody, origin: string): Operation {
      const announced = call.conversation.participants.get(call.myParticipantId)?.recordingStatus === 'recording'
      const needed = settings.recordingStatusNeeded
      if (!announced && (needed === 'always' || (needed === 'inGroupCalls' && isGroup(call.conversation)))) {
        // Which error this brings is not documented.
        throw new Refusal(403, '7502', 'Recording has to be announced first: updateRecordingStatus with recording.')
      }
      const running = newOperation(call, '#microsoft.graph.recordOperation', 'running', body.clientContext, {
        resultInfo: null,
        recordingLocation: null,
      })
      // Each timer has 5 s by default (call-record page).
      const ms = (seconds: number | null | undefined) => (seconds ?? 5) * 1000
      const operation = {
        id: running.id,
        clientContext: running.clientContext,
        media: (body.prompts ?? []).map(({ mediaInfo }) => mediaInfo as MediaInfo), // parsed by bodies.ts
        record: {
          initialSilenceMs: ms(body.initialSilenceTimeoutInSeconds),
          maxSilenceMs: ms(body.maxSilenceTimeoutInSeconds),
          maxDurationMs: ms(body.maxRecordDurationInSeconds),
          playBeep: body.playBeep ?? true,
          stopTones: (body.stopTones ?? []).map((key) => key.toLowerCase()),
          origin,
        },
        abort: new AbortController(),
      }
      player.enqueue(call, operation, body.bargeInAllowed ?? false)
      return running
    },

    cancelMedia(call: Call, clientContext: string | null | undefined): Operation {
      call.transcript.add({ kind: 'cancelled', operationIds: call.queue.map(({ id }) => id) })
      player.cancel(call)
      call.dtmfCut.abort()
      call.dtmfCut = new AbortController()
      return newOperation(call, '#microsoft.graph.cancelMediaProcessingOperation', 'completed', clientContext)
    },

    subscribeToTone(call: Call, clientContext: string | null | undefined): Operation {
      call.tonesHeard = true
      call.transcript.add({ kind: 'subscribed', clientContext: clientContext ?? null })
      return newOperation(call, '#microsoft.graph.subscribeToToneOperation', 'completed', clientContext)
    },

    /** Keys go out one after the other. `completed` says nothing; completionReason tells how it went (call-senddtmftones page). */
    sendDtmfTones(call: Call, { tones, delayBetweenTonesMs, clientContext }: SendDtmfTonesBody): Operation {
      const operation = newOperation(call, '#microsoft.graph.sendDtmfTonesOperation', 'running', clientContext)
      // No page has a default; cancelling it is suggested by the list of completionReason only.
      const gap = Math.max(0, delayBetweenTonesMs ?? 300) / settings.playbackSpeed
      const { signal } = call.dtmfCut
      call.dtmf = call.dtmf.then(async () => {
        for (const tone of tones) {
          if (signal.aborted || hasEnded(call)) break
          call.transcript.add({ kind: 'dtmf', tones: keyOf(tone) })
          await sleep(clock, gap, signal)
        }
        endOperation(call, operation, 'completed', {
          completionReason: signal.aborted ? 'mediaOperationCanceled' : 'completedSuccessfully',
        })
      })
      return operation
    },

    getOperation: (call: Call, operationId: string): CommsOperation | undefined =>
      call.operations.get(normalId(operationId)),

    conversations,
    transfer: transfers.begin,
    decideTransfer: transfers.decide,

    /** The person at the other end hangs up, or gives up while it rings. */
    callerHangsUp(call: Call): void {
      const { source, targets, state } = call
      const phone = call.direction === 'incoming' ? source.identity?.phone : targets[0]?.identity.phone
      if (isGroup(call.conversation) && state !== 'incoming') {
        const [person, ...others] = peopleOf(call.conversation)
        if (person && others.length === 0) {
          conversations.leave(call.conversation, person)
          return
        }
        throw new Refusal(409, 'whoHangsUp', 'Several people are in the call.', {
          next: 'POST /emulator/conversations/:id/participants/:id with { "action": "leave" } says who leaves.',
        })
      }
      end(call, 'caller', state === 'incoming' || state === 'redirecting' ? null : phone ? ends.byPhone : ends.byUser)
    },

    /** The person at the other end presses keys, `gapMs` apart. Throws a Refusal for what is not on a telephone. */
    press(call: Call, keys: string, gapMs: number): void {
      const pressed = [...keys].map((key) => {
        const tone = toneOf(key)
        if (tone) return { key, tone }
        throw new Refusal(400, 'unknownTone', 'A key is not on a telephone.', {
          next: 'Use 0-9 * # a-d, or ! for flash.',
        })
      })
      const hear = (leg: Call, key: string, tone: Tone) => {
        const heard = leg.tonesHeard && leg.state === 'established'
        leg.transcript.add({ kind: 'tone', tone: key, heard })
        if (!heard) return
        leg.toneSequence += 1
        const toneInfo = { '@odata.type': '#microsoft.graph.toneInfo' as const, sequenceId: leg.toneSequence, tone }
        delivery.post(leg, leg.callbackUri, updatedCall(leg, { toneInfo }))
      }
      // Who is in the same conversation hears it too; nobody is told who pressed (call-subscribetotone page).
      const press = ({ key, tone }: { key: string; tone: Tone }) => {
        for (const leg of legsOf(call.conversation)) if (!waitsInLobby(leg)) hear(leg, key, tone)
        for (const listener of [...call.conversation.listeners]) listener({ kind: 'tone', key: key.toLowerCase() })
      }
      for (const [place, one] of pressed.entries()) {
        if (place === 0) press(one)
        else later(call, place * gapMs, () => press(one))
      }
    },

    /** The service loses a call: it ends for everybody. Nothing happens to one that has ended. */
    drop(call: Call, result: ResultInfo): void {
      if (!hasEnded(call)) end(call, 'service', result)
    },

    /** Live calls that talk in it, or are about to. */
    callsIn: (conversation: Conversation): Call[] =>
      [...calls.values()].filter((call) => call.conversation === conversation && !hasEnded(call)),

    /** Drops every call without a word to anybody. */
    forget(): void {
      for (const call of calls.values()) {
        call.forgotten.abort()
        call.state = 'terminated'
        stopEverything(call)
      }
      calls.clear()
      ended.length = 0
      conversations.forget()
    },
  }
}

const joinedWith = {
  '#microsoft.graph.organizerMeetingInfo': 'organizer',
  '#microsoft.graph.tokenMeetingInfo': 'token',
  '#microsoft.graph.joinMeetingIdMeetingInfo': 'joinMeetingId',
} as const

function meetingAddress(info: MeetingInfo, { chatInfo }: CreateCallBody) {
  if ('token' in info) return { token: info.token }
  if ('joinMeetingId' in info) return { joinMeetingId: info.joinMeetingId, passcode: info.passcode ?? null }
  return { threadId: chatInfo?.threadId ?? '', organizer: info.organizer }
}

/** A group call that the bot itself makes: it has a chat of its own, so that others can be invited. */
const newGroup = (tenantId: string): Conversation =>
  newConversation('groupCall', tenantId, { meetingInfo: null, chatInfo: newChat() })

/** Numbers are reached through an application instance only, or by a call that came from one (pages of transfer and redirect). */
export const mayReachPhones = ({ direction, source, targets }: Call): boolean => {
  const [bot, other] =
    direction === 'incoming' ? [targets[0]?.identity, source.identity] : [source.identity, targets[0]?.identity]
  return Boolean(bot?.applicationInstance || other?.phone)
}
const noInstance = 'A phone number can be reached only from a call that came through an application instance.'

export const applicationIdentity = (app: App): IdentitySet => ({
  '@odata.type': '#microsoft.graph.identitySet',
  application: {
    '@odata.type': '#microsoft.graph.identity',
    id: app.appId,
    displayName: app.displayName,
    tenantId: app.tenantId,
  },
})
