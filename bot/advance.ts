import { askGraph } from '#communications/calling/askGraph.ts'
import { follow } from '#communications/calling/follow.ts'
import type { Ask, Followed, News } from '#communications/calling/followed.ts'
import { openOperation } from '#communications/calling/ledger.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import { type Step, step } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { hangUpInsisting } from './hangUp.ts'
import { hear } from './hear.ts'
import type { Live } from './live.ts'
import { outcomeOf } from './outcome.ts'
import { begunBy, expectedOf, perform } from './perform.ts'
import type { Due, Expected, Session } from './session.ts'

/** How one call moves: what is learnt of it becomes events of its flow, and what the flow then wants is saved and carried out. */

/** What moves a call: something learnt of it, perhaps by carrying out what was due, or an event of the flow's own. */
type Input = { news: News; done?: Due } | { event: FlowEvent }

/** One step of the flow: how the session stood before, by what event, and what came of it. */
type Taken = { before: Session; event: FlowEvent; came: Step }

type Moved = { session: Session; heard: Followed; taken: Taken[]; asks: Ask[]; due: Due[] }

/** A notification of a call that is known, in its lane. News of the roster mean nothing to a flow. */
export async function hearNotification(live: Live, notification: Notification): Promise<void> {
  const { resource, callId } = notification
  if (resource === 'call' || resource === 'operation') {
    await advance(live, callId, { news: { type: 'heard', notification } })
  }
}

/** Moves a call behind whatever waits in its lane. Resolves when what Graph had to be asked because of it is answered. */
export async function move(live: Live, callId: string, input: Input): Promise<void> {
  let questions: Promise<void>[] = []
  await live.lanes.run(callId, async () => {
    questions = await advance(live, callId, input)
  })
  if (questions.length > 0) await Promise.all(questions)
}

/** In its lane: load, follow, step, save with what is then due, record, carry out. Gives back the questions to Graph. */
export async function advance(live: Live, callId: string, input: Input): Promise<Promise<void>[]> {
  let moved: Moved | undefined
  const session = await change(live, callId, (before) => {
    moved = movedBy(live, before, input)
    return moved.session
  })
  if (!session || !moved) return []
  for (const taken of moved.taken) tellHistory(live, taken)
  if (session.state.at !== null) {
    for (const one of moved.due) void carryOut(live, session, one)
    return carryOutAsks(live, session, moved.asks)
  }
  await over(live, session)
  // Nobody said that the call has ended: the caller may still be on the line, in silence.
  const { calls, log, clock, closing } = live
  if (!session.heard.ended) void hangUpInsisting(session.ref, { calls, log, clock, signal: closing.signal })
  return []
}

/** Loads, changes and saves a session until nobody wrote in between. Null for a call that is over. */
async function change(
  { sessions }: Live,
  callId: string,
  make: (session: Session) => Session,
): Promise<Session | null> {
  for (;;) {
    // A store in this process answers at once, and each needless wait is a turn of the event loop's queue for every piece of news.
    const loaded = sessions.load(callId)
    const before = loaded instanceof Promise ? await loaded : loaded
    if (before === undefined || before === 'over') return null
    const after = make(before)
    if (after === before) return before
    const next = { ...after, revision: before.revision + 1 }
    const saved = sessions.save(next, before.revision)
    if (saved instanceof Promise ? await saved : saved) return next
  }
}

/** What a call comes to by this. Nothing is done yet. */
function movedBy(live: Live, before: Session, input: Input): Moved {
  const moved: Moved = { session: before, heard: before.heard, taken: [], asks: [], due: [] }
  if ('event' in input) takeStep(live, moved, input.event)
  else {
    if (input.done) moved.session = without(before, input.done)
    const told = learn(live, moved, input.news)
    for (const event of hear(told, moved.heard, before.expected)) takeStep(live, moved, event)
  }
  if (moved.heard !== before.heard) moved.session = { ...moved.session, heard: moved.heard }
  return moved
}

function learn({ pace }: Live, moved: Moved, news: News) {
  const { known, told, asks } = follow(moved.heard, news, pace)
  moved.heard = known
  moved.asks.push(...asks)
  return told
}

/** One event through the flow. */
function takeStep(live: Live, moved: Moved, event: FlowEvent): void {
  const before = moved.session
  const came = step(before.program, before.state, event, live.clock.now())
  const { state, commands, trail } = came
  if (state === before.state) return
  const due = commands.map((command) => ({ command, context: live.newContext(before.callId) }))
  const isCurrent = ({ visit }: Expected) => visit === state.visit
  moved.taken.push({ before, event, came })
  moved.due.push(...due)
  moved.session = {
    ...before,
    state,
    due: [...before.due, ...due],
    expected: [...before.expected.filter(isCurrent), ...due.flatMap(expectedOf)],
    told: before.told + trail.length,
  }
  // What the flow waits for no longer is not worth asking for.
  for (const one of before.expected) {
    const { context } = one
    const isAwaited = !isCurrent(one) && openOperation(moved.heard.operations, context) !== undefined
    if (isAwaited) learn(live, moved, { type: 'dropped', request: 'operation', context })
  }
  for (const one of due) {
    const begun = begunBy(before, one)
    if (begun) learn(live, moved, begun)
  }
}

/**
 * Carries out one command and takes it off the list. Requests of one call go out in order, in a lane of their own:
 * Graph's answer must not hold up what the caller does meanwhile, but a prompt must not overtake a cancellation.
 */
async function carryOut(live: Live, session: Session, due: Due): Promise<void> {
  const { callId } = session
  const signal = live.aborts.get(callId)?.signal
  if (!signal) return
  let news: News | null = null
  const carry = async () => {
    news = await perform(session, due, signal, live)
  }
  if (due.command.type === 'startTimer') await carry()
  else await live.requests.run(callId, carry)
  if (signal.aborted) return
  if (news) await move(live, callId, { news, done: due })
  else await change(live, callId, (current) => without(current, due))
}

const without = (session: Session, done: Due): Session => ({
  ...session,
  due: session.due.filter((one) => one !== done),
})

/** Sets the timers that the follower of the call wants, and puts its questions to Graph. Gives back the questions. */
export function carryOutAsks(live: Live, { callId, ref }: Session, asks: readonly Ask[]): Promise<void>[] {
  const { timers, aborts } = live
  const signal = aborts.get(callId)?.signal
  if (!signal) return []
  return asks.flatMap((ask) => {
    if (ask.type === 'wait') {
      timers.start(callId, ask.timer, ask.ms, () => void live.learn(callId, { type: 'rang', timer: ask.timer }))
    } else if (ask.type === 'cancel') timers.stop(callId, ask.timer)
    // What Graph refuses to tell is not known, and that is all.
    else return askGraph(ask, ref, live, { signal }, () => {}).then((news) => live.learn(callId, news))
    return []
  })
}

function tellHistory({ record, clock }: Live, { before, event, came }: Taken): void {
  const { id, ref, told } = before
  const { tenantId } = ref
  const at = new Date(clock.now())
  came.trail.forEach((trace, n) => {
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
  if (came.state.at !== null) return
  const reason = event.type === 'callEnded' ? event.reason : { code: null, subcode: null }
  const outcome = outcomeOf(before, came.trail, event)
  record({ kind: 'ended', id, tenantId, at, outcome, endCode: reason.code, endSubcode: reason.subcode })
}

/** The call is over for this process. */
export async function over({ timers, aborts, sessions }: Live, { callId }: Session): Promise<void> {
  timers.stopAll(callId)
  aborts.get(callId)?.abort()
  aborts.delete(callId)
  await sessions.end(callId)
}
