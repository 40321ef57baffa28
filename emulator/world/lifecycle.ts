import type { CallState, Call as GraphCall, ResultInfo } from '#communications/wire/types.ts'
import type { Cancel } from '#ground/clock.ts'
import type { Call } from './call.ts'
import { stopKeys } from './keys.ts'
import { endedCall, resultInfo, tell, updatedCall } from './notifications.ts'
import { stopSound } from './player.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/** What every call goes through, and how it is told: to its transcript and to the bot. */

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

/** How a call or an invitation ends that was not taken; no page says it of invitations, so these are the codes of calls. */
export const notTaken = (outcome: TransferOutcome): ResultInfo =>
  outcome === 'decline' ? ends.declined : ends.unanswered

const isoNow = ({ clock }: World) => new Date(clock.now()).toISOString()

/** Stops this when the call ends. What is given back says that it has stopped by itself. */
export function stopWithCall({ timers }: Call, stop: Cancel): Cancel {
  timers.add(stop)
  return () => timers.delete(stop)
}

/** Does `act` later, unless the call ends before. The result takes that back. */
export function later({ clock }: World, call: Call, ms: number, act: () => void): Cancel {
  const cancel = clock.after(ms, () => {
    over()
    act()
  })
  const over = stopWithCall(call, cancel)
  return cancel
}

/** The call is now in this state, which nobody is told yet. */
export function enterState(call: Call, state: CallState): void {
  call.state = state
}

/** Says where the call now stands: to its transcript and to the bot. */
export function announce(world: World, call: Call, news: Partial<GraphCall> = {}): void {
  call.transcript.add({ kind: 'state', state: call.state, audio: call.audio })
  tell(world, call, updatedCall(call, news))
}

/** Says that media begins or ends to flow. */
export function announceAudio(world: World, call: Call, audio: 'active' | 'inactive'): void {
  call.audio = audio
  announce(world, call, { mediaState: { '@odata.type': '#microsoft.graph.callMediaState', audio } })
}

/** The call is connected. Sound flows a moment later; see conversations.ts. */
export function establish(world: World, call: Call): void {
  call.state = 'established'
  call.answeredAt = isoNow(world)
  announce(world, call)
}

/** Nothing that was to happen on the call by itself happens any more. */
export function stopEverything(call: Call): void {
  for (const cancel of call.timers) cancel()
  call.timers.clear()
  stopSound(call)
  stopKeys(call)
}

/** The end, whoever brought it. */
export function end(
  world: World,
  call: Call,
  by: 'bot' | 'caller' | 'service',
  result: ResultInfo | null,
  terminationReason?: string,
): void {
  call.state = 'terminated'
  call.audio = null
  call.endedAt = isoNow(world)
  call.result = result
  stopEverything(call)
  call.transcript.add({ kind: 'state', state: 'terminated', audio: null })
  call.transcript.add({ kind: 'ended', by, result })
  const news = { ...(result && { resultInfo: result }), ...(terminationReason && { terminationReason }) }
  tell(world, call, endedCall(call, news))
  world.onEnd(call)
}

/** Ends the call unless this is done again in time. */
export function expectKeepAlive(world: World, call: Call): void {
  call.keepAlive()
  const cancel = later(world, call, world.settings.keepAliveMs, () =>
    end(world, call, 'service', ends.withoutKeepAlive),
  )
  call.keepAlive = () => {
    call.timers.delete(cancel)
    cancel()
  }
}

/** Without a word to anybody. */
export function forgetCall(call: Call): void {
  call.forgotten.abort()
  call.state = 'terminated'
  stopEverything(call)
}
