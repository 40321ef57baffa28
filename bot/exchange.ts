import { randomUUID } from 'node:crypto'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { CallRef, Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { begin, type Step, step } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import type { HistoryEntry } from '#store/history.ts'
import { type Awaited, createGuard } from './guard.ts'
import { hangUpInsisting, tellNotHungUp } from './hangUp.ts'
import { calledOf, callerOf, hear, hearCall, nothingHeard } from './hear.ts'
import { createLanes } from './lanes.ts'
import type { Log } from './log.ts'
import { outcomeOf } from './outcome.ts'
import { expectedOf, type Performing, perform } from './perform.ts'
import type { Routed } from './routing.ts'
import type { Due, Heard, Session, Sessions } from './session.ts'
import { backgroundClock, createTimers } from './timers.ts'

export type ExchangeParts = {
  calls: Calls
  sessions: Sessions
  /** The version that answers, or null when nothing does. Rejects when that cannot be known. */
  route(tenantId: string, dialled: readonly string[]): Promise<Routed | null>
  /** Never waits. */
  record(entry: HistoryEntry): void
  callbackUri: string
  log: Log
  /** New calls are turned away as busy beyond this, so that those under way keep their pace. */
  maxLiveCalls: number
  /** The opaque id that Graph hands back with the end of an operation. */
  newContext?: (callId: string) => string
  /** Real time, unless told otherwise. */
  clock?: Clock
}

const keepAliveEveryMs = 15 * 60_000
/** Everything that `close` does: whoever stops the process does not wait for long. */
const closeLimitMs = 3_000

/**
 * All live calls of this process: what is heard moves one call by one event, is saved with the commands that are then
 * due, and the commands are carried out. Hear, advance, perform; decisions are the flow's.
 */
export function createExchange(parts: ExchangeParts) {
  const { calls, sessions, record, log, callbackUri, newContext = () => randomUUID(), clock = backgroundClock } = parts
  const { now } = clock
  const timers = createTimers(clock)
  const trouble = (problem: unknown) => log.error({ err: problem }, 'A call could not be moved on')
  const lanes = createLanes(trouble)
  const requests = createLanes(trouble)
  const aborts = new Map<string, AbortController>()
  const keptAlive = new Map<string, number>()
  const closing = new AbortController()

  const guard = createGuard({
    calls,
    clock,
    tell: (callId, event) => performing.tell(callId, event),
    found: (callId, call) => void lanes.run(callId, () => advance(callId, ({ heard }) => hearCall(call, false, heard))),
    async awaits(callId, awaited) {
      const session = await sessions.load(callId)
      return session !== undefined && session !== 'over' && stillAwaited(session, awaited)
    },
  })

  const performing: Performing = {
    calls,
    timers,
    callbackUri,
    log,
    expect: guard.expect,
    tell: (callId, event) => void lanes.run(callId, () => advance(callId, () => ({ event }))),
    remember: (callId, context, operationId) =>
      void lanes.run(callId, async () => {
        await change(callId, (session) => ({
          ...session,
          expected: session.expected.map((one) => (one.context === context ? { ...one, operationId } : one)),
        }))
      }),
  }

  /** Loads, changes and saves a session until nobody wrote in between. Null for a call that is over. */
  async function change(callId: string, make: (session: Session) => Session): Promise<Session | null> {
    for (;;) {
      const before = await sessions.load(callId)
      if (before === undefined || before === 'over') return null
      const after = make(before)
      if (after === before) return before
      const next = { ...after, revision: before.revision + 1 }
      if (await sessions.save(next, before.revision)) return next
    }
  }

  /** One event through one call: load, step, save with what is then due, record, perform. */
  async function advance(callId: string, listen: (session: Session) => { event: FlowEvent | null; heard?: Heard }) {
    let done: { before: Session; event: FlowEvent; moved: Step; due: readonly Due[] } | undefined
    const session = await change(callId, (before) => {
      const { event, heard = before.heard } = listen(before)
      const moved = event && step(before.program, before.state, event, now())
      if (!moved || moved.state === before.state) return heard === before.heard ? before : { ...before, heard }
      const due = moved.commands.map((command) => ({ command, context: newContext(callId) }))
      done = { before, event, moved, due }
      const { visit } = moved.state
      return {
        ...before,
        heard,
        state: moved.state,
        due: [...before.due, ...due],
        expected: [...before.expected.filter((one) => one.visit === visit), ...due.flatMap(expectedOf)],
        told: before.told + moved.trail.length,
      }
    })
    if (!session || !done) return
    const { before, event, moved, due } = done
    tellHistory(before, moved, event)
    if (moved.state.at === null) {
      await over(session)
      // Nobody said that the call has ended: the caller may still be on the line, in silence.
      if (event.type !== 'callEnded')
        void hangUpInsisting(refOf(session), { calls, log, clock, signal: closing.signal })
    } else {
      for (const one of due) void carryOut(session, one)
    }
  }

  /**
   * Carries out one command and takes it off the list. Requests of one call go out in order, in a lane of their own:
   * Graph's answer must not hold up what the caller does meanwhile, but a prompt must not overtake a cancellation.
   */
  async function carryOut(session: Session, due: Due) {
    const { callId } = session
    const signal = aborts.get(callId)?.signal
    if (!signal) return
    if (due.command.type === 'startTimer') await perform(session, due, signal, performing)
    else await requests.run(callId, () => perform(session, due, signal, performing))
    if (!signal.aborted)
      await change(callId, (current) => ({ ...current, due: current.due.filter((one) => one !== due) }))
  }

  function tellHistory(session: Session, { state, trail }: Step, event: FlowEvent) {
    const { id, tenantId, told } = session
    const at = new Date(now())
    trail.forEach((trace, n) => {
      record({
        kind: 'step',
        id,
        tenantId,
        seq: told + n + 1,
        at,
        block: trace.block,
        event: trace.event,
        exit: trace.exit ?? null,
        detail: trace.detail ?? {},
      })
    })
    if (state.at !== null) return
    const reason = event.type === 'callEnded' ? event.reason : { code: null, subcode: null }
    const outcome = outcomeOf(session, trail, event)
    record({ kind: 'ended', id, tenantId, at, outcome, endCode: reason.code, endSubcode: reason.subcode })
  }

  async function over({ callId }: Session) {
    timers.stopAll(callId)
    guard.stop(callId)
    aborts.get(callId)?.abort()
    aborts.delete(callId)
    keptAlive.delete(callId)
    await sessions.end(callId)
  }

  const refOf = ({ wireCallId, tenantId }: Session): CallRef => ({ id: wireCallId, tenantId })

  /** Nobody would speak to these callers after this process. What is hung up is lost; the rest is found at the next start. */
  async function hangUpAll() {
    await Promise.all(
      [...sessions.live()].map(async (session) => {
        const { id, tenantId } = session
        await over(session) // first, so that what Graph then says of it changes nothing
        try {
          await calls.hangUp(refOf(session), { signal: AbortSignal.timeout(closeLimitMs) })
          record({ kind: 'ended', id, tenantId, at: new Date(now()), outcome: 'lost', endCode: null, endSubcode: null })
        } catch (problem) {
          tellNotHungUp(log, refOf(session), problem)
        }
      }),
    )
  }

  /** A call that nobody has heard of yet. */
  async function offered(notification: Extract<Notification, { resource: 'call' }>, tenantId: string) {
    const { callId, wireCallId, call } = notification
    const ref = { id: wireCallId, tenantId }
    if ((await sessions.load(callId)) !== undefined) return // told twice
    const { called, dialled } = calledOf(call)
    const turnAway = async (reason: 'busy' | 'none', why: string) => {
      log.warn({ callId, why }, 'A call was turned away')
      await sessions.end(callId)
      await calls.reject(ref, { reason })
    }
    try {
      if (sessions.count >= parts.maxLiveCalls) return await turnAway('busy', 'tooManyCalls')
      // Flows for meetings come later; a phone menu has nothing to say to one.
      if (call.meetingInfo) return await turnAway('none', 'meeting')
      const routed = await parts.route(tenantId, dialled)
      if (closing.signal.aborted) return await turnAway('busy', 'closing')
      if (!routed) return await turnAway('none', 'nothingPublished')
      const { program, test } = routed
      const caller = callerOf(call)
      const session: Session = {
        id: randomUUID(),
        callId,
        wireCallId,
        tenantId,
        program,
        state: begin(program, { caller, called }),
        heard: nothingHeard,
        due: [],
        expected: [],
        told: 0,
        revision: 0,
      }
      if (!(await sessions.save(session, null))) return
      aborts.set(callId, new AbortController())
      record({
        kind: 'began',
        id: session.id,
        tenantId,
        graphCallId: callId,
        flowId: program.flowId,
        versionId: program.versionId,
        test,
        caller: { name: caller.name, id: caller.phone || caller.id },
        called: called.phone || called.id,
        at: new Date(now()),
      })
      await advance(callId, () => ({ event: { type: 'callOffered' } }))
    } catch (problem) {
      if (!(problem instanceof GraphError)) {
        log.error({ callId, err: problem }, 'A call could not be taken')
        await turnAway('none', 'noAnswer').catch(() => {})
      } else if (!problem.gone) log.warn({ callId, code: problem.code, requestId: problem.requestId }, 'Graph refused')
    }
  }

  /** News of a call that this process does not know: it was lost at a restart, and nobody speaks to the caller. */
  async function stranger(notification: Notification, tenantId: string) {
    const { callId, wireCallId } = notification
    const alive =
      notification.resource === 'call' &&
      notification.changeType === 'updated' &&
      notification.call.state === 'established'
    await sessions.end(callId)
    if (!alive) return
    log.warn({ callId }, 'A call that nobody looks after was hung up')
    const call = { id: wireCallId, tenantId }
    await calls.hangUp(call).catch((problem: unknown) => tellNotHungUp(log, call, problem))
  }

  async function receive(notification: Notification, tenantId: string) {
    const { callId } = notification
    const loaded = await sessions.load(callId)
    if (loaded === 'over') return
    if (loaded === undefined) {
      const isNew =
        notification.resource === 'call' &&
        notification.call.state === 'incoming' &&
        notification.changeType === 'created'
      return isNew ? offered(notification, tenantId) : stranger(notification, tenantId)
    }
    // Another tenant's token proves nothing about this call.
    if (loaded.tenantId !== tenantId) return log.warn({ callId }, 'News of a call came in the name of another tenant')
    await advance(callId, ({ heard, expected }) => hear(notification, heard, expected))
  }

  /** Calls that are not heard of for 45 minutes are ended by Graph (408/8537); every 15 they are kept alive. */
  async function keepAlive() {
    const due = now() - keepAliveEveryMs
    for (const { callId, wireCallId, tenantId } of sessions.live()) {
      const last = keptAlive.get(callId)
      if (last === undefined) keptAlive.set(callId, now())
      if (last === undefined || last > due) continue
      keptAlive.set(callId, now())
      void calls.keepAlive({ id: wireCallId, tenantId }).catch((problem: unknown) => {
        if (problem instanceof GraphError && problem.gone) {
          const reason = { code: 404, subcode: problem.subcode }
          performing.tell(callId, { type: 'callEnded', reason, transferred: false })
        } else keptAlive.set(callId, due) // the next round tries again
      })
    }
  }
  let stopKeepingAlive = () => {}
  function keepAliveEachMinute() {
    stopKeepingAlive = clock.after(60_000, () => {
      void keepAlive()
      keepAliveEachMinute()
    })
  }
  keepAliveEachMinute()

  return {
    /** Takes one piece of news. Returns at once; what it sets off is done behind whatever waits for the same call. */
    take(notification: Notification, tenantId: string): Promise<void> {
      return lanes.run(notification.callId, () => receive(notification, tenantId))
    },
    get liveCalls() {
      return sessions.count
    },
    keepAlive,
    /** Resolves when nothing is under way any more. */
    async settled() {
      while (lanes.busy + requests.busy > 0) await Promise.all([lanes.empty(), requests.empty()])
    },
    /** Hangs up all calls and ends, within three seconds whatever Graph does. */
    async close() {
      closing.abort()
      stopKeepingAlive()
      timers.close()
      guard.close()
      const done = new AbortController()
      const all = Promise.all([hangUpAll(), this.settled()]).catch(trouble)
      await Promise.race([all, sleep(backgroundClock, closeLimitMs, done.signal)])
      done.abort()
    },
  }
}

/** Whether the call has not been told yet what it waits for. */
function stillAwaited({ heard, state, expected }: Session, awaited: Awaited): boolean {
  switch (awaited.what) {
    case 'established':
      return (
        heard.state === null ||
        heard.state === 'establishing' ||
        (heard.state === 'established' && heard.audio !== 'active')
      )
    case 'promptEnd':
      return state.visit === awaited.visit && expected.some(({ visit }) => visit === awaited.visit)
    case 'transferEnd':
      return state.visit === awaited.visit
    case 'end':
      return true
  }
}

export type Exchange = ReturnType<typeof createExchange>
