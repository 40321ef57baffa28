import { askGraph, type Question } from '#communications/calling/askGraph.ts'
import { follow } from '#communications/calling/follow.ts'
import type { Ask, News } from '#communications/calling/followed.ts'
import { openOperation } from '#communications/calling/ledger.ts'
import type { CallRef } from '#communications/requests/calls.ts'
import { programAt } from '#flow/compile.ts'
import { nobodyId } from '#flow/nobodyAnswers.ts'
import { type Step, step } from '#flow/step.ts'
import type { Command, FlowEvent } from '#flow/talk.ts'
import { keep } from '#ground/keep.ts'
import { type Soon, whenThere } from '#ground/soon.ts'
import type { HistoryEntry } from '#store/history.ts'
import { hangUpInsisting } from './hangUp.ts'
import { hear, recordedIn } from './hear.ts'
import type { Live } from './live.ts'
import { drawnEnd, outcomeOf } from './outcome.ts'
import { begunBy, expectedOf, perform, waitingVisit } from './perform.ts'
import type { Due, Session, Sessions } from './session.ts'

/** How one call moves: what is learnt of it becomes events of its flow, and what the flow then wants is saved and carried out. */

/** What moves a call: something learnt of it, a command that is done, or an event of the flow's own. */
type Input = { news?: News | null; done?: Due; event?: FlowEvent }

/** One step of the flow: how the call stood before, by what event, and what came of it. */
type Taken = { before: Pick<Session, 'state' | 'told'>; event: FlowEvent; came: Step }

/** A session on its way to the next, on its own copy, and what is to be done once that is saved. */
type Moved = { session: { -readonly [K in keyof Session]: Session[K] }; taken: Taken[]; asks: Ask[]; due: Due[] }

/** Moves a call behind whatever waits in its lane. What it gives is there when what Graph had to be asked because of it is answered. */
export function move(live: Live, callId: string, input: Input): Soon<void> {
  return whenThere(
    live.lanes.run(callId, () => advance(live, callId, input)),
    answersTo,
  )
}

const answersTo = (questions: readonly Promise<void>[] | undefined): Soon<void> =>
  questions && questions.length > 0 ? Promise.all(questions).then(() => {}) : undefined

/**
 * In its lane: load, follow, step, save with what is then due (again, if somebody else wrote in between), record, carry out. Gives
 * back the questions to Graph. `loaded` spares a look at the store.
 */
export function advance(
  live: Live,
  callId: string,
  input: Input,
  loaded: ReturnType<Sessions['load']> = live.sessions.load(callId),
): Soon<Promise<void>[]> {
  return whenThere(loaded, (before) => {
    if (before === undefined || before === 'over') {
      // It may have ended in another process.
      forget(live, callId)
      return []
    }
    const moved = movedBy(live, before, input)
    return whenThere(live.sessions.save(moved.session, before.revision), (isSaved) =>
      isSaved ? carryOutAll(live, moved) : advance(live, callId, input),
    )
  })
}

/** What a call comes to by this. Nothing is done yet. */
function movedBy(live: Live, before: Session, { news, done, event }: Input): Moved {
  const session = nextOf(before)
  const moved: Moved = { session, taken: [], asks: [], due: [] }
  // Not by the object: that of a shared store is another one each time.
  if (done) session.due = keep(before.due, ({ context }) => context !== done.context)
  if (event) takeStep(live, moved, event)
  if (news) {
    const told = learn(live, moved, news)
    session.recorded = recordedIn(told, before.expected) ?? before.recorded
    for (const heard of hear(told, session.heard, before.expected)) takeStep(live, moved, heard)
  }
  return moved
}

/** Member by member: V8 gives a copy by spread room for four of them, and keeps the rest elsewhere. */
function nextOf(session: Session): Moved['session'] {
  const { id, callId, ref, program, began, movedMs, state, heard, due, expected, left, recorded, told } = session
  const revision = session.revision + 1
  return { id, callId, ref, program, began, movedMs, state, heard, due, expected, left, recorded, told, revision }
}

