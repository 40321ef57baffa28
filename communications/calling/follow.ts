import { normalId } from '#ground/ids.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CommsOperation, Participant, ToneInfo } from '../wire/types.ts'
import type { Ask, CallEvent, Followed, News, Pace, Step } from './followed.ts'
import {
  beginOperation,
  countQuestion,
  emptyLedger,
  endOperation,
  forgetOperation,
  nameOperation,
  openOperation,
  type Patience,
} from './ledger.ts'
import { askTransfer, type CallView, endWithoutWord, type Observed, observe } from './observe.ts'
import { isOver, withStatus } from './operations.ts'
import { applyFetched, applyRoster, emptyRoster, type RosterChange, type RosterNews } from './roster.ts'
import { noTones, skipGap, type Taken, takeTone } from './tones.ts'

/** Graph is not asked for the same thing more often than this, whatever the settings say. */
const leastPauseMs = 1_000
/** After a hang-up that Graph has taken nothing else can come of the call: when its end is not told by then, it has ended. */
const hungUpMs = 5_000
/** So often may Graph fail to tell how a transfer stands before the call is taken to be back. */
const mostBlindLooks = 6
/** A keepAlive that failed is tried again after this part of the usual time, so that one of many gets through in 45 minutes. */
const keepAliveHurry = 15

/** A time after which Graph is asked: a second at least, also for 0 and for what is no number. */
const paced = (ms: number): number => (ms > leastPauseMs ? ms : leastPauseMs)

const notAsked: Followed['rosterQuestion'] = { open: null, resting: false, again: false }

/** Begins to follow a call that looks like this. */
export function beginFollowing(view: CallView, pace: Pace, firstKeepAliveMs = pace.keepAliveMs): Step {
  const known: Followed = {
    view,
    ended: null,
    gone: null,
    tones: noTones,
    roster: emptyRoster,
    rosterQuestion: notAsked,
    operations: emptyLedger,
    transfer: null,
    changes: 0,
    looks: 0,
  }
  const work: Work = { known, told: [], asks: [], pace }
  if (!view.established) awaitEstablished(work)
  wait(work, 'keepAlive', firstKeepAliveMs)
  return work
}

/**
 * One piece of news of a call: what is known now, what is to be told, and what to ask Graph or a timer for. Pure: the one place where the
 * news of a call are understood; live calls and the flows of the bot both run on it.
 *
 * Graph documents no repeat of a notification that got lost. So whatever must be told is given a time, and when that is over Graph is
 * asked. What was told in time costs no request.
 */
export function follow(known: Followed, news: News, pace: Pace): Step {
  if (known.ended) return { known, told: [], asks: [] }
  const work: Work = { known: copyOf(known), told: [], asks: [], pace }
  learn(work, news)
  return work
}

/** Member by member: V8 gives a copy by spread room for four of them, and keeps the rest elsewhere. */
function copyOf(known: Followed): Work['known'] {
  const { view, ended, gone, tones, roster, rosterQuestion, operations, transfer, changes, looks } = known
  return { view, ended, gone, tones, roster, rosterQuestion, operations, transfer, changes, looks }
}

/** One step under way, on its own copy of what is known. */
type Work = { known: { -readonly [K in keyof Followed]: Followed[K] }; told: CallEvent[]; asks: Ask[]; pace: Pace }

function learn(work: Work, news: News) {
  const { known } = work
  switch (news.type) {
    case 'heard':
      return hear(work, news.notification)
    case 'rang':
      return ring(work, news.timer)
    case 'begun':
      return begin(work, news)
    case 'taken':
      return take(work, news)
    case 'dropped':
      if (news.request === 'operation') return forget(work, news.context)
      stopTransfer(work)
      if (known.view.transfer === 'asked') known.view = { ...known.view, transfer: 'none' }
      return
    case 'gone':
      return findGone(work, news)
    case 'call': {
      // What was heard or asked while the answer was on its way is newer than it.
      const source = news.since === known.changes ? 'answered' : 'late'
      if (news.call) see(work, observe(known.view, { changeType: 'updated', call: news.call }, source))
      if (news.about !== null && !known.ended) conclude(work, news.about, news.call !== null)
      return
    }
    case 'operation':
      return takeAnswer(work, news)
    case 'participants':
      return takeParticipants(work, news.participants)
    case 'keptAlive':
      return wait(work, 'keepAlive', paced(work.pace.keepAliveMs / (news.isDone ? 1 : keepAliveHurry)))
    case 'rosterWanted':
      return askRoster(work)
  }
}

