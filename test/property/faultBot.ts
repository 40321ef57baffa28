import type { LiveCall } from '#communications/calling/call.ts'
import { type Calling, createCalling } from '#communications/calling/calling.ts'
import { OperationError } from '#communications/calling/operations.ts'
import { type Notification, NotificationError, parseNotifications } from '#communications/inbound/notifications.ts'
import { type Proof, ProofError } from '#communications/inbound/proof.ts'
import type { Client } from '#communications/requests/client.ts'
import { createPlacer, type Placer } from '#communications/requests/placeCall.ts'
import { GraphError } from '#communications/road/error.ts'
import { publicUrl, tenantId } from '#emulator/testing/testLine.ts'
import type { Post } from '#emulator/wire/delivery.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import { type Book, describe, isKnown, keep, note, tickOf, watched } from './faultBook.ts'
import { type Ask, setPerson, user, userOf } from './faultPeople.ts'
import type { Plan, Step } from './faultScenario.ts'

/** The bot of a run: what it does with its calls, and its webhook. */

export type Bot = {
  book: Book
  ask: Ask
  plans: Plan[]
  client: Client
  placer: Placer
  proof: Proof
  /** Of followed calls alone: others, such as a lane of the throttle that waits, need not end with a call. */
  timers: Set<object>
  callClock: Clock
  /** Goes up when the bot's process ends: what the old one was about to do is not done. */
  life: number
  calling: Calling
  /** Calls that were taken over, each with the life in which they were. */
  taken: Set<string>
}

const never = new AbortController().signal
const carefulUri = `${publicUrl}/api/careful/`

