import type { Cancel, Clock } from '#communications/clock.ts'
import type { Call as GraphCall, ResultInfo } from '#communications/words.ts'
import type { Call } from './call.ts'
import type { Delivery } from './delivery.ts'
import { endedCall, resultInfo, updatedCall } from './notifications.ts'
import type { Player } from './player.ts'
import type { Settings } from './settings.ts'

/** How calls end. Codes of declined and unanswered calls are not documented; these stand in the documented table of call ends. */
export const ends = {
  byBot: resultInfo(200, 7000, 'Ended by bot.'),
  byUser: resultInfo(200, 4521, 'Ended by peer.'),
  byPhone: resultInfo(200, 540_000, 'PSTN user hung up.'),
  declined: resultInfo(480, 10_076, 'Callee is not reachable.'),
  unanswered: resultInfo(480, 10_037, 'No callee endpoints.'),
  withoutKeepAlive: resultInfo(408, 8537, 'Keep alive timeout.'),
}

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

  /** Says that media begins or ends to flow. */
  function announceAudio(call: Call, audio: 'active' | 'inactive') {
    call.audio = audio
    announce(call, { mediaState: { '@odata.type': '#microsoft.graph.callMediaState', audio } })
  }

  /** The two are connected; media flows a moment later. */
  function establish(call: Call) {
    call.state = 'established'
    call.answeredAt = isoNow()
    announce(call)
    later(call, settings.delays.audioActive, () => announceAudio(call, 'active'))
  }

  /** Nothing that was to happen on the call by itself happens any more. */
  function stopEverything(call: Call) {
    for (const cancel of call.timers) cancel()
    call.timers.clear()
    player.stop(call)
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

  return { later, announce, announceAudio, establish, stopEverything, end, expectKeepAlive }
}