function hear(work: Work, notification: Notification) {
  const { known, told } = work
  switch (notification.resource) {
    case 'call':
      see(work, observe(known.view, notification))
      if (notification.call.toneInfo && !known.ended) hearTone(work, notification.call.toneInfo)
      return
    case 'operation': {
      const { operation, operationId, changeType } = notification
      if (changeType === 'deleted' || isOver(operation)) finish(work, withStatus(operation), operationId)
      return
    }
    case 'participants': {
      // Graph documents a delta as one deltaParticipants; a bare list counts as one too when the call was asked for with deltas.
      const delta = notification.delta || known.view.details?.callOptions?.isDeltaRosterEnabled === true
      return hearRoster(work, {
        participants: notification.participants,
        delta,
        ...(notification.sequenceNumber !== undefined && { sequenceNumber: notification.sequenceNumber }),
      })
    }
    default:
      told.push({ type: 'other', notification })
  }
}

function ring(work: Work, timer: string) {
  const { known } = work
  switch (timer) {
    case 'established':
      // Once more if audio does not flow by the time it is established.
      if (!known.view.ready) look(work, known.view.established ? null : 'established')
      return
    case 'keepAlive':
      work.asks.push({ type: 'keepAlive' })
      return
    case 'tones':
      tellTones(work, skipGap(known.tones))
      if (known.tones.waiting.length > 0) wait(work, 'tones', work.pace.toneGapMs)
      return
    case 'transfer':
      if (known.transfer) look(work, 'transfer')
      return
    case 'hungUp':
    case 'gone':
      return see(work, endWithoutWord(known.view, timer))
    case 'roster':
      known.rosterQuestion = { ...known.rosterQuestion, resting: false }
      if (known.rosterQuestion.again && !known.rosterQuestion.open) askRoster(work)
      return
    default:
      return doubt(work, timer)
  }
}

function begin(work: Work, news: Extract<News, { type: 'begun' }>) {
  const { known } = work
  switch (news.request) {
    case 'answer':
      if (news.callOptions && known.view.details) {
        known.view = { ...known.view, details: { ...known.view.details, callOptions: news.callOptions } }
      }
      return
    case 'transfer':
      known.transfer = { patience: news.patience, asked: 0 }
      known.view = askTransfer(known.view)
      return
    case 'operation':
      known.operations = beginOperation(known.operations, news.context, news.patience)
  }
}

function take(work: Work, news: Extract<News, { type: 'taken' }>) {
  const { known } = work
  switch (news.request) {
    case 'answer':
      known.looks = 0
      return awaitEstablished(work)
    case 'hangUp':
      return wait(work, 'hungUp', hungUpMs)
    case 'transfer':
      if (known.transfer) waitPatiently(work, 'transfer', known.transfer.patience.ms)
      return
    case 'operation':
      return takeOperation(work, news)
  }
}

/** What is seen of the call first becomes what is known, and then is told. What it leaves in doubt is asked. */
function see(work: Work, { view, events, inDoubt }: Observed) {
  const { known, told } = work
  if (view.state !== known.view.state) known.changes += 1
  known.view = view
  for (const event of events) {
    if (event.type === 'transferFailed') stopTransfer(work)
    if (event.type === 'mediaActive') work.asks.push({ type: 'cancel', timer: 'established' })
    if (event.type === 'ended') {
      while (known.tones.waiting.length > 0) tellTones(work, skipGap(known.tones))
      const { type: _type, ...how } = event
      known.ended = how
      known.operations = { ...known.operations, open: [] }
      known.transfer = null
    }
    told.push(event)
  }
  if (inDoubt) look(work, null)
}

/** Asks Graph how the call stands. `about` is what for, and is concluded from the answer. */
function look({ known, asks }: Work, about: string | null) {
  asks.push({ type: 'getCall', since: known.changes, about })
}

/** Graph was asked how the call stands, and has answered what it could: it goes on, as far as we know. */
function conclude(work: Work, about: string, isTold: boolean) {
  const { known, told } = work
  if (about === 'established') {
    known.looks += 1
    return awaitEstablished(work)
  }
  if (about !== 'transfer') {
    if (!openOperation(known.operations, about)) return
    known.operations = forgetOperation(known.operations, about)
    told.push({ type: 'operationEnded', context: about, operation: null })
    return
  }
  if (!known.transfer) return
  const { patience, asked } = known.transfer
  const lasts = known.view.state === 'transferring' || known.view.state === 'transferAccepted'
  // Where Graph could not tell, the call may be under way to somebody all the same.
  if (lasts || (!isTold && mayAskAgain(patience, asked) && asked < mostBlindLooks)) {
    known.transfer = { patience, asked: asked + 1 }
    if (mayAskAgain(patience, asked)) waitPatiently(work, 'transfer', patience.againMs)
  } else {
    known.transfer = null
    told.push({ type: 'transferUnknown' })
  }
}

function findGone(work: Work, { of, subcode }: Extract<News, { type: 'gone' }>) {
  const { known, pace } = work
  if (of === 'part') return look(work, null)
  if (known.gone) return
  known.gone = { subcode }
  if (pace.goneMs > 0) wait(work, 'gone', pace.goneMs)
  else see(work, endWithoutWord(known.view, 'gone'))
}

