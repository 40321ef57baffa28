import * as z from 'zod'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { Call } from '../world/call.ts'
import { resultInfo } from '../world/notifications.ts'
import { fractionOf } from './random.ts'

/** What shall go wrong: rules, and which of them a request, a notification or a prompt meets. Others carry the faults out. */

const ms = z.number().min(0).max(86_400_000)
const yes = z.literal(true)

/** Which requests or notifications a rule is about. What is not said does not matter. */
const onSchema = z.strictObject({
  /** Name in the contract (`call-playprompt`), `token`, or `*` for every operation but `token`. */
  operation: z.string().min(1).optional(),
  notification: z.enum(['created', 'updated', 'deleted', '*']).optional(),
  /** What it is about: `call`, `operation`, or the word of its path below the call, such as `participants`. */
  resource: z.string().min(1).optional(),
  /** State of the call, or status of the operation, that the notification tells. */
  state: z.string().min(1).optional(),
  status: z.string().min(1).optional(),
  callId: z.string().min(1).optional(),
  /** Only the so-manieth of those of one call, from 1. */
  nth: z.number().int().min(1).optional(),
})

const requestWords = ['status', 'hang', 'cut', 'cutAfter', 'hangAfter'] as const
const notificationWords = ['lose', 'duplicate', 'reorder', 'legacy', 'wrongKey', 'slow', 'badToken'] as const

const doSchema = z.strictObject({
  /** The request is answered so, and nothing is done. */
  status: z.number().int().min(400).max(599).optional(),
  code: z.string().optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  /** The request is never answered, or its connection is cut, and nothing is done. */
  hang: yes.optional(),
  cut: yes.optional(),
  /** The same, after it was done: the client cannot know. */
  hangAfter: yes.optional(),
  cutAfter: yes.optional(),
  /** The request is taken, or the notification sent, so much later. Those of the same call behind it wait too. */
  delayMs: ms.optional(),

  /** The notification is never sent. */
  lose: yes.optional(),
  /** It is sent so many times more, `gapMs` apart. */
  duplicate: z.number().int().min(1).max(100).optional(),
  gapMs: ms.optional(),
  /** It is held until the next one of that call was sent, or for a second. */
  reorder: yes.optional(),
  /** An incoming call is told in the old Skype form first; 204 brings the Graph form. */
  legacy: yes.optional(),
  /** Its token is signed with a key that nobody publishes. */
  wrongKey: yes.optional(),
  /** Its token is broken in this way; `true` means its signature. */
  badToken: z.union([yes, z.enum(['signature', 'expired', 'audience', 'issuer'])]).optional(),
  /** The webhook's answer is taken so many milliseconds late. */
  slow: ms.optional(),

  /** The service loses the call: now, so much later, or when a prompt begins to sound. */
  dropCall: z
    .strictObject({
      result: z.strictObject({ code: z.number().int(), subcode: z.number().int(), message: z.string() }).optional(),
      afterMs: ms.optional(),
      onPrompt: yes.optional(),
    })
    .optional(),
})

type On = z.output<typeof onSchema>
type Do = z.output<typeof doSchema>
type Kind = 'request' | 'notification' | 'prompt'

/** The form of old, `{ operation, times, status … }`, is a rule that is used once unless it says otherwise. */
function asRule(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('operation' in body)) return body
  const { operation, times = 1, ...rest } = body as Record<string, unknown> // an object, and the schema reads what is in it
  return { on: { operation }, times, do: rest }
}

const ruleForm = z.strictObject({
  on: onSchema.default({}),
  /** How likely it is, by seed. */
  probability: z.number().min(0).max(1).default(1),
  seed: z.union([z.string(), z.number()]).default(0),
  /** How often it is used at most; as often as it matches when not said. */
  times: z.number().int().min(1).max(10_000).optional(),
  do: doSchema,
})

/** Something that shall go wrong. */
export const faultSchema = z.preprocess(
  asRule,
  ruleForm.transform((rule, context) => {
    const said = mainWordsOf(rule.do)
    const kind = kindOf(rule.on, rule.do)
    const [word] = said
    const suits =
      word === undefined ||
      word === 'dropCall' ||
      word === 'delayMs' ||
      (kind === 'request') === (requestWords as readonly string[]).includes(word)
    if (said.length !== 1) {
      context.addIssue({ code: 'custom', path: ['do'], message: `give exactly one of ${everyWord.join(', ')}` })
    } else if (kind === null) {
      context.addIssue({ code: 'custom', path: ['on'], message: 'say operation or notification, not both' })
    } else if (!suits) {
      context.addIssue({ code: 'custom', path: ['do'], message: `${word} does not happen to a ${kind}` })
    }
    return { ...rule, kind: kind ?? ('request' as const) }
  }),
)
export type FaultRule = z.output<typeof faultSchema>

