import { beginFollowing } from '#communications/calling/follow.ts'
import { observe, unseen } from '#communications/calling/observe.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import { GraphError } from '#communications/road/error.ts'
import { begin } from '#flow/step.ts'
import { advance, carryOutAsks } from './advance.ts'
import { hangUpInsisting } from './hangUp.ts'
import { calledOf, callerOf, transferorOf } from './hear.ts'
import type { Live } from './live.ts'
import { inOnePiece, newId } from './onePiece.ts'
import type { Routed } from './routing.ts'
import type { Session } from './session.ts'
import { partingOf } from './underway.ts'

/** Calls that this process does not know yet: offered ones are answered by a flow or turned away, lost ones are hung up. */

type CallNews = Extract<Notification, { resource: 'call' }>

/** A call that nobody has heard of yet. */
export async function offered(live: Live, notification: CallNews, tenantId: string): Promise<void> {
  const { callId, call } = notification
  const { sessions, closing, log } = live
  const turnAway = (reason: 'busy' | 'none', why: string) => reject(live, notification, tenantId, reason, why)
  try {
    if (sessions.count >= live.maxLiveCalls) return await turnAway('busy', 'tooManyCalls')
    if (live.turnsAway()) return await turnAway('busy', 'tooLate')
    // Flows for meetings come later; a phone menu has nothing to say to one.
    if (call.meetingInfo) return await turnAway('none', 'meeting')
    const routed = await live.route(tenantId, { dialled: calledOf(call).dialled, caller: callerOf(call) })
    if (closing.signal.aborted) return await turnAway('busy', 'closing')
    await welcome(live, notification, tenantId, routed)
  } catch (error) {
    log.error({ callId, err: error }, 'A call could not be taken')
    await turnAway('none', 'noAnswer')
  }
}

async function reject(
  live: Live,
  { callId, wireCallId }: CallNews,
  tenantId: string,
  reason: 'busy' | 'none',
  why: string,
): Promise<void> {
  const { log, sessions, calls, requests, partings } = live
  log.warn({ callId, why }, 'A call was turned away')
  await sessions.end(callId)
  const parting = partingOf(callId, tenantId)
  const stop = partings.begin(parting)
  // Not in the lane of the call: news of its end must not wait behind it.
  void requests.run(callId, async () => {
    try {
      await calls.reject({ id: wireCallId, tenantId }, { reason }, { until: stop })
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      const { code, requestId } = error
      if (!error.gone && !stop.aborted) log.warn({ callId, code, requestId }, 'Graph refused')
    } finally {
      partings.done(parting, stop)
    }
  })
}

/** From here on the call has a session, and its flow decides. */
async function welcome(live: Live, notification: CallNews, tenantId: string, routed: Routed): Promise<void> {
  const { program, test, movedMs = 0, data = {} } = routed
  const { wireCallId, call } = notification
  const callId = inOnePiece(notification.callId)
  const caller = callerOf(call)
  const { called } = calledOf(call)
  const following = beginFollowing(observe({ ...unseen, details: null }, notification).view, live.pace)
  const began = live.clock.now()
  const id = newId()
  const session: Session = {
    id,
    callId,
    ref: { id: wireCallId === callId ? callId : inOnePiece(wireCallId), tenantId },
    program,
    began,
    movedMs,
    state: begin(program, {
      ...{ id, caller, called, transferor: transferorOf(call) },
      env: live.services.values(tenantId),
      data,
    }),
    heard: following.known,
    due: [],
    expected: [],
    recorded: null,
    told: 0,
    revision: 0,
  }
  if (!(await live.sessions.save(session, null))) return
  live.record({
    kind: 'began',
    id: session.id,
    tenantId,
    graphCallId: callId,
    flowId: program.flowId,
    versionId: program.versionId,
    test,
    caller: { name: caller.name, id: caller.phone || caller.id },
    called: called.phone || called.id,
    at: new Date(began),
  })
  carryOutAsks(live, session, following.asks)
  await advance(live, callId, { event: { type: 'callOffered' } })
}

/**
 * News of a call that this process does not know. An established one was lost at a restart, and nobody speaks to the caller. Other news
 * may come before the call is offered, and must not hide it: only an end is remembered.
 */
export async function stranger(live: Live, notification: Notification, tenantId: string): Promise<void> {
  const { sessions, log } = live
  const { callId, wireCallId } = notification
  if (notification.resource !== 'call') return
  const { changeType, call } = notification
  const isOver = saysEnd(notification)
  const isAlive = changeType === 'updated' && call.state === 'established'
  if (isOver || isAlive) await sessions.end(callId)
  if (isOver) endParting(live, notification, tenantId)
  if (!isAlive) return
  log.warn({ callId }, 'A call that nobody looks after was hung up')
  void hangUpInsisting(live, callId, { id: wireCallId, tenantId })
}

/** News of a call that has no session any more: what still goes on for it ends with it. */
export function endParting({ partings }: Live, notification: Notification, tenantId: string): void {
  if (notification.resource === 'call' && saysEnd(notification)) partings.end(partingOf(notification.callId, tenantId))
}

const saysEnd = ({ changeType, call }: CallNews): boolean => changeType === 'deleted' || call.state === 'terminated'
