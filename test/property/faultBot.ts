import type { LiveCall } from '#communications/calling/call.ts'
import { createCalling } from '#communications/calling/calling.ts'
import { OperationError } from '#communications/calling/operations.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Client } from '#communications/requests/client.ts'
import type { Placer } from '#communications/requests/placeCall.ts'
import { GraphError } from '#communications/road/error.ts'
import { publicUrl, tenantId } from '#emulator/testing/testLine.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import { type Book, describe, isKnown, keep, note, tickOf, watched } from './faultBook.ts'
import { type Ask, setPerson, user, userOf } from './faultPeople.ts'
import type { Plan, Step } from './faultScenario.ts'

/** The bot of a run: what it does with its calls, and its webhook. */

type Deps = { book: Book; ask: Ask; plans: Plan[]; client: Client; placer: Placer }
/** One process, from its start to its end. */
export type Bot = ReturnType<typeof openBot>

const never = new AbortController().signal

export function openBot(deps: Deps) {
  const { book, client, plans } = deps
  const timers = new Set<object>()
  const calling = createCalling({
    client,
    clock: countingClock(book.clock, timers),
    callbackUri: `${publicUrl}/api/calls`,
    onError: (error) => {
      note(book, `! ${describe(error).split('\n')[0]}`)
      if (!isKnown(error)) book.strange.push(describe(error))
    },
  })
  const bot = {
    ...deps,
    calling,
    /** Of followed calls alone: others, such as a lane of the throttle that waits, need not end with a call. */
    timers,
    /** Calls that were taken over. */
    taken: new Set<string>(),
    /** The process has ended: what it was about to do is not done. */
    isOver: false,
  }
  calling.on('incoming', (call) => {
    const place = plans.findIndex((_, place) => call.source?.identity?.user?.id === userOf(place))
    return takeCall(bot, watch(bot, call), place)
  })
  calling.on('unknown', ({ id }) => takeOver(bot, id))
  return bot
}

function countingClock(clock: Clock, timers: Set<object>): Clock {
  return {
    now: clock.now,
    after(ms, act) {
      const timer = {}
      if (ms > 0) timers.add(timer)
      const cancel = clock.after(ms, () => {
        timers.delete(timer)
        act()
      })
      return () => {
        timers.delete(timer)
        cancel()
      }
    },
  }
}

const watch = (bot: Bot, call: LiveCall): LiveCall => watched(bot.book, call, () => lookForStrays(bot))

function lookForStrays({ book, calling, timers }: Bot): void {
  if (calling.calls.length === 0) book.strayTimers = Math.max(book.strayTimers, timers.size)
}

async function takeCall(bot: Bot, call: LiveCall, place: number): Promise<void> {
  const { book, ask } = bot
  const plan = bot.plans[place]
  if (!plan) return hangUp(bot, call)
  const { how, callee } = plan
  if (how === 'reject') await keep(book, 'reject', call.id, call.reject({ reason: 'busy' }))
  else if (how === 'redirect') {
    await setPerson(ask, userOf(place, 'guest'), callee)
    const redirected = call.redirect({ targets: [user(place, 'guest')], timeoutSeconds: 20 })
    await keep(book, 'redirect', call.id, redirected)
  } else if ('error' in (await keep(book, 'answer', call.id, call.answer()))) return hangUp(bot, call)
  else return converse(bot, call, plan, place)
  // Nothing is left to do but to hear of its end.
  await keep(book, 'until ended', call.id, call.until('ended'))
}

/** Calls as the plan says. `onPlaced`: the call is there, or never will be. */
export async function makeCall(bot: Bot, plan: Plan, place: number, onPlaced: () => void): Promise<void> {
  const { book, calling, placer } = bot
  const about = { tenantId, ...targetOf(plan, place) }
  if (plan.how === 'careful') {
    const made = await keep(book, 'careful place', `plan ${place}`, placer.place(about))
    onPlaced()
    const id = 'value' in made && made.value.outcome === 'placed' ? made.value.call.id : null
    const goOn = (call: LiveCall) => converse(bot, call, plan, place)
    if (id !== null && !bot.isOver) await takeOver(bot, id, goOn)
    return
  }
  const made = await keep(book, 'place', `plan ${place}`, calling.place(about))
  onPlaced()
  if ('value' in made) await converse(bot, watch(bot, made.value), plan, place)
}

function targetOf({ how }: Plan, place: number) {
  if (how === 'group') return { targets: [user(place), user(place, 'second')] }
  if (how !== 'meeting') return { targets: [user(place)] }
  return {
    chatInfo: { threadId: `19:meeting_${place}@thread.v2`, messageId: '0' },
    meetingInfo: {
      '@odata.type': '#microsoft.graph.organizerMeetingInfo' as const,
      organizer: { user: { id: userOf(place), tenantId } },
    },
  }
}