export function openBot({ client, ...deps }: Pick<Bot, 'book' | 'ask' | 'plans' | 'client' | 'proof'>): Bot {
  const { clock } = deps.book
  const timers = new Set<object>()
  const callClock = countingClock(clock, timers)
  const placer = createPlacer({ calls: client.calls, clock, callbackUriFor: (secret) => carefulUri + secret })
  const rest = { ...deps, client, placer, timers, callClock, life: 0, taken: new Set<string>() }
  const bot: Bot = Object.assign(rest, { calling: newCalling(rest) })
  takeCalls(bot)
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

const newCalling = ({ book, client, callClock }: Pick<Bot, 'book' | 'client' | 'callClock'>): Calling =>
  createCalling({
    client,
    clock: callClock,
    callbackUri: `${publicUrl}/api/calls`,
    onError: (error) => {
      note(book, `! ${describe(error).split('\n')[0]}`)
      if (!isKnown(error)) book.strange.push(describe(error))
    },
  })

/** What this life of the bot does with calls that come in, and with calls of a life before. */
function takeCalls(bot: Bot): void {
  const mine = bot.life
  bot.calling.on('incoming', (call) => {
    const place = bot.plans.findIndex((_, place) => call.source?.identity?.user?.id === userOf(place))
    return takeCall(bot, watch(bot, call), place, mine)
  })
  bot.calling.on('unknown', ({ id }) => takeOver(bot, id, mine))
}

const watch = (bot: Bot, call: LiveCall): LiveCall => watched(bot.book, call, () => lookForStrays(bot))

function lookForStrays({ book, calling, timers }: Bot): void {
  if (calling.calls.length === 0) book.strayTimers = Math.max(book.strayTimers, timers.size)
}

async function takeCall(bot: Bot, call: LiveCall, place: number, mine: number): Promise<void> {
  const { book, ask } = bot
  const plan = bot.plans[place]
  if (!plan) return hangUp(bot, call, mine)
  const { how, callee } = plan
  if (how === 'reject') await keep(book, 'reject', call.id, call.reject({ reason: 'busy' }))
  else if (how === 'redirect') {
    await setPerson(ask, userOf(place, 'guest'), callee)
    const redirected = call.redirect({ targets: [user(place, 'guest')], timeoutSeconds: 20 })
    await keep(book, 'redirect', call.id, redirected)
  } else if ('error' in (await keep(book, 'answer', call.id, call.answer()))) return hangUp(bot, call, mine)
  else return converse(bot, call, plan, place, mine)
  // Nothing is left to do but to hear of its end.
  await keep(book, 'until ended', call.id, call.until('ended'))
}

/** Calls as the plan says. `onPlaced`: the call is there, or never will be. */
export async function makeCall(bot: Bot, plan: Plan, place: number, onPlaced: () => void): Promise<void> {
  const { book, calling, placer, life: mine } = bot
  const about = { tenantId, ...targetOf(plan, place) }
  if (plan.how === 'careful') {
    const made = await keep(book, 'careful place', `plan ${place}`, placer.place(about))
    onPlaced()
    const id = 'value' in made && made.value.outcome === 'placed' ? made.value.call.id : null
    const goOn = (call: LiveCall) => converse(bot, call, plan, place, mine)
    if (id !== null && bot.life === mine) await takeOver(bot, id, mine, goOn)
    return
  }
  const made = await keep(book, 'place', `plan ${place}`, calling.place(about))
  onPlaced()
  if ('value' in made) await converse(bot, watch(bot, made.value), plan, place, mine)
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

async function converse(bot: Bot, call: LiveCall, plan: Plan, place: number, mine: number): Promise<void> {
  const { book } = bot
  await keep(book, 'until mediaActive', call.id, call.until('mediaActive', 120_000))
  if (plan.hears) await keep(book, 'subscribe', call.id, call.subscribeToTone())
  const others: Promise<unknown>[] = []
  for (const step of plan.steps) {
    if (call.ended || bot.life !== mine) break
    const done = keep(book, step.do, call.id, carryOut(bot, call, step, place))
    if (step.wait) await done
    else others.push(done)
  }
  if (plan.end === 'bot') await hangUp(bot, call, mine)
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
async function hangUp(bot: Bot, call: LiveCall, mine: number): Promise<void> {
  for (let tries = 0; tries < 30 && !call.ended && bot.life === mine; tries += 1) {
    const done = await keep(bot.book, 'hangUp', call.id, call.hangUp())
    if ('error' in done) await pauseAfter(bot, done.error)
  }
}

/** A call of another process, or one whose `place` was never answered. */
async function takeOver(
  bot: Bot,
  id: string,
  mine: number,
  goOn = (call: LiveCall): Promise<void> => hangUp(bot, call, mine),
): Promise<void> {
  const { book, taken } = bot
  if (taken.has(`${mine} ${id}`)) return
  taken.add(`${mine} ${id}`)
  for (let tries = 0; tries < 30 && bot.life === mine; tries += 1) {
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
export function restart(bot: Bot): void {
  const { book, calling } = bot
  note(book, '- the bot is restarted')
  const ids = calling.calls.map(({ id }) => id)
  for (const one of book.seen) if (!one.ended) one.closed = true
  calling.close()
  lookForStrays(bot)
  bot.life += 1
  bot.calling = newCalling(bot)
  takeCalls(bot)
  for (const id of ids) void takeOver(bot, id, bot.life)
}

/** The bot's webhook. */
export const webhookOf =
  (bot: Bot): Post =>
  async (url, { headers, body }) => {
    try {
      const { tenantId: tenant } = await bot.proof.verify(headers.authorization)
      const parsed = parseNotifications(JSON.parse(body))
      if (parsed.kind === 'legacy') return { status: 204 }
      writeDown(bot.book, parsed.notifications)
      const secret = /\/api\/careful\/(.+)$/.exec(new URL(url).pathname)?.[1]
      const heard = parsed.notifications.filter((news) => isForCalling(bot, news, secret))
      bot.calling.hear(heard, { tenantId: tenant })
      return { status: 202 }
    } catch (error) {
      if (error instanceof ProofError) return { status: 401 }
      if (!(error instanceof NotificationError)) bot.book.strange.push(describe(error))
      return { status: 400 }
    }
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
  return Boolean(bot.calling.get(callId)) || isOthers || bot.taken.has(`${bot.life} ${wireCallId}`)
}