function learn({ pace }: Live, { session, asks }: Moved, news: News) {
  const step = follow(session.heard, news, pace)
  session.heard = step.known
  for (const ask of step.asks) asks.push(ask)
  return step.told
}

/** One event through the flow. */
function takeStep(live: Live, moved: Moved, event: FlowEvent): void {
  const { session, due } = moved
  const { state, told } = session
  const came = step(session.program, state, event, live.clock.now() + session.movedMs)
  if (came.state === state) return
  moved.taken.push({ before: { state, told }, event, came })
  session.state = came.state
  session.told += came.trail.length
  if (event.type === 'callEnded' && came.state.at !== null) {
    const { program, heard } = session
    session.left = { outcome: outcomeOf({ program, state, heard }, came.trail, event), reason: event.reason }
  }
  if (came.state.visit !== state.visit) leaveVisit(live, moved)
  if (came.commands.length === 0) return
  const now = came.commands.map((command): Due => ({ command, context: live.newContext(session.callId) }))
  session.due = session.due.concat(now) // keeps no room for more, as a spread does
  for (const one of now) {
    due.push(one)
    const expected = expectedOf(one)
    if (expected) session.expected = session.expected.concat(expected)
    const begun = begunBy(session, one)
    if (begun) learn(live, moved, begun)
  }
}

/** What the flow waits for no longer is not worth asking for. */
function leaveVisit(live: Live, moved: Moved): void {
  const { session } = moved
  const { expected, state } = session
  if (expected.length === 0) return
  session.expected = keep(expected, ({ visit }) => visit === state.visit)
  for (const { visit, context } of expected) {
    const isAwaited = visit !== state.visit && openOperation(session.heard.operations, context) !== undefined
    if (isAwaited) learn(live, moved, { type: 'dropped', request: 'operation', context })
  }
}

/** What is saved is done: the history is told, and Graph asked. Gives back the questions. */
function carryOutAll(live: Live, { session, taken, asks, due }: Moved): Soon<Promise<void>[]> {
  const ends = taken.flatMap((one) => tellHistory(live, session, one))
  const leaving = leavingBy(session, taken, due)
  if (leaving && ends.length === 0) tellLeaving(live, session, leaving)
  live.underway.moveOn(session.callId, session.state.visit, session.state.asking)
  if (session.state.at !== null) {
    for (const one of due) carryOut(live, session, one)
    return carryOutAsks(live, session, asks)
  }
  return whenThere(over(live, session), () => {
    if (session.heard.ended) for (const end of ends) live.record(end)
    else {
      // Nobody said that the call has ended: the caller may still be on the line, in silence, and until that is over so are the books.
      for (const { outcome } of ends) tellLeaving(live, session, outcome)
      void hangUpInsisting(live, session.callId, session.ref).then((isOver) => {
        if (isOver) for (const end of ends) live.record({ ...end, at: new Date(live.clock.now()) })
      })
    }
    return []
  })
}

/** How a call came out that is as good as over: should this process not see its end, the next one knows. */
function tellLeaving({ record, clock }: Live, { id, ref }: Session, outcome: string): void {
  record({ kind: 'leaving', id, tenantId: ref.tenantId, at: new Date(clock.now()), outcome })
}

/**
 * Carries out one command and takes it off the list. Requests of one call go out in order, in a lane of their own:
 * Graph's answer must not hold up what the caller does meanwhile, but a prompt must not overtake a cancellation.
 */
function carryOut(live: Live, session: Session, due: Due): void {
  const { callId } = session
  const stop = live.underway.begin(callId, waitingVisit(due.command))
  const carry = () =>
    whenThere(perform(session, due, stop, live), (news) => {
      live.underway.done(callId, stop)
      // Still in the lane of the requests, so that there is no moment at which nothing seems to be under way.
      void move(live, callId, { news, done: due })
    })
  // What does not ask Graph keeps nothing else waiting: a prompt is heard while a service is asked.
  void (isOwn(due.command) ? carry() : live.requests.run(callId, carry))
}