function awaitEstablished(work: Work) {
  const { looks } = work.known
  const { establishedMs, keepAliveMs } = work.pace
  wait(work, 'established', paced(looks === 0 ? establishedMs : Math.min(establishedMs * 2 ** looks, keepAliveMs)))
}

function stopTransfer(work: Work) {
  if (work.known.transfer) work.asks.push({ type: 'cancel', timer: 'transfer' })
  work.known.transfer = null
}

/** The answer to the request of an operation. What is over already needs no notification. */
function takeOperation(work: Work, { context, operation }: { context: string; operation: CommsOperation }) {
  const { known, told } = work
  if (isOver(operation)) return finish(work, { ...operation, clientContext: context }, operation.id)
  const { ledger, early } = nameOperation(known.operations, context, operation.id)
  known.operations = ledger
  if (early) told.push({ type: 'operationEnded', context, operation: early })
  const one = openOperation(ledger, context)
  if (one) waitPatiently(work, context, one.patience.ms)
}

/** The end of an operation, heard or answered; `id` as Graph wrote it. */
function finish(work: Work, operation: CommsOperation, id: string | null | undefined) {
  const { known, told, asks } = work
  const { ledger, ours, isNew } = endOperation(known.operations, operation, id ? normalId(id) : null)
  known.operations = ledger
  if (ours) {
    asks.push({ type: 'cancel', timer: ours.context })
    told.push({ type: 'operationEnded', context: ours.context, operation })
  }
  if (isNew) told.push({ type: 'operation', operation })
}

/** No notification in time: Graph is asked for the operation, and where it cannot tell of that, for the call. */
function doubt(work: Work, context: string) {
  const one = openOperation(work.known.operations, context)
  if (!one) return
  if (one.wireId === null) return look(work, context)
  work.known.operations = countQuestion(work.known.operations, one)
  work.asks.push({ type: 'getOperation', context, id: one.wireId })
}

function takeAnswer(work: Work, { context, operation }: Extract<News, { type: 'operation' }>) {
  const one = openOperation(work.known.operations, context)
  if (!one) return
  if (operation && isOver(operation)) return finish(work, { ...operation, clientContext: context }, one.wireId)
  if (operation && mayAskAgain(one.patience, one.asked)) return waitPatiently(work, context, one.patience.againMs)
  look(work, context)
}

function forget(work: Work, context: string) {
  work.known.operations = forgetOperation(work.known.operations, context)
  work.asks.push({ type: 'cancel', timer: context })
}

const mayAskAgain = ({ most }: Patience, asked: number): boolean => most === null || asked < most

function waitPatiently(work: Work, timer: string, ms: number | null) {
  if (ms !== null) wait(work, timer, paced(ms))
}

function wait({ asks }: Work, timer: string, ms: number) {
  asks.push({ type: 'wait', timer, ms })
}

function hearTone(work: Work, tone: ToneInfo) {
  const { known, asks } = work
  const waited = known.tones.waiting.length > 0
  const taken = takeTone(known.tones, tone)
  tellTones(work, taken)
  const waits = known.tones.waiting.length > 0
  // The wait is for one gap: more keys behind the same one do not make it longer.
  if (waits && (!waited || taken.told.length > 0)) wait(work, 'tones', work.pace.toneGapMs)
  if (waited && !waits) asks.push({ type: 'cancel', timer: 'tones' })
}

function tellTones({ known, told }: Work, taken: Taken) {
  known.tones = taken.tones
  for (const tone of taken.told) told.push({ type: 'tone', tone })
}

function hearRoster(work: Work, news: RosterNews) {
  const { known } = work
  const { roster, change, gap } = applyRoster(known.roster, news)
  known.roster = roster
  const { open } = known.rosterQuestion
  if (open) {
    known.rosterQuestion = { ...known.rosterQuestion, open: { ...open, meanwhile: [...open.meanwhile, news] } }
  }
  tellRoster(work, change)
  if (gap) askRoster(work)
}

/** One question at a time, and a second from one to the next. */
function askRoster(work: Work) {
  const { known, asks } = work
  const { open, resting } = known.rosterQuestion
  if (open || resting) {
    known.rosterQuestion = { open, resting, again: true }
    return
  }
  known.rosterQuestion = { open: { before: known.roster, meanwhile: [] }, resting: true, again: false }
  asks.push({ type: 'listParticipants' })
  wait(work, 'roster', leastPauseMs)
}

function takeParticipants(work: Work, participants: readonly Participant[] | null) {
  const { known } = work
  const { open, resting, again } = known.rosterQuestion
  known.rosterQuestion = { open: null, resting, again }
  if (open && participants) {
    const { roster, change } = applyFetched(known.roster, { ...open, participants })
    known.roster = roster
    tellRoster(work, change)
  }
  if (again && !resting) askRoster(work)
}

function tellRoster({ told }: Work, change: RosterChange) {
  if (change.added.length + change.updated.length + change.removed.length > 0) told.push({ type: 'roster', change })
}
