import type { CallView } from '#emulator/world/views.ts'
import { normalId } from '#ground/ids.ts'
import type { Run, Seen, Sent } from './faultBook.ts'
import type { Scenario } from './faultScenario.ts'

/** What must be true of every run, whatever went wrong in it. Pure. */

/** How long the client may believe in a call that is over: a keepAlive each 15 minutes, and tries each minute when it fails. */
const mostBelievedMs = 30 * 60_000
/** A tone waits so long for one before it (`toneGapMs` of createCalling). */
const toneGapMs = 400
const family = /^\/v1\.0\/communications\/calls(?:\/|$)/

/** What is not as it must be, a sentence each. */
export function wrongsOf(run: Run, scenario: Scenario): string[] {
  return [
    ...promisesSettle(run),
    ...endsAgree(run),
    ...endsOnce(run),
    ...tonesInOrder(run),
    ...nothingLeftOpen(run),
    ...onceOnly(run, scenario),
    ...silentAfterTheEnd(run),
    ...neverTooEarly(run),
  ]
}

/** 1. Every promise has settled, with a known error or none. */
function promisesSettle({ promised, strange }: Run): string[] {
  return [
    ...promised.filter(({ outcome }) => outcome === null).map((one) => `1: ${one.what} of ${one.callId} never settled`),
    ...promised.filter(({ isKnown }) => !isKnown).map((one) => `1: ${one.what} failed strangely: ${one.outcome}`),
    ...strange.map((one) => `1: a strange error: ${one}`),
  ]
}

const emulatedOf = ({ emulated }: Run, { id }: Pick<Seen, 'id'>): CallView | undefined =>
  emulated.find((call) => normalId(call.id) === id)

/** 2. A call is over here if, and only if, it is over there, for the same reason, and soon after. */
function endsAgree(run: Run): string[] {
  return run.seen.flatMap((one): string[] => {
    const there = emulatedOf(run, one)
    if (!there) return [`2: the emulator never had ${one.id}`]
    const { state, result, endedAt } = there
    const { ended } = one
    if (one.closed) return []
    if (!ended) return [`2: ${one.id} goes on for the client, and is ${state} at the emulator`]
    if (state !== 'terminated' || endedAt === null)
      return [`2: ${one.id} is over for the client, and ${state} at the emulator`]
    const lateMs = ended.at - Date.parse(endedAt)
    const said = ended.resultInfo
    return [
      ...(lateMs < 0 ? [`2: the client ended ${one.id} ${-lateMs} ms before the emulator did`] : []),
      ...(lateMs > mostBelievedMs ? [`2: the client took ${lateMs} ms to notice the end of ${one.id}`] : []),
      ...(ended.how === 'terminated' && (said?.code !== result?.code || said?.subcode !== result?.subcode)
        ? [
            `2: ${one.id} ended with ${said?.code}/${said?.subcode}, at the emulator with ${result?.code}/${result?.subcode}`,
          ]
        : []),
      // R11: a call that is followed is kept alive.
      ...(result?.subcode === 8537 ? [`2: ${one.id} was followed, and died without keepAlive`] : []),
    ]
  })
}

/** 3. The end is told once and last. */
function endsOnce({ seen }: Run): string[] {
  return seen.flatMap(({ id, ends, late }) => [
    ...(ends > 1 ? [`3: ${id} ended ${ends} times`] : []),
    ...late.map((event) => `3: ${event} of ${id} after its end`),
  ])
}

/** 3. Tones come once and in order, and all that arrived before the end and not later than the next one could wait. */
function tonesInOrder(run: Run): string[] {
  return run.seen.flatMap(({ id, tones, ended, closed }) => {
    const outOfOrder = tones.some((tone, place) => place > 0 && tone <= (tones[place - 1] ?? 0))
    const first = new Map<number, { at: number; tick: number }>()
    for (const { callId, toneSequence, at, tick } of run.arrived) {
      if (callId === id && toneSequence !== null && !first.has(toneSequence)) first.set(toneSequence, { at, tick })
    }
    const missing = [...first].filter(([tone, { at, tick }]) => {
      if (tones.includes(tone) || closed || !ended || tick > ended.tick) return false
      return ![...first].some(([other, { at: otherAt }]) => other > tone && otherAt + toneGapMs <= at)
    })
    // Of a call that another process followed before, this one heard only some.
    const isOnly = run.seen.filter((one) => one.id === id).length === 1
    return [
      ...(outOfOrder ? [`3: tones of ${id} out of order: ${tones}`] : []),
      ...tones.filter((tone) => !first.has(tone)).map((tone) => `3: tone ${tone} of ${id} was never sent`),
      ...(isOnly ? missing.map(([tone]) => `3: tone ${tone} of ${id} arrived and was not told`) : []),
    ]
  })
}

