import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallRef, type Calls, type CallsSettings, createCalls } from '../requests/calls.ts'
import { manualClock } from '../testing/manualClock.ts'
import { GraphError } from './error.ts'
import type { Answer, Transport } from './http.ts'
import { createThrottle, familyOf, priorityOf, type Rate, type Throttle } from './throttle.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const other = '8a34a46b-3d17-4adc-8dce-dc4e7d572698'
const callOf = (id: string): CallRef => ({ id, tenantId })
const callbackUri = 'https://bot.contoso.com/api/calls'
const prompts = [{ uri: 'https://bot.contoso.com/prompts/a.wav', resourceId: 'a' }]

const request = (path = '/communications/calls/1/playPrompt', tenant = tenantId, signal?: AbortSignal) =>
  ({ operation: 'any', method: 'POST', path, tenantId: tenant, signal }) as const
const answer = '/communications/calls/1/answer'

describe('the order is', () => {
  it.each([
    ['POST', '/communications/calls/1/answer', 0],
    ['POST', '/communications/calls/1/reject', 0],
    ['POST', '/communications/calls/1/redirect', 0],
    ['DELETE', '/communications/calls/1', 1],
    ['POST', '/communications/calls/1/playPrompt', 2],
    ['POST', '/communications/calls/1/keepAlive', 2],
    ['POST', '/communications/calls', 2],
    ['POST', '/communications/calls/1/participants/answer/mute', 2],
    ['DELETE', '/communications/calls/1/participants/2', 2],
    ['GET', '/communications/calls/1', 3],
    ['POST', '/communications/getPresencesByUserId', 3],
    ['GET', '/users/1/onlineMeetings', 3],
  ] as const)('%s %s at %i', (method, path, priority) => {
    expect(priorityOf({ method, path })).toBe(priority)
  })

  it('a hang-up of somebody who rings with the answers', () => {
    expect(priorityOf({ method: 'DELETE', path: '/communications/calls/1', timeoutMs: 4_000 })).toBe(0)
  })
})

it.each([
  ['/communications/calls', 'calls'],
  ['/communications/calls/1/participants/invite', 'calls'],
  ['/communications/callRecords/1', 'other'],
  ['/communications/presences/1', 'presence'],
  ['/communications/getPresencesByUserId', 'presence'],
  ['/users/1/presence/setPresence', 'presence'],
  ['/users/1/onlineMeetings?$filter=x', 'other'],
])('%s counts as %s', (path, family) => {
  expect(familyOf(path)).toBe(family)
})

/** A clock that somebody can set back. Its timers do not mind, as Node's do not. */
function settable() {
  const clock = manualClock()
  let back = 0
  return {
    ...clock,
    now: () => clock.now() - back,
    setBack(ms: number) {
      back += ms
    },
  }
}

/** Asks for a pass, and notes when it came or what was said instead. */
function watch(throttle: Throttle, clock: { now(): number }, within = 60_000) {
  const passed: { name: string; at: number }[] = []
  const refused: GraphError[] = []
  return {
    passed,
    refused,
    ask(name: string, path?: string, tenant?: string, signal?: AbortSignal) {
      throttle.pass(request(path, tenant, signal), within).then(
        () => passed.push({ name, at: clock.now() }),
        (error) => refused.push(error),
      )
    },
  }
}

const most = (times: number[], perMs: number) =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length))

