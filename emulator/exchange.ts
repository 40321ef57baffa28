import { randomUUID } from 'node:crypto'
import type { Clock } from '#communications/clock.ts'
import type {
  CommsOperation,
  IdentitySet,
  InvitationParticipantInfo,
  MediaInfo,
  ParticipantInfo,
  Tone,
} from '#communications/words.ts'
import type { AnswerBody, CreateCallBody, PlayPromptBody, RejectBody } from './bodies.ts'
import { type Call, hasEnded, newCall, plainId } from './call.ts'
import type { Delivery } from './delivery.ts'
import { createLifecycle, ends } from './lifecycle.ts'
import { incomingCall, legacyIncomingCall, updatedCall } from './notifications.ts'
import type { People } from './people.ts'
import { mayKnowCaller } from './permissions.ts'
import type { Player } from './player.ts'
import { Refusal } from './refusal.ts'
import type { App, Settings } from './settings.ts'
import { toneOf } from './tones.ts'
import type { TransferOutcome } from './transcript.ts'
import { createTransfers } from './transfers.ts'

const maxEndedCalls = 200

/** Whom a person at the control API places a call from and to. */
export type IncomingCall = {
  app: App
  webhook: string
  source: IdentitySet
  target: IdentitySet
  transfers?: TransferOutcome | 'ask' | undefined
}

/** The exchange: all calls, and what the bot and the people at the other end can do with them. */
export type Exchange = ReturnType<typeof createExchange>

type Deps = { settings: Settings; clock: Clock; delivery: Delivery; player: Player; people: People }