/** 4. Nothing is left open on either side. */
function nothingLeftOpen({ open, underWay, strayTimers, isQuiet, emulated, beganAt, endedAt }: Run): string[] {
  return [
    ...(strayTimers > 0 ? [`4: ${strayTimers} timers of calls that are over`] : []),
    ...(isQuiet ? [] : [`4: not quiet after ${endedAt - beganAt} ms`]),
    ...(open.timers > 0 ? [`4: ${open.timers} timers wait`] : []),
    ...(underWay > 0 ? [`4: ${underWay} requests under way`] : []),
    ...open.calls.map((id) => `4: the client still follows ${id}`),
    ...emulated
      .filter(({ state }) => state !== 'terminated')
      .map(({ id, state }) => `4: ${id} is ${state} at the emulator`),
  ]
}

/** So long a placer waits for a callback before it tries again (`silenceMs` of createPlacer). */
const silenceMs = 30_000

/** 5. Nobody is called twice (R7), unless nothing was heard of the first call in time. */
function onceOnly({ emulated, arrived, planOf }: Run, { plans }: Scenario): string[] {
  return plans.flatMap(({ how }, place) => {
    const calls = emulated.filter((call) => planOf(call) === place)
    const wasSilent = calls.slice(0, -1).every(({ id, startedAt }) => {
      const first = arrived.find(({ callId }) => callId === normalId(id))
      return !first || first.at >= Date.parse(startedAt) + silenceMs
    })
    const most = how === 'careful' && wasSilent ? 2 : 1
    return calls.length > most ? [`5: ${calls.length} calls for plan ${place}`] : []
  })
}

/** 6. Nothing more is asked of a call that is known to be over. */
function silentAfterTheEnd({ seen, sent, foundOver }: Run): string[] {
  const overAt = new Map<string, number>(foundOver.map(({ id, tick }) => [id, tick]))
  for (const { id, ended } of seen) if (ended) overAt.set(id, Math.min(ended.tick, overAt.get(id) ?? Infinity))
  return sent.flatMap(({ method, path, tick }) => {
    const id = normalId(/\/calls\/([^/]+)/.exec(path)?.[1] ?? '')
    return tick > (overAt.get(id) ?? Infinity) ? [`6: ${method} ${path} after the end`] : []
  })
}

/** What waits for no one: a caller rings for 15 s. */
const ringing = /\/(?:answer|reject|redirect)$/
/** So long a 429 is taken to be of its own request, after Graph took another one in spite of it (`doubtMs` of the throttle). */
const doubtMs = 60_000

const isOfTenant = ({ answer }: Sent) => answer?.status === 429 && answer.code === 'TooManyRequests'
const waitsUntil = ({ answer }: Sent) => (answer ? answer.at + answer.retryAfterMs : 0)

/**
 * 6. Nothing goes out before Graph's Retry-After is over: of the whole tenant, of that call, or of that request. Of the whole tenant but
 * for ringing callers, and until Graph takes one of them meanwhile, which shows that it was not meant for all.
 */
function neverTooEarly({ sent }: Run): string[] {
  const closing = sent.filter(isOfTenant)
  const taken = sent.filter((one) => {
    const { answer } = one
    if (!answer || answer.status >= 300 || !family.test(one.path)) return false
    return closing.some((held) => held.answer && held.answer.at < one.at && answer.at < waitsUntil(held))
  })
  const isDoubted = ({ at }: Sent) => taken.some(({ answer }) => answer && answer.at <= at && answer.at > at - doubtMs)
  return sent.flatMap((held) => {
    const { answer } = held
    if (!answer || answer.retryAfterMs === 0 || ![429, 503].includes(answer.status)) return []
    const until = waitsUntil(held)
    const isMeant = (one: Sent) => {
      // A login has the same body but for its random id.
      const isSame = one.body === held.body || one.path.endsWith('/token')
      if (one.method === held.method && one.path === held.path && isSame) return one.tick > held.tick
      return isOfTenant(held) && family.test(one.path) && !ringing.test(one.path) && !isDoubted(one)
    }
    return sent
      .filter((one) => one.at > answer.at && one.at < until && isMeant(one))
      .map(
        (one) => `6: ${one.method} ${one.path} ${until - one.at} ms before the Retry-After of ${answer.status} is over`,
      )
  })
}
