import fc from 'fast-check'

/** What happens in one run: calls, what the bot and the people do in them, and what goes wrong meanwhile. Plain data, so that it shrinks. */

export type Outcome = 'accept' | 'decline' | 'noAnswer'

/** What the bot does in a call. `wait`: only then goes it on to the next step. */
export type Step = { wait: boolean } & (
  | { do: 'play'; ms: number }
  | { do: 'record'; seconds: number }
  | { do: 'keys'; count: number }
  | { do: 'invite' | 'transfer'; outcome: Outcome; afterMs: number }
  | { do: 'stay'; ms: number }
  | { do: 'subscribe' | 'cancel' | 'mute' }
)

/** What somebody at the other end does, so long after the call was placed. */
export type Deed = { atMs: number; do: 'hangUp' | 'press' | 'speak' }

export type Plan = {
  /** Who calls whom; `reject` and `redirect` are what the bot does with an incoming one, `careful` calls with a placer. */
  how: 'incoming' | 'reject' | 'redirect' | 'outgoing' | 'careful' | 'group' | 'meeting'
  atMs: number
  /** Of who is called, or of whom the caller is redirected to. */
  callee: { outcome: Outcome; afterMs: number }
  /** The bot subscribes to tones before all else. */
  hears: boolean
  steps: Step[]
  deeds: Deed[]
  /** Who ends it at last: the bot after its steps, or a person so long after the beginning. */
  end: 'bot' | { personAtMs: number }
}

/** A rule as POST /emulator/faults takes it. */
type Rule = { on: Record<string, unknown>; do: Record<string, unknown>; times: number }

export type Scenario = {
  plans: Plan[]
  schedule: { seed: number; rates: Record<string, number>; delayMs: number; retryAfterSeconds: number } | null
  rules: Rule[]
  /** The bot's process ends, and another one takes its calls over. */
  restartAtMs: number | null
}

const outcome = fc.constantFrom<Outcome>('accept', 'accept', 'decline', 'noAnswer')
const shortMs = fc.constantFrom(0, 40, 100, 500, 1000, 3000, 10_000)

const step: fc.Arbitrary<Step> = fc
  .record({
    wait: fc.boolean(),
    what: fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('play' as const), ms: shortMs }) },
      fc.record({ do: fc.constant('record' as const), seconds: fc.constantFrom(1, 5, 20) }),
      fc.record({ do: fc.constant('keys' as const), count: fc.constantFrom(1, 3) }),
      fc.record({ do: fc.constantFrom('invite' as const, 'transfer' as const), outcome, afterMs: shortMs }),
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('stay' as const),
          ms: fc.oneof(shortMs, fc.constantFrom(3000, 10_000, 60_000, 20 * 60_000, 50 * 60_000)),
        }),
      },

      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constantFrom('subscribe' as const, 'cancel' as const, 'mute' as const) }),
      },
    ),
  })
  .map(({ wait, what }) => ({ ...what, wait }))

const momentMs = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 100, max: 3000 }),
  fc.integer({ min: 0, max: 20_000 }),
)

const plan: fc.Arbitrary<Plan> = fc.record({
  how: fc.constantFrom<Plan['how']>(
    'incoming',
    'incoming',
    'incoming',
    'outgoing',
    'outgoing',
    'careful',
    'group',
    'meeting',
    'reject',
    'redirect',
  ),
  atMs: fc.constantFrom(0, 0, 10, 500),
  callee: fc.record({ outcome, afterMs: shortMs }),
  hears: fc.boolean(),
  steps: fc.array(step, { maxLength: 5 }),
  deeds: fc.array(
    fc.record({
      atMs: momentMs,
      do: fc.constantFrom<Deed['do']>('press', 'press', 'press', 'speak', 'hangUp'),
    }),
    { maxLength: 4 },
  ),
  end: fc.oneof(fc.constant('bot' as const), fc.record({ personAtMs: fc.oneof(momentMs, fc.constant(20 * 60_000)) })),
})