export function createExchange({ settings, clock, delivery, player, people }: Deps) {
  const calls = new Map<string, Call>()
  const find = (id: string): Call | undefined => calls.get(plainId(id))
  const { delays } = settings

  const lifecycle = createLifecycle({ settings, clock, delivery, player, onEnd: dropOldCalls })
  const { later, announce, establish, end, stopEverything, expectKeepAlive } = lifecycle
  const transfers = createTransfers({ settings, lifecycle, player, people, find })

  const ended: string[] = []
  function dropOldCalls(latest: Call) {
    ended.push(plainId(latest.id))
    if (ended.length > maxEndedCalls) calls.delete(ended.shift() ?? '')
  }

  function register(call: Call): Call {
    calls.set(plainId(call.id), call)
    call.transcript.add({ kind: 'state', state: call.state, audio: null })
    expectKeepAlive(call)
    return call
  }

  function chooseMedia(call: Call, { mediaConfig }: Pick<AnswerBody, 'mediaConfig'>) {
    call.media = mediaConfig['@odata.type']?.endsWith('serviceHostedMediaConfig') ? 'serviceHosted' : 'appHosted'
  }

  async function ring(call: Call, app: App) {
    if (settings.legacyFirst) {
      const status = await delivery.post(call, call.callbackUri, legacyIncomingCall(call))
      // Only 204 asks for the Graph form; a bot that took the old form gets nothing else.
      if (status !== 204 || hasEnded(call)) return
    }
    delivery.post(call, call.callbackUri, incomingCall(call, mayKnowCaller(app.permissions)))
  }

  function requireServiceHostedMedia(call: Call) {
    // What Graph answers here is not documented; 8500 is the sister service's code.
    if (call.media !== 'serviceHosted') throw new Refusal(400, '8500', 'The call has no service-hosted media.')
  }

  const operation = (type: string, status: 'running' | 'completed', clientContext: string | null | undefined) =>
    ({
      '@odata.type': `#microsoft.graph.${type}`,
      id: randomUUID(),
      status,
      clientContext: clientContext ?? null,
    }) satisfies CommsOperation

  return {
    /** The call with this id, also an ended one of which the control API still knows. */
    find,
    list: (): Call[] => [...calls.values()],

    /** Somebody calls the bot. */
    placeIncoming({ app, webhook, source, target, transfers }: IncomingCall): Call {
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
        }),
      )
      // What a call that was not answered brings is not shown anywhere: `deleted`, without a result.
      later(call, settings.answerWithinMs, () => {
        if (call.state === 'incoming') end(call, 'service', null)
      })
      void ring(call, app)
      return call
    },

    /** The bot calls one person. */
    createCall(app: App, tenantId: string, body: CreateCallBody): Call {
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
        }),
      )
      chooseMedia(call, body)
      const callee = targets[0]?.identity
      const person = people.find(callee?.phone?.id ?? callee?.user?.id)
      later(call, delays.establishing, () => announce(call))
      later(call, delays.establishing + (person?.afterMs ?? delays.person), () => {
        const onCall = person?.onCall ?? 'accept'
        if (onCall === 'accept') establish(call)
        else end(call, 'caller', onCall === 'decline' ? ends.declined : ends.unanswered)
      })
      return call
    },

    answer(call: Call, body: AnswerBody): void {
      call.state = 'establishing'
      call.callbackUri = body.callbackUri ?? call.callbackUri
      chooseMedia(call, body)
      later(call, delays.establishing, () => announce(call))
      later(call, delays.establishing + delays.established, () => establish(call))
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

    keepAlive: expectKeepAlive,

    playPrompt(call: Call, { prompts, clientContext }: PlayPromptBody): CommsOperation {
      requireServiceHostedMedia(call)
      const running = operation('playPromptOperation', 'running', clientContext)
      player.enqueue(call, {
        id: running.id,
        clientContext: running.clientContext,
        media: prompts.map(({ mediaInfo }) => mediaInfo as MediaInfo), // parsed by bodies.ts
        abort: new AbortController(),
      })
      return running
    },

    cancelMedia(call: Call, clientContext: string | null | undefined): CommsOperation {
      requireServiceHostedMedia(call)
      call.transcript.add({ kind: 'cancelled', operationIds: call.queue.map(({ id }) => id) })
      player.cancel(call)
      return operation('cancelMediaProcessingOperation', 'completed', clientContext)
    },

    subscribeToTone(call: Call, clientContext: string | null | undefined): CommsOperation {
      requireServiceHostedMedia(call)
      call.tonesHeard = true
      call.transcript.add({ kind: 'subscribed', clientContext: clientContext ?? null })
      return operation('subscribeToToneOperation', 'completed', clientContext)
    },

    transfer: transfers.begin,
    decideTransfer: transfers.decide,

    /** The person at the other end hangs up, or gives up while it rings. */
    callerHangsUp(call: Call): void {
      const { source, targets, state } = call
      const phone = call.direction === 'incoming' ? source.identity?.phone : targets[0]?.identity.phone
      end(call, 'caller', state === 'incoming' ? null : phone ? ends.byPhone : ends.byUser)
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
      const press = ({ key, tone }: { key: string; tone: Tone }) => {
        const heard = call.tonesHeard && call.state === 'established'
        call.transcript.add({ kind: 'tone', tone: key, heard })
        if (!heard) return
        call.toneSequence += 1
        const toneInfo = { '@odata.type': '#microsoft.graph.toneInfo' as const, sequenceId: call.toneSequence, tone }
        delivery.post(call, call.callbackUri, updatedCall(call, { toneInfo }))
      }
      for (const [place, one] of pressed.entries()) {
        if (place === 0) press(one)
        else later(call, place * gapMs, () => press(one))
      }
    },

    /** Drops every call without a word to anybody. */
    forget(): void {
      for (const call of calls.values()) {
        call.forgotten.abort()
        call.state = 'terminated'
        stopEverything(call)
      }
      calls.clear()
      ended.length = 0
    },
  }
}

export const applicationIdentity = (app: App): IdentitySet => ({
  '@odata.type': '#microsoft.graph.identitySet',
  application: {
    '@odata.type': '#microsoft.graph.identity',
    id: app.appId,
    displayName: app.displayName,
    tenantId: app.tenantId,
  },
})