const everyWord = [...requestWords, ...notificationWords, 'dropCall', 'delayMs'] as const

/** `delayMs` may stand beside another word; alone it is one itself. */
function mainWordsOf(wanted: Do): string[] {
  const said = everyWord.filter((word) => wanted[word] !== undefined)
  return said.length > 1 ? said.filter((word) => word !== 'delayMs') : said
}

function kindOf({ operation, notification, resource, state, status }: On, wanted: Do): Kind | null {
  const aboutNotifications = [notification, resource, state, status].some((one) => one !== undefined)
  if (operation !== undefined && aboutNotifications) return null
  if (wanted.dropCall?.onPrompt) return 'prompt'
  if (operation !== undefined) return 'request'
  if (aboutNotifications || wanted.dropCall) return 'notification'
  if (requestWords.some((word) => wanted[word] !== undefined)) return 'request'
  return notificationWords.some((word) => wanted[word] !== undefined) ? 'notification' : null
}

/** Rates from 0 to 1: how likely each fault is to befall a request, a notification or, for `drop`, a prompt. */
const rate = z.number().min(0).max(1)
const ratesSchema = z.strictObject({
  ...{ 401: rate, 403: rate, 404: rate, 409: rate, 429: rate, 500: rate, 502: rate, 503: rate, 504: rate },
  ...{ hang: rate, cut: rate, cutAfter: rate, hangAfter: rate, slowRequest: rate },
  ...{ duplicate: rate, reorder: rate, lose: rate, delay: rate, legacy: rate, wrongKey: rate, badToken: rate },
  ...{ slow: rate, drop: rate },
})

export const scheduleSchema = z.strictObject({
  seed: z.union([z.string().min(1), z.number()]),
  rates: ratesSchema.partial(),
  /** Of `delay`, `slow`, `slowRequest` and the gap of `duplicate`. */
  delayMs: ms.default(50),
  /** Of 429 and 503. */
  retryAfterSeconds: z.number().min(0).default(1),
  /** Which operations the faults of requests befall; all but `token` when not said. */
  operations: z.array(z.string().min(1)).min(1).optional(),
})
export type Schedule = z.output<typeof scheduleSchema>

/** The rules that a schedule stands for: one for each rate, and each operation where those are named. */
function rulesOf({
  seed,
  rates,
  delayMs,
  retryAfterSeconds,
  operations = ['*'],
}: Schedule): (FaultRule & { key: string })[] {
  const actions: Record<string, Do> = {
    ...Object.fromEntries([401, 403, 404, 409, 500, 502, 504].map((status) => [status, { status }])),
    ...Object.fromEntries([429, 503].map((status) => [status, { status, retryAfterSeconds }])),
    ...{ hang: { hang: true }, cut: { cut: true }, cutAfter: { cutAfter: true }, hangAfter: { hangAfter: true } },
    ...{
      slowRequest: { delayMs },
      delay: { delayMs },
      slow: { slow: delayMs },
      duplicate: { duplicate: 1, gapMs: delayMs },
    },
    ...{ reorder: { reorder: true }, lose: { lose: true }, legacy: { legacy: true }, wrongKey: { wrongKey: true } },
    ...{ badToken: { badToken: true }, drop: { dropCall: { onPrompt: true } } },
  }
  const toNotifications = new Set(['duplicate', 'reorder', 'lose', 'delay', 'legacy', 'wrongKey', 'badToken', 'slow'])
  return Object.entries(rates).flatMap(([name, probability]): (FaultRule & { key: string })[] => {
    const action = actions[name]
    if (!action || !probability) return []
    const rule = { probability, seed, times: undefined, do: action }
    if (name === 'drop') return [{ ...rule, key: name, kind: 'prompt' as const, on: {} }]
    if (toNotifications.has(name)) {
      const notification = name === 'legacy' ? ('created' as const) : ('*' as const)
      return [{ ...rule, key: name, kind: 'notification' as const, on: { notification } }]
    }
    return operations.map((operation) => ({ ...rule, key: name, kind: 'request' as const, on: { operation } }))
  })
}

/** What a notification says, as far as a rule can ask. */
export type NotificationFacts = { change: string; resource: string; state: string | null; status: string | null }

/** A rule as the control API lists it. */
export type FaultView = Pick<FaultRule, 'on' | 'probability' | 'seed' | 'do'> & { times: number | null; used: number }

export type Faults = ReturnType<typeof createFaults>

type Held = { rule: FaultRule; key: string; used: number; met: WeakMap<object, number> }
/** How often each thing happened to one call, and the how-manieth call it is. */
type Memory = { ordinal: number; counts: Map<string, number> }