describe('a lane', () => {
  it('never lets more out than the limit in any span, however they arrive, and all in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.nat(400), fc.nat(10)), { minLength: 1, maxLength: 30 }),
        async (requests, arrivals) => {
          const clock = manualClock()
          const { ask, passed } = watch(
            createThrottle({ limits: { calls: { requests, perMs: 1_000 } }, clock }),
            clock,
            1e9,
          )
          let asked = 0
          for (const [gap, many] of arrivals) {
            for (let number = 0; number < many; number += 1) ask(String(asked++))
            await clock.pass(gap)
          }
          await clock.pass(asked * 2_000)
          expect(passed).toHaveLength(asked)
          expect(
            most(
              passed.map(({ at }) => at),
              1_000,
            ),
          ).toBeLessThanOrEqual(requests)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('lets the published 50,000 in 15 s out', async () => {
    const clock = manualClock()
    const { ask, passed } = watch(createThrottle({ mostWaiting: 1e6, clock }), clock)
    for (let number = 0; number < 50_000; number += 1) ask('')
    await clock.pass(15_000)
    expect(passed).toHaveLength(50_000)
    expect(clock.waiting()).toBe(0)
  })

  it('of another tenant or kind is free', async () => {
    const clock = manualClock()
    const { ask, passed } = watch(createThrottle({ limits: { calls: { requests: 1, perMs: 60_000 } }, clock }), clock)
    for (const name of ['first', 'waits']) ask(name)
    ask('other tenant', undefined, other)
    ask('presence', '/communications/presences/1')
    ask('the same tenant in capitals', undefined, tenantId.toUpperCase())
    await clock.pass(1)
    expect(passed.map(({ name }) => name)).toEqual(['first', 'other tenant', 'presence'])
  })

  it('over all tenants holds too', async () => {
    const clock = manualClock()
    const { ask, passed } = watch(createThrottle({ limits: { all: { requests: 20, perMs: 1_000 } }, clock }), clock)
    for (let number = 0; number < 60; number += 1) ask('', undefined, `tenant-${number}`)
    await clock.pass(10_000)
    expect(passed).toHaveLength(60)
    expect(
      most(
        passed.map(({ at }) => at),
        1_000,
      ),
    ).toBeLessThanOrEqual(20)
  })

  it('lets answers go before hang-ups, these before media, and reads last; each in the order of arrival', async () => {
    const clock = manualClock()
    const throttle = createThrottle({ limits: { calls: { requests: 1, perMs: 100 } }, clock })
    const order: string[] = []
    const enter = (name: string, method: 'GET' | 'POST' | 'DELETE', path: string) =>
      throttle.pass({ operation: name, method, path, tenantId }, 60_000).then(() => order.push(name))
    enter('before', 'POST', answer)
    enter('read', 'GET', '/communications/calls/1')
    enter('prompt 1', 'POST', '/communications/calls/1/playPrompt')
    enter('prompt 2', 'POST', '/communications/calls/1/playPrompt')
    enter('hang-up', 'DELETE', '/communications/calls/1')
    enter('answer', 'POST', answer)
    await clock.pass(2_000)
    expect(order).toEqual(['before', 'answer', 'hang-up', 'prompt 1', 'prompt 2', 'read'])
  })

  it('refuses at once what could not go in time, and says when it could', async () => {
    const clock = manualClock()
    const { ask, passed, refused } = watch(
      createThrottle({ limits: { calls: { requests: 10, perMs: 1_000 } }, clock }),
      clock,
      500,
    )
    for (let number = 0; number < 20; number += 1) ask('')
    await clock.pass(0)
    expect(refused.length).toBeGreaterThan(10)
    expect(refused[0]).toMatchObject({ code: 'throttled', status: null, worthRetrying: true, gone: false })
    expect(refused[0]?.retryAfterMs).toBeGreaterThan(500)
    await clock.pass(5_000)
    expect(passed.length + refused.length).toBe(20)
    expect(clock.waiting()).toBe(0)
  })

  it('refuses in time what was overtaken too often', async () => {
    const clock = manualClock()
    const throttle = createThrottle({ limits: { calls: { requests: 1, perMs: 100 } }, clock })
    const { ask, refused } = watch(throttle, clock, 250)
    ask('before')
    ask('prompt')
    for (let number = 0; number < 10; number += 1) {
      ask('answer', answer)
      await clock.pass(100)
    }
    expect(refused.filter(({ operation }) => operation === 'any').length).toBeGreaterThan(0)
    expect(clock.waiting()).toBeLessThanOrEqual(1)
  })

  it('is bounded', async () => {
    const clock = manualClock()
    const limits = { calls: { requests: 1, perMs: 1 } }
    const { ask, refused } = watch(createThrottle({ limits, mostWaiting: 5, clock }), clock)
    for (let number = 0; number < 10; number += 1) ask('')
    await clock.pass(0)
    expect(refused.map(({ code }) => code)).toEqual(['throttled', 'throttled', 'throttled', 'throttled'])
  })

  it('has one timer for all that wait', async () => {
    const clock = manualClock()
    const { ask } = watch(createThrottle({ limits: { calls: { requests: 10, perMs: 10_000 } }, clock }), clock, 1e9)
    for (let number = 0; number < 500; number += 1) ask('')
    await clock.pass(0)
    expect(clock.waiting()).toBe(1)
  })

  it('is left by an aborted request, whose turn goes to the next', async () => {
    const clock = manualClock()
    const { ask, passed, refused } = watch(
      createThrottle({ limits: { calls: { requests: 1, perMs: 1_000 } }, clock }),
      clock,
    )
    const stop = new AbortController()
    ask('first')
    ask('aborted', undefined, undefined, stop.signal)
    ask('next')
    await clock.pass(10)
    stop.abort()
    await clock.pass(1_000)
    expect(refused.map(({ code }) => code)).toEqual(['aborted'])
    expect(passed.map(({ name }) => name)).toEqual(['first', 'next'])
  })

  it('that Graph closed stays closed for as long as it said, then opens slowly', async () => {
    const clock = manualClock()
    const begun = clock.now()
    const throttle = createThrottle({ limits: { calls: { requests: 1_000, perMs: 1_000 } }, clock })
    const { ask, passed } = watch(throttle, clock)
    throttle.close(request(), 5_000)
    for (let number = 0; number < 100; number += 1) ask('')
    ask('other tenant', undefined, other)
    await clock.pass(4_999)
    expect(passed.map(({ name }) => name)).toEqual(['other tenant'])
    await clock.pass(1)
    expect(passed.at(1)?.at).toBe(begun + 5_000)
    await clock.pass(20)
    expect(passed.length).toBeLessThan(20)
    await clock.pass(1_000)
    expect(passed).toHaveLength(101)
  })
})

describe('while Graph has closed a bucket', () => {
  const closedFor = (clock: ReturnType<typeof manualClock>) => {
    const throttle = createThrottle({ limits: { calls: { requests: 1_000, perMs: 1_000 } }, clock })
    throttle.close(request(), 8_000)
    return { throttle, ...watch(throttle, clock, 60_000) }
  }

  it('ringing callers are answered all the same, ten in a second, and nothing else goes out', async () => {
    const clock = manualClock()
    const { ask, passed } = closedFor(clock)
    ask('prompt')
    for (let number = 0; number < 50; number += 1) ask('answer', answer)
    await clock.pass(1_000)
    expect(passed.length).toBeGreaterThan(8)
    expect(passed.length).toBeLessThan(13)
    expect(new Set(passed.map(({ name }) => name))).toEqual(new Set(['answer']))
    await clock.pass(7_100)
    expect(passed).toHaveLength(51)
  })

  it('one that was sent meanwhile and is taken opens it, and a 429 is not believed so soon again', async () => {
    const clock = manualClock()
    const { throttle, ask, passed } = closedFor(clock)
    ask('prompt')
    await clock.pass(1_000)
    throttle.taken(request(), clock.now() - 1_500)
    await clock.pass(1)
    expect(passed).toEqual([])
    throttle.taken(request(), clock.now() - 500)
    await clock.pass(1)
    expect(passed.map(({ name }) => name)).toEqual(['prompt'])
    throttle.close(request(), 8_000)
    ask('next')
    await clock.pass(10)
    expect(passed).toHaveLength(2)
  })

  it('sixteen 429 in a row are believed again, and so is one after a minute', async () => {
    const clock = manualClock()
    const { throttle, ask, passed } = closedFor(clock)
    await clock.pass(100)
    throttle.taken(request(), clock.now())
    for (let number = 0; number < 16; number += 1) throttle.close(request(), 8_000)
    ask('waits')
    await clock.pass(7_900)
    expect(passed).toEqual([])
    await clock.pass(60_000)
    throttle.close(request(), 8_000)
    ask('waits too')
    await clock.pass(7_900)
    expect(passed.map(({ name }) => name)).toEqual(['waits'])
  })
})

describe('the end of a wait', () => {
  it('is not put off by a clock that is set back', async () => {
    const clock = settable()
    const throttle = createThrottle({ limits: { calls: { requests: 10, perMs: 1_000 } }, clock })
    const { ask, passed, refused } = watch(throttle, clock, 500)
    ask('before')
    await clock.pass(200)
    clock.setBack(60_000)
    ask('answer', answer)
    await clock.pass(200)
    expect(refused).toEqual([])
    expect(passed.map(({ name }) => name)).toEqual(['before', 'answer'])
  })

  it('of those who wait while the clock is set back comes as it would have', async () => {
    const clock = settable()
    const throttle = createThrottle({ limits: { calls: { requests: 1, perMs: 100 } }, clock })
    const { ask, passed } = watch(throttle, clock, 1_000)
    for (const name of ['first', 'second', 'third']) ask(name)
    await clock.pass(10)
    clock.setBack(3_600_000)
    await clock.pass(400)
    expect(passed.map(({ name }) => name)).toEqual(['first', 'second', 'third'])
  })

  it('that Graph names is known at once to all whose turn cannot come in time', async () => {
    const clock = manualClock()
    const throttle = createThrottle({ limits: { calls: { requests: 10, perMs: 1_000 } }, clock })
    const { ask, passed, refused } = watch(throttle, clock, 2_000)
    const patient = watch(throttle, clock, 120_000)
    ask('first')
    for (let number = 0; number < 5; number += 1) ask('waits')
    patient.ask('patient')
    await clock.pass(1)
    throttle.close(request(), 60_000)
    await clock.pass(1)
    expect(passed.map(({ name }) => name)).toEqual(['first'])
    expect(refused).toHaveLength(5)
    for (const { code, retryAfterMs } of refused) expect([code, retryAfterMs]).toEqual(['throttled', 60_000])
    await clock.pass(60_000)
    expect(patient.passed).toHaveLength(1)
  })

  it('is an hour away at most, whatever Graph says', async () => {
    const clock = manualClock()
    const throttle = createThrottle({ clock })
    const { ask, passed, refused } = watch(throttle, clock, 1_000)
    throttle.close(request(), 24 * 3_600_000)
    await clock.pass(3_590_000)
    ask('too early')
    await clock.pass(10_000)
    ask('an hour later')
    await clock.pass(1)
    expect(refused).toHaveLength(1)
    expect(passed.map(({ name }) => name)).toEqual(['an hour later'])
  })
})

it('an answer is refused for those who wait before it only', async () => {
  const clock = manualClock()
  const throttle = createThrottle({ limits: { calls: { requests: 1, perMs: 100 } }, clock })
  const { ask, passed } = watch(throttle, clock)
  const ringing = watch(throttle, clock, 150)
  ask('first')
  for (let number = 0; number < 20; number += 1) ask('prompt')
  ringing.ask('answer', answer)
  await clock.pass(150)
  expect(ringing.refused).toEqual([])
  expect(ringing.passed.map(({ name }) => name)).toEqual(['answer'])
  expect(passed.map(({ name }) => name)).toEqual(['first'])
})

it('a lane goes slower after each 429, and comes back to its pace when none follows', async () => {
  const clock = manualClock()
  const throttle = createThrottle({ limits: { calls: { requests: 101, perMs: 1_000 } }, clock })
  const { ask, passed } = watch(throttle, clock, 1e9)
  for (let refusals = 0; refusals < 3; refusals += 1) {
    throttle.close(request(), 100)
    await clock.pass(101)
  }
  for (let number = 0; number < 1_000; number += 1) ask('')
  const inASecond = async () => {
    const before = passed.length
    await clock.pass(1_000)
    return passed.length - before
  }
  // A burst of 10 and 91 in a second are usual; three refusals make an eighth of it.
  const paces: number[] = []
  for (let second = 0; second < 6; second += 1) paces.push(await inASecond())
  expect(paces[0]).toBeLessThan(15)
  expect(paces).toEqual([...paces].sort((a, b) => a - b))
  expect(paces.at(-1)).toBeGreaterThan(85)
})

/** Graph with a limit of its own: beyond it, 429. It keeps the time of its clients, so that only they decide what comes too soon. */
function limitedGraph({ requests, perMs }: Rate, retryAfterMs: number) {
  const clock = manualClock()
  const arrivals: { at: number; action: string; status: number }[] = []
  const sends: number[] = []
  const toldToWait: number[] = []
  const flight = () => new Promise<void>((done) => clock.after(5, done))
  const transport: Transport = async (url): Promise<Answer> => {
    sends.push(clock.now())
    await flight()
    const at = clock.now()
    const recent = arrivals.filter((one) => one.status !== 429 && one.at > at - perMs).length
    const status = recent < requests ? 200 : 429
    arrivals.push({ at, action: url.split('/').at(-1) ?? '', status })
    await flight()
    if (status === 200)
      return { status, headers: {}, text: JSON.stringify({ id: crypto.randomUUID(), status: 'completed' }) }
    toldToWait.push(clock.now())
    const error = { code: 'TooManyRequests', message: 'Please retry again later.' }
    return { status, headers: { 'retry-after': String(retryAfterMs / 1000) }, text: JSON.stringify({ error }) }
  }
  return {
    clock,
    transport,
    arrivals,
    sends,
    toldToWait,
    refusals: () => arrivals.filter(({ status }) => status === 429),
  }
}

describe('at twice the limit of Graph', () => {
  function line(limit: Rate, retryAfterMs: number, calls: Rate, settings: Partial<CallsSettings> = {}) {
    const { clock, transport, ...graph } = limitedGraph(limit, retryAfterMs)
    const throttle = createThrottle({ limits: { calls }, clock })
    const tokens = { forTenant: async () => 'token' }
    return { clock, graph, calls: createCalls({ tokens, transport, clock, throttle, ...settings }) }
  }
  const play = (calls: Calls, id: number) =>
    calls.playPrompt(callOf(String(id)), { prompts, clientContext: crypto.randomUUID() })
  const many = (number: number, does: (id: number) => Promise<unknown>) =>
    Promise.allSettled(Array.from({ length: number }, (_, id) => does(id)))

  it('all requests are carried out, and Graph has nothing to refuse', async () => {
    const limit = { requests: 40, perMs: 1_000 }
    const { clock, graph, calls } = line(limit, 500, limit)
    const sent = many(80, (id) => play(calls, id))
    await clock.pass(3_000)
    expect((await sent).filter(({ status }) => status === 'fulfilled')).toHaveLength(80)
    expect(graph.refusals()).toHaveLength(0)
  })

  it('answers go first', async () => {
    const { clock, graph, calls } = line({ requests: 1_000, perMs: 1_000 }, 500, { requests: 20, perMs: 1_000 })
    void many(30, (id) => play(calls, id))
    await clock.pass(200)
    const before = graph.sends.length
    expect(before).toBeLessThan(10)
    void many(5, (id) => calls.answer(callOf(`ringing-${id}`), { callbackUri }))
    await clock.pass(500)
    expect(graph.arrivals.slice(before, before + 5).map(({ action }) => action)).toEqual(Array(5).fill('answer'))
  })

  it('and with a limit that we do not know, no storm of 429 follows, and Retry-After is kept', async () => {
    const retryAfterMs = 400
    const ours = { requests: 400, perMs: 1_000 }
    const { clock, graph, calls } = line({ requests: 20, perMs: 1_000 }, retryAfterMs, ours)
    // Two seconds, 40 in each.
    const sent: Promise<unknown>[] = []
    for (let number = 0; number < 80; number += 1) {
      sent.push(play(calls, number).catch((error: GraphError) => error))
      await clock.pass(25)
    }
    await clock.pass(60_000)
    const outcomes = await Promise.all(sent)
    const refusals = graph.refusals()
    expect(refusals.length).toBeGreaterThan(0)
    expect(refusals.length).toBeLessThan(graph.arrivals.length / 3)
    for (const at of graph.toldToWait) {
      const early = graph.sends.filter((sentAt) => sentAt > at && sentAt < at + retryAfterMs)
      expect(early).toEqual([])
    }
    const failed = outcomes.filter((one) => one instanceof GraphError)
    expect(failed.every((one) => one.code === 'throttled' || one.status === 429)).toBe(true)
    expect(failed.length).toBeLessThan(20)
  })

  it('what cannot be sent in time is refused politely', async () => {
    const ours = { requests: 5, perMs: 1_000 }
    const { clock, graph, calls } = line({ requests: 1_000, perMs: 1_000 }, 500, ours, { retryForMs: 600 })
    const sent = many(20, (id) => play(calls, id))
    await clock.pass(1_000)
    const refused = (await sent).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused.length).toBeGreaterThan(10)
    for (const error of refused) expect(error).toMatchObject({ code: 'throttled', worthRetrying: true })
    expect(refused[0].message).toBe(
      'playPrompt failed. It was not sent, since too many requests wait. Try again after the time in retryAfterMs.',
    )
    expect(graph.arrivals).toHaveLength(20 - refused.length)
  })
})
