import { randomUUID } from 'node:crypto'
import type {
  CommsOperation,
  Call as GraphCall,
  OperationStatus,
  OperationType,
  ResultInfo,
} from '#communications/wire/types.ts'
import type { Cancel, Clock } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Settings } from '../settings.ts'
import type { Delivery } from '../wire/delivery.ts'
import { type Call, hasEnded } from './call.ts'
import { type Conversation, isGroup, legsOf, type Participant, rosterFor } from './conversation.ts'
import { endedCall, endedOperation, resultInfo, roster, updatedCall } from './notifications.ts'
import type { Player } from './player.ts'

/** How calls end. Which code a declined or unanswered call, a removal or an empty group brings is not documented; all stand in the documented table. */
export const ends = {
  byBot: resultInfo(200, 7000, 'Ended by bot.'),
  byUser: resultInfo(200, 4521, 'Ended by peer.'),
  byPhone: resultInfo(200, 540_000, 'PSTN user hung up.'),
  declined: resultInfo(480, 10_076, 'Callee is not reachable.'),
  unanswered: resultInfo(480, 10_037, 'No callee endpoints.'),
  withoutKeepAlive: resultInfo(408, 8537, 'Keep alive timeout.'),
  leftInLobby: resultInfo(200, 5855, 'Lobby wait timed out.'),
  removed: resultInfo(200, 5300, 'Removed by another participant.'),
  meetingOver: resultInfo(200, 5001, 'Conversation ended.'),
  /** A group call, unlike a meeting, does not outlive its people. */
  leftAlone: resultInfo(200, 5010, 'Only one participant remained.'),
  nobodyJoined: resultInfo(200, 5013, 'Nobody joined the group call.'),
  noRoute: resultInfo(480, 10_134, 'No route.'),
}

type RosterChange = { changed?: Participant[]; gone?: Participant[] }

/** An operation as it is kept: with its id. */
export type Operation = CommsOperation & { id: string }

/** A call that plays prompts for days does not keep all its operations. */
const maxOperations = 200

/** What every call goes through, and how it is told: to its transcript and to the bot. */
export type Lifecycle = ReturnType<typeof createLifecycle>

type Deps = { settings: Settings; clock: Clock; delivery: Delivery; player: Player; onEnd: (call: Call) => void }

/** `onEnd` is called whenever a call has ended. */
export function createLifecycle({ settings, clock, delivery, player, onEnd }: Deps) {
  /** Does `act` later, unless the call ends before. */
  function later(call: Call, ms: number, act: () => void) {
    const cancel = clock.after(ms, () => {
      call.timers.delete(cancel)
      act()
    })
    call.timers.add(cancel)
    return cancel
  }

  const isoNow = () => new Date(clock.now()).toISOString()

  /** Says where the call now stands: to its transcript and to the bot. */
  function announce(call: Call, news: Partial<GraphCall> = {}) {
    call.transcript.add({ kind: 'state', state: call.state, audio: call.audio })
    delivery.post(call, call.callbackUri, updatedCall(call, news))
  }

  /**
   * Tells every bot in a group who is there now. `changed` came or changed, `gone` left. What a bot that waits in the lobby is told, beside
   * its own entry when it comes, is not documented: nothing.
   */
  function announceRoster(conversation: Conversation, { changed = [], gone = [] }: RosterChange) {
    conversation.rosterSequence += 1
    if (!isGroup(conversation)) return
    for (const call of legsOf(conversation)) {
      if (call.state !== 'established') continue
      const seen = rosterFor(call)
      const waits = seen.some(({ isInLobby, id }) => isInLobby && id === call.myParticipantId)
      if (waits && !changed.some(({ id }) => id === call.myParticipantId)) continue
      call.transcript.add({ kind: 'roster', count: conversation.participants.size })
      const delta = { sequence: conversation.rosterSequence, gone: waits ? [] : gone }
      const news = call.options.isDeltaRosterEnabled ? roster(call, waits ? seen : changed, delta) : roster(call, seen)
      delivery.post(call, call.callbackUri, news)
    }
  }

  /** Tells a bot in a group who is there, once it can hear of it again. */
  function catchUp(call: Call) {
    if (!isGroup(call.conversation)) return
    const seen = rosterFor(call)
    const delta = { sequence: call.conversation.rosterSequence, gone: [] }
    const news = call.options.isDeltaRosterEnabled ? roster(call, seen, delta) : roster(call, seen)
    delivery.post(call, call.callbackUri, news)
  }

  /** Begins an operation: what the request is answered with. It can be read until there are too many later ones. */
  function newOperation(
    call: Call,
    type: OperationType,
    status: 'running' | 'completed',
    clientContext: string | null | undefined,
    more: Partial<CommsOperation> = {},
  ) {
    const operation = { '@odata.type': type, id: randomUUID(), status, clientContext: clientContext ?? null, ...more }
    call.operations.set(normalId(operation.id), operation)
    if (call.operations.size > maxOperations) call.operations.delete(call.operations.keys().next().value ?? '')
    return operation
  }

  /** Ends a running operation and says so, unless the call is over: then its own end says it all. */
  function endOperation(call: Call, operation: Operation, status: OperationStatus, more: Partial<CommsOperation> = {}) {
    const ended = { ...operation, status, ...more }
    call.operations.set(normalId(operation.id), ended)
    if (!hasEnded(call)) delivery.post(call, call.callbackUri, endedOperation(call, ended))
  }

  /** Says that media begins or ends to flow. */
  function announceAudio(call: Call, audio: 'active' | 'inactive') {
    call.audio = audio
    announce(call, { mediaState: { '@odata.type': '#microsoft.graph.callMediaState', audio } })
  }

  /** The call is connected. Sound flows a moment later; see conversations.ts. */
  function establish(call: Call) {
    call.state = 'established'
    call.answeredAt = isoNow()
    announce(call)
  }

  /** Nothing that was to happen on the call by itself happens any more. */
  function stopEverything(call: Call) {
    for (const cancel of call.timers) cancel()
    call.timers.clear()
    player.stop(call)
    call.dtmfCut.abort()
  }

  /** The end, whoever brought it. */
  function end(call: Call, by: 'bot' | 'caller' | 'service', result: ResultInfo | null, terminationReason?: string) {
    call.state = 'terminated'
    call.audio = null
    call.endedAt = isoNow()
    call.result = result
    call.transfer = null
    stopEverything(call)
    call.transcript.add({ kind: 'state', state: 'terminated', audio: null })
    call.transcript.add({ kind: 'ended', by, result })
    delivery.post(
      call,
      call.callbackUri,
      endedCall(call, { ...(result && { resultInfo: result }), ...(terminationReason && { terminationReason }) }),
    )
    onEnd(call)
  }

  const keepAliveTimers = new WeakMap<Call, Cancel>()
  /** Ends the call unless this is done again in time. */
  function expectKeepAlive(call: Call) {
    keepAliveTimers.get(call)?.()
    const cancel = later(call, settings.keepAliveMs, () => end(call, 'service', ends.withoutKeepAlive))
    keepAliveTimers.set(call, () => {
      call.timers.delete(cancel)
      cancel()
    })
  }

  return {
    later,
    announce,
    announceAudio,
    announceRoster,
    catchUp,
    newOperation,
    endOperation,
    establish,
    stopEverything,
    end,
    expectKeepAlive,
  }
}