const mostRules = 1000
const mediaLost = resultInfo(410, 301_005, 'Media connectivity failure.')

type Deps = {
  clock: Clock
  /** Ends a call as the service's own doing. Nothing happens to one that has ended. */
  drop(call: Call, result: ReturnType<typeof resultInfo>): void
}

/**
 * The rules in their order; the first that applies is used. Chance hangs on the seed, the rule, the how-manieth call it is and how
 * often the same happened to that call, never on what other calls do meanwhile, so the same seed gives the same run.
 */
export function createFaults({ clock, drop }: Deps) {
  let rules: Held[] = []
  let made = 0
  let ordinals = 0
  let memories = new WeakMap<object, Memory>()
  /** Stands for what belongs to no call, such as tokens and new calls. */
  const noCall = {}

  /** Calls and what happens to them are counted from here, so that a schedule can be run again. */
  function countAnew() {
    memories = new WeakMap()
    ordinals = 0
  }

  function memoryOf(subject: object): Memory {
    const known = memories.get(subject)
    if (known) return known
    if (subject !== noCall) ordinals += 1
    const memory = { ordinal: subject === noCall ? 0 : ordinals, counts: new Map<string, number>() }
    memories.set(subject, memory)
    return memory
  }

  /** The rules that apply to what happens now. Counts it, so ask once for each thing that happens. */
  function applying(kind: Kind, call: Call | null, name: string, matches: (on: On) => boolean): Held[] {
    if (rules.length === 0) return []
    const subject = call ?? noCall
    const { ordinal, counts } = memoryOf(subject)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return rules.filter(({ rule, key, used, met }) => {
      if (rule.kind !== kind || used >= (rule.times ?? Infinity)) return false
      if (rule.on.callId && !(call && sameId(call.id, rule.on.callId))) return false
      if (!matches(rule.on)) return false
      const nth = (met.get(subject) ?? 0) + 1
      met.set(subject, nth)
      if (rule.on.nth !== undefined && rule.on.nth !== nth) return false
      return rule.probability === 1 || fractionOf(rule.seed, key, ordinal, name, count) < rule.probability
    })
  }

  /** Drops the call where that is what shall happen; gives the first of the other faults. */
  function use(due: Held[], call: Call | null): Do | null {
    for (const one of due) {
      if (!call || !one.rule.do.dropCall) continue
      const { result, afterMs = 0 } = one.rule.do.dropCall
      one.used += 1
      const reason = result ? resultInfo(result.code, result.subcode, result.message) : mediaLost
      // Never in the midst of what is happening to the call just now.
      clock.after(afterMs, () => drop(call, reason))
    }
    const first = due.find(({ rule }) => !rule.do.dropCall)
    if (!first) return null
    first.used += 1
    return first.rule.do
  }

  function hold(rule: FaultRule, key: string) {
    if (rules.length >= mostRules) rules = rules.filter(({ rule, used }) => used < (rule.times ?? Infinity))
    rules.push({ rule, key, used: 0, met: new WeakMap() })
  }

  function forget() {
    rules = []
    made = 0
    countAnew()
  }

  return {
    add(rule: FaultRule): void {
      made += 1
      hold(rule, String(made))
    },
    /** Adds the rules of a schedule, and begins to count calls anew. */
    schedule(schedule: Schedule): void {
      countAnew()
      for (const { key, ...rule } of rulesOf(schedule)) hold(rule, key)
    },
    list: (): FaultView[] =>
      rules.map(({ rule: { on, probability, seed, times = null, do: wanted }, used }) => ({
        ...{ on, probability, seed, times, do: wanted, used },
      })),

    /** What goes wrong with this request; it counts as used. */
    onRequest(operation: string, call: Call | null): Do | null {
      const matches = ({ operation: wanted = '*' }: On) =>
        wanted === operation || (wanted === '*' && operation !== 'token')
      return use(applying('request', call, operation, matches), call)
    },
    /** What goes wrong with this notification; it counts as used. */
    onNotification(call: Call, { change, resource, state, status }: NotificationFacts): Do | null {
      const says = (wanted: string | undefined, said: string | null) => wanted === undefined || wanted === said
      const matches = (on: On) =>
        (on.notification === '*' || says(on.notification, change)) &&
        says(on.resource, resource) &&
        says(on.state, state) &&
        says(on.status, status)
      const name = [change, resource, state ?? status ?? ''].join(' ')
      return use(applying('notification', call, name, matches), call)
    },
    /** A prompt begins to sound. */
    onPromptStarted(call: Call): void {
      use(
        applying('prompt', call, 'prompt', () => true),
        call,
      )
    },
    forget,
  }
}