const requestFaults = ['401', '409', '429', '500', '503', 'hang', 'cut', 'cutAfter', 'hangAfter', 'slowRequest', 'drop']
const notificationFaults = ['lose', 'duplicate', 'reorder', 'delay', 'legacy', 'wrongKey', 'badToken', 'slow']

/** Few sorts at a time: when everything goes wrong at once, nothing happens. */
const ratesOf = (names: string[], rates: number[]) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...rates)), {
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((pairs): Record<string, number> => Object.fromEntries(pairs))

const schedule = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  rates: fc
    .tuple(ratesOf(requestFaults, [0.1, 0.3]), ratesOf(notificationFaults, [0.1, 0.3, 0.6]))
    .map(([requests, notifications]) => ({ ...requests, ...notifications })),
  delayMs: fc.constantFrom(10, 50, 500, 3000),
  retryAfterSeconds: fc.constantFrom(0, 1, 3, 20),
})

const media = ['playprompt', 'recordresponse', 'senddtmftones', 'subscribetotone', 'transfer']
const ofACall = ['answer', 'delete', 'get', 'get-operation', 'keepalive', ...media].map((name) => `call-${name}`)
const operations = ['*', 'create-call', 'participant-invite', 'token', ...ofACall]

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    on: fc.record({ operation: fc.constantFrom(...operations) }),
    do: fc.constantFrom<Rule['do']>(
      ...[401, 409, 500, 502].map((status) => ({ status })),
      ...[1, 7, 40].map((retryAfterSeconds) => ({ status: 429, retryAfterSeconds })),
      { status: 429, code: '8516', retryAfterSeconds: 5 },
      { status: 503, retryAfterSeconds: 2 },
      ...[{ hang: true }, { cut: true }, { cutAfter: true }, { hangAfter: true }, { delayMs: 2000 }],
    ),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    on: fc.oneof(
      fc.record({ notification: fc.constantFrom('created', 'updated', 'deleted', '*') }),
      fc.record({ resource: fc.constantFrom('call', 'operation', 'participants') }),
      fc.record({ state: fc.constantFrom('incoming', 'established', 'terminated', 'transferAccepted') }),
    ),
    do: fc.oneof(
      fc.constantFrom<Rule['do']>(
        { lose: true },
        { lose: true },
        { duplicate: 2, gapMs: 700 },
        { reorder: true },
        { delayMs: 5000 },
      ),
      fc.record({ dropCall: fc.record({ afterMs: fc.constantFrom(0, 50, 2000) }) }),
    ),
    times: fc.integer({ min: 1, max: 4 }),
  }),
)

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
  schedule: fc.option(schedule, { freq: 4 }),
  rules: fc.array(rule, { maxLength: 2 }),
  restartAtMs: fc.option(momentMs, { freq: 1 }).chain((at) => fc.constantFrom(null, null, null, at)),
})

/** R7: the answer to a careful `create` is lost after it was carried out, and its news are lost or late. */
export const lostCreate: fc.Arbitrary<Scenario> = fc
  .record({
    lost: fc.constantFrom<Rule['do']>({ cutAfter: true }, { hangAfter: true }, { cut: true }, { hang: true }),
    times: fc.integer({ min: 1, max: 2 }),
    news: fc.oneof(
      fc.constant<Rule['do']>({ lose: true }),
      fc.integer({ min: 0, max: 45_000 }).map((delayMs): Rule['do'] => ({ delayMs })),
    ),
    newsTimes: fc.integer({ min: 1, max: 6 }),
    callee: fc.record({ outcome, afterMs: shortMs }),
  })
  .map(({ lost, times, news, newsTimes, callee }) => ({
    plans: [{ how: 'careful', atMs: 0, callee, hears: false, steps: [], deeds: [], end: 'bot' }],
    schedule: null,
    rules: [
      { on: { operation: 'create-call' }, do: lost, times },
      { on: { notification: '*' }, do: news, times: newsTimes },
    ],
    restartAtMs: null,
  }))