async function converse(bot: Bot, call: LiveCall, plan: Plan, place: number): Promise<void> {
  const { book } = bot
  await keep(book, 'until mediaActive', call.id, call.until('mediaActive', 120_000))
  if (plan.hears) await keep(book, 'subscribe', call.id, call.subscribeToTone())
  const others: Promise<unknown>[] = []
  for (const step of plan.steps) {
    if (call.ended || bot.isOver) break
    const done = keep(book, step.do, call.id, carryOut(bot, call, step, place))
    if (step.wait) await done
    else others.push(done)
  }
  if (plan.end === 'bot') await hangUp(bot, call)
  else await keep(book, 'until ended', call.id, call.until('ended'))
  await Promise.all(others)
}

async function carryOut({ ask, book }: Bot, call: LiveCall, step: Step, place: number): Promise<unknown> {
  switch (step.do) {
    case 'play':
      return call.playPrompt({ prompts: [{ uri: `${publicUrl}/${step.ms}.wav`, resourceId: String(step.ms) }] })
    case 'record':
      return call.recordResponse({ maxRecordDurationInSeconds: step.seconds, stopTones: ['#'] })
    case 'keys':
      return call.sendDtmfTones({ tones: Array.from({ length: step.count }, () => 'tone1' as const) })
    case 'subscribe':
      return call.subscribeToTone()
    case 'cancel':
      return call.cancelMediaProcessing()
    case 'mute':
      return call.mute()
    case 'invite':
      await setPerson(ask, userOf(place, 'guest'), step)
      return call.invite({ participants: [{ party: user(place, 'guest') }] })
    case 'transfer':
      await setPerson(ask, userOf(place, 'guest'), step)
      return call.transfer({ target: user(place, 'guest') })
    case 'stay':
      return sleep(book.clock, step.ms, never)
  }
}

/** How long a bot that insists waits before it asks again: as long as Graph says, and not in a hurry. */
const pauseAfter = ({ book }: Bot, error: unknown): Promise<void> =>
  sleep(book.clock, Math.max(15_000, error instanceof GraphError ? (error.retryAfterMs ?? 0) : 0), never)

/** As a bot does that must not leave a call behind. */
async function hangUp(bot: Bot, call: LiveCall): Promise<void> {
  for (let tries = 0; tries < 30 && !call.ended && !bot.isOver; tries += 1) {
    const done = await keep(bot.book, 'hangUp', call.id, call.hangUp())
    if ('error' in done) await pauseAfter(bot, done.error)
  }
}

/** A call of another process, or one whose `place` was never answered. */
async function takeOver(bot: Bot, id: string, goOn = (call: LiveCall) => hangUp(bot, call)): Promise<void> {
  const { book, taken } = bot
  if (taken.has(id)) return
  taken.add(id)
  for (let tries = 0; tries < 30 && !bot.isOver; tries += 1) {
    const resumed = await keep(book, 'resume', id, bot.calling.resume({ id, tenantId }))
    if ('value' in resumed) return goOn(watch(bot, resumed.value))
    if (resumed.error instanceof OperationError && resumed.error.code === 'callEnded') {
      book.foundOver.push({ id: normalId(id), tick: tickOf(book) })
      return
    }
    await pauseAfter(bot, resumed.error)
  }
}

/** The process ends, and another one takes its calls over. */
export function restart(bot: Bot): Bot {
  const { book, calling } = bot
  note(book, '- the bot is restarted')
  const ids = calling.calls.map(({ id }) => id)
  for (const one of book.seen) if (!one.ended) one.closed = true
  calling.close()
  lookForStrays(bot)
  bot.isOver = true
  const next = openBot(bot)
  for (const id of ids) void takeOver(next, id)
  return next
}

/** What the bot does with proven notifications that came to this address of its webhook. */
export function hear(bot: Bot, notifications: readonly Notification[], tenant: string, url: string): void {
  writeDown(bot.book, notifications)
  const secret = /\/api\/careful\/(.+)$/.exec(new URL(url).pathname)?.[1]
  const heard = notifications.filter((news) => isForCalling(bot, news, secret))
  bot.calling.hear(heard, { tenantId: tenant })
}

function writeDown(book: Book, notifications: readonly Notification[]): void {
  const tick = tickOf(book)
  for (const news of notifications) {
    const call = news.resource === 'call' ? news.call : null
    const toneSequence = call?.toneInfo?.sequenceId ?? null
    book.arrived.push({ at: book.clock.now(), tick, callId: news.callId, toneSequence })
    const how = news.resource === 'operation' ? news.operation.status : (call?.state ?? '')
    note(book, `* ${news.changeType} ${news.resource} ${news.callId} ${how} ${toneSequence ?? ''}`)
  }
}

/** What the placer deals with is nobody else's, until the call is taken over. */
function isForCalling(bot: Bot, { callId, wireCallId }: Notification, secret: string | undefined): boolean {
  const whose = secret === undefined ? 'stranger' : bot.placer.heard(secret, wireCallId)
  const isOthers = !['current', 'superseded'].includes(whose)
  return Boolean(bot.calling.get(callId)) || isOthers || bot.taken.has(wireCallId)
}
