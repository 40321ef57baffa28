import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createVirtualClock } from '../virtualClock.ts'
import { faultSchema, scheduleSchema } from './faultRules.ts'
import { createFaults } from './faults.ts'

const callNamed = (id: string) => ({ id })

function openFaults() {
  const clock = createVirtualClock({ startAt: 0 })
  const dropped: string[] = []
  const faults = createFaults({
    clock,
    drop: (id, { code, subcode }) => dropped.push(`${id} ${code}/${subcode} at ${clock.now()}`),
  })
  return { clock, faults, dropped, add: (rule: object) => faults.add(faultSchema.parse(rule)) }
}
const told = (change: string, resource = 'call', state: string | null = null) => ({
  ...{ change, resource, state, status: null },
})

it('uses the first rule that applies, as often as it says', () => {
  const { faults, add } = openFaults()
  add({ on: { operation: 'call-answer' }, times: 2, do: { status: 503 } })
  add({ on: { operation: '*' }, do: { hang: true } })
  const answers = [1, 2, 3].map(() => faults.onRequest('call-answer', callNamed('a')))
  expect(answers).toMatchObject([{ status: 503 }, { status: 503 }, { hang: true }])
  expect(faults.onRequest('token', null)).toBeNull()
  expect(faults.list()).toMatchObject([
    { times: 2, used: 2 },
    { times: null, used: 1 },
  ])
})

it('still takes the short form: an operation, how often, and what', () => {
  const { faults, add } = openFaults()
  add({ operation: 'call-delete', status: 404 })
  expect(faults.onRequest('call-delete', callNamed('a'))).toEqual({ status: 404 })
  expect(faults.onRequest('call-delete', callNamed('a'))).toBeNull()
})

it('finds notifications by change, resource, state and call, and the so-manieth of each call', () => {
  const { faults, add } = openFaults()
  add({ on: { notification: 'updated', state: 'established', nth: 2 }, do: { lose: true } })
  add({ on: { resource: 'participants', callId: '0FE0623FD62842EDB4BD8AC290072CC5' }, do: { duplicate: 1 } })
  const [a, b] = [callNamed('a'), callNamed('0fe0623f-d628-42ed-b4bd-8ac290072cc5')]
  const established = told('updated', 'call', 'established')
  expect(faults.onNotification(a, established)).toBeNull()
  expect(faults.onNotification(b, established)).toBeNull()
  expect(faults.onNotification(a, told('updated', 'call', 'establishing'))).toBeNull()
  expect(faults.onNotification(a, established)).toEqual({ lose: true })
  expect(faults.onNotification(a, established)).toBeNull()
  expect(faults.onNotification(a, told('updated', 'participants'))).toBeNull()
  expect(faults.onNotification(b, told('updated', 'participants'))).toEqual({ duplicate: 1 })
})

it('drops a call when a prompt begins, or later, with media lost unless told otherwise', async () => {
  const { clock, faults, dropped, add } = openFaults()
  add({ times: 1, do: { dropCall: { onPrompt: true, afterMs: 200 } } })
  add({
    on: { operation: 'call-transfer' },
    do: { dropCall: { result: { code: 500, subcode: 1, message: 'Lost.' } } },
  })
  faults.onPromptStarted(callNamed('a'))
  faults.onPromptStarted(callNamed('b'))
  expect(faults.onRequest('call-transfer', callNamed('c'))).toBeNull()
  await clock.advance(1000)
  expect(dropped).toEqual(['c 500/1 at 0', 'a 410/301005 at 200'])
})

it.each([
  ['nothing that happens', { on: { operation: 'token' }, do: {} }, /exactly one/],
  ['two things', { on: { operation: 'token' }, do: { hang: true, cut: true } }, /exactly one/],
  ['requests and notifications', { on: { operation: '*', notification: '*' }, do: { delayMs: 1 } }, /not both/],
  ['a delay of nobody knows what', { do: { delayMs: 1 } }, /operation or notification/],
  ['a request that is duplicated', { on: { operation: '*' }, do: { duplicate: 1 } }, /does not happen to a request/],
  ['a notification that is answered', { on: { notification: '*' }, do: { status: 500 } }, /to a notification/],
  ['words that nobody knows', { on: { operation: '*' }, do: { explode: true } }, /./],
])('refuses %s', (_name, rule, message) => {
  expect(faultSchema.safeParse(rule).error?.message).toMatch(message)
})

type Happening = { call: number; what: 'answer' | 'play' | 'created' | 'updated' | 'tone' }
const happening = fc.record<Happening>({
  call: fc.integer({ min: 0, max: 4 }),
  what: fc.constantFrom('answer', 'play', 'created', 'updated', 'tone'),
})
const rates = { 429: 0.2, 503: 0.2, cutAfter: 0.2, hang: 0.1, duplicate: 0.3, lose: 0.2, reorder: 0.2 }

/** What befell each call, in its own order. The calls are first seen in the same order, as calls are when they begin. */
function decisions(seed: number, happenings: Happening[]): string[][] {
  const { faults } = openFaults()
  faults.schedule(scheduleSchema.parse({ seed, rates }))
  const calls = [0, 1, 2, 3, 4].map((n) => callNamed(`call ${n}`))
  for (const call of calls) faults.onNotification(call, told('begun'))
  const befallen: string[][] = calls.map(() => [])
  for (const { call, what } of happenings) {
    const about = calls[call] ?? callNamed('none')
    const fault =
      what === 'answer' || what === 'play'
        ? faults.onRequest(`call-${what}`, about)
        : faults.onNotification(about, told(what))
    befallen[call]?.push(JSON.stringify(fault))
  }
  return befallen
}

it('decides the same for the same seed, whatever other calls do in between', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(happening, { maxLength: 200 }), (seed, happenings) => {
      const expected = decisions(seed, happenings)
      expect(decisions(seed, happenings)).toEqual(expected)
      const callByCall = [...happenings].sort((one, other) => one.call - other.call)
      expect(decisions(seed, callByCall)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

it('decides otherwise for another seed, about as often as it was told', () => {
  const many = Array.from({ length: 2000 }, (_, n): Happening => ({ call: n % 5, what: 'answer' }))
  expect(decisions(1, many)).not.toEqual(decisions(2, many))
  const throttled = decisions(1, many)
    .flat()
    .filter((one) => one.includes('429')).length
  expect(Math.abs(throttled - 400)).toBeLessThan(80)
})

it('runs a schedule again from its beginning when it is given again', () => {
  const { faults } = openFaults()
  const schedule = scheduleSchema.parse({ seed: 'again', rates: { lose: 0.5 } })
  const run = () => {
    faults.forget()
    faults.schedule(schedule)
    const calls = ['a', 'b', 'c'].map(callNamed)
    return calls.flatMap((call) => Array.from({ length: 20 }, () => faults.onNotification(call, told('updated'))))
  }
  expect(run()).toEqual(run())
})

it('makes one rule for each rate and operation', () => {
  const { faults } = openFaults()
  faults.schedule(
    scheduleSchema.parse({ seed: 7, rates: { 429: 0.5, drop: 0.1, hang: 0 }, operations: ['token', 'call-answer'] }),
  )
  expect(faults.list()).toMatchObject([
    { on: { operation: 'token' }, probability: 0.5, do: { status: 429, retryAfterSeconds: 1 } },
    { on: { operation: 'call-answer' }, probability: 0.5 },
    { on: {}, probability: 0.1, do: { dropCall: { onPrompt: true } } },
  ])
  expect(scheduleSchema.safeParse({ seed: 7, rates: { explode: 1 } }).success).toBe(false)
})
