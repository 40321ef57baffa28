import * as z from 'zod'

/** The rules of what shall go wrong, as the control API takes them. */

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

export type On = z.output<typeof onSchema>
export type Do = z.output<typeof doSchema>
export type Kind = 'request' | 'notification' | 'prompt'

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
    const [word = '', ...others] = mainWordsOf(rule.do)
    const kind = kindOf(rule.on, rule.do)
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const isForRequests = (requestWords as readonly string[]).includes(word)
    if (word === '' || others.length > 0) refuse('do', `give exactly one of ${everyWord.join(', ')}`)
    else if (kind === null) refuse('on', 'say operation or notification, not both')
    else if (!['dropCall', 'delayMs'].includes(word) && isForRequests !== (kind === 'request'))
      refuse('do', `${word} does not happen to a ${kind}`)
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

/** What each rate makes happen, and to what. */
const actionsOf = ({ delayMs, retryAfterSeconds }: { delayMs: number; retryAfterSeconds: number }) => ({
  request: {
    ...Object.fromEntries([401, 403, 404, 409, 500, 502, 504].map((status) => [status, { status }])),
    ...Object.fromEntries([429, 503].map((status) => [status, { status, retryAfterSeconds }])),
    hang: { hang: true },
    cut: { cut: true },
    cutAfter: { cutAfter: true },
    hangAfter: { hangAfter: true },
    slowRequest: { delayMs },
  } satisfies Record<string, Do>,
  notification: {
    duplicate: { duplicate: 1, gapMs: delayMs },
    reorder: { reorder: true },
    lose: { lose: true },
    delay: { delayMs },
    legacy: { legacy: true },
    wrongKey: { wrongKey: true },
    badToken: { badToken: true },
    slow: { slow: delayMs },
  } satisfies Record<string, Do>,
  prompt: { drop: { dropCall: { onPrompt: true } } } satisfies Record<string, Do>,
})

/** From 0 to 1: how likely each fault is to befall a request, a notification or, for `drop`, a prompt. */
const rate = z.number().min(0).max(1)
const everyRate = Object.values(actionsOf({ delayMs: 0, retryAfterSeconds: 0 })).flatMap((one) => Object.keys(one))

export const scheduleSchema = z.strictObject({
  seed: z.union([z.string().min(1), z.number()]),
  rates: z.strictObject(Object.fromEntries(everyRate.map((name) => [name, rate]))).partial(),
  /** Of `delay`, `slow`, `slowRequest` and the gap of `duplicate`. */
  delayMs: ms.default(50),
  /** Of 429 and 503. */
  retryAfterSeconds: z.number().min(0).default(1),
  /** Which operations the faults of requests befall; all but `token` when not said. */
  operations: z.array(z.string().min(1)).min(1).optional(),
})
export type Schedule = z.output<typeof scheduleSchema>

/** The rules that a schedule stands for: one for each rate, and each operation where those are named. */
export function rulesOf(schedule: Schedule): (FaultRule & { key: string })[] {
  const { seed, rates, operations = ['*'] } = schedule
  const all = Object.entries(actionsOf(schedule)) as [Kind, Record<string, Do>][] // its keys are the kinds
  return all.flatMap(([kind, actions]) =>
    Object.entries(actions).flatMap(([key, action]) => {
      const probability = rates[key]
      if (!probability) return []
      const ons: On[] =
        kind === 'request'
          ? operations.map((operation) => ({ operation }))
          : [kind === 'prompt' ? {} : { notification: key === 'legacy' ? 'created' : '*' }]
      return ons.map((on) => ({ kind, on, probability, seed, times: undefined, do: action, key }))
    }),
  )
}