/** What is no request to Graph waits for none, and keeps none waiting. */
const isOwn = ({ type }: Command) => ownCommands.has(type)
const ownCommands: ReadonlySet<Command['type']> = new Set([
  ...(['startTimer', 'takeRecording', 'request', 'lookUp', 'writeRow', 'createCallback'] as const),
])

/** Sets the timers that the follower of the call wants, and puts its questions to Graph. Gives back the questions. */
export function carryOutAsks(live: Live, { callId, ref }: Session, asks: readonly Ask[]): Promise<void>[] {
  const { timers } = live
  const questions: Promise<void>[] = []
  for (const ask of asks) {
    if (ask.type === 'wait') timers.start(callId, ask.timer, ask.ms)
    else if (ask.type === 'cancel') timers.stop(callId, ask.timer)
    else questions.push(putQuestion(live, callId, ref, ask))
  }
  return questions
}

async function putQuestion(live: Live, callId: string, ref: CallRef, question: Question): Promise<void> {
  const stop = live.underway.begin(callId)
  // What Graph refuses to tell is not known, and that is all.
  const news = await askGraph(question, ref, live, { until: stop }, () => {})
  live.underway.done(callId, stop)
  await live.learn(callId, news)
}

/** How a call will have come out, once the caller has hung up, the flow does, or somebody has taken it over; null before that. */
function leavingBy({ program, state, heard }: Session, taken: readonly Taken[], due: readonly Due[]): string | null {
  const end = taken.find(({ event }) => event.type === 'callEnded')
  if (end) return outcomeOf({ program, state: end.before.state, heard }, end.came.trail, end.event)
  if (taken.some(({ event }) => event.type === 'transferAccepted')) return 'transferred'
  const away = due.find(({ command: { type } }) => type === 'reject' || type === 'redirect')
  if (away) return state.fault !== null ? 'notAnswered' : away.command.type === 'reject' ? 'rejected' : 'redirected'
  if (!due.some(({ command }) => command.type === 'hangUp')) return null
  if (state.phase === 'failing') return 'failed'
  return program.flowId === nobodyId ? 'noFlow' : drawnEnd(heard)
}

type End = Extract<HistoryEntry, { kind: 'ended' }>

/** Records the steps. Gives back the end, if it was one. */
function tellHistory(
  { record, clock }: Live,
  { id, ref, program, heard, left }: Session,
  { before, event, came }: Taken,
): End[] {
  const { tenantId } = ref
  const at = new Date(clock.now())
  came.trail.forEach((trace, n) => {
    record({
      kind: 'step',
      id,
      tenantId,
      seq: before.told + n + 1,
      at,
      block: trace.block,
      event: trace.event,
      exit: trace.exit ?? null,
      detail: trace.detail ?? {},
      ...(trace.flow !== undefined && { versionId: programAt(program, { flow: trace.flow }).versionId }),
    })
  })
  if (came.state.at !== null) return []
  const reason = left?.reason ?? (event.type === 'callEnded' ? event.reason : { code: null, subcode: null })
  const outcome = left?.outcome ?? outcomeOf({ program, state: before.state, heard }, came.trail, event)
  return [{ kind: 'ended', id, tenantId, at, outcome, endCode: reason.code, endSubcode: reason.subcode }]
}

/** The call is over for this process. */
export function over(live: Live, { callId }: Session): Soon<void> {
  forget(live, callId)
  return live.sessions.end(callId)
}

/** Nothing goes on for it here. */
function forget({ timers, underway, fresh }: Live, callId: string): void {
  timers.stopAll(callId)
  underway.end(callId)
  fresh.forget(callId)
}
