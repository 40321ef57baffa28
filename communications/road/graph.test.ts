import { afterEach, describe, expect, it } from 'vitest'
import { sleep } from '#ground/clock.ts'
import { createProof } from '../inbound/proof.ts'
import { good, microsoft, seconds } from '../testing/badTokens.ts'
import { sign } from '../testing/keyServer.ts'
import { manualClock } from '../testing/manualClock.ts'
import { GraphError } from './error.ts'
import { createGraph, type Graph, type GraphRequest, type SentRequest } from './graph.ts'
import { type Answer, RoundTripError, type Transport } from './http.ts'
import { createThrottle } from './throttle.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const request: GraphRequest = {
  operation: 'keepAlive',
  method: 'POST',
  path: '/communications/calls/1/keepAlive',
  tenantId,
  repeatable: true,
}
const ok: Answer = { status: 200, headers: {}, text: '{}' }
const open: Graph[] = []

/** A road without sockets, in a time of its own. The last of `answers` is for all that follow. */
function roadOf(answers: (Answer | RoundTripError)[]) {
  const clock = manualClock()
  const begun = clock.now()
  const times: number[] = []
  const sent: SentRequest[] = []
  const transport: Transport = async () => {
    times.push(clock.now() - begun)
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? ok
    if (answer instanceof RoundTripError) throw answer
    return answer
  }
  const tokens = { forTenant: async () => 'token' }
  const graph = createGraph({ tokens, transport, clock, onRequest: (one) => sent.push(one) })
  open.push(graph)
  return { graph, clock, times, sent }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((graph) => graph.close()))
})

const refused = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  text: JSON.stringify({ error: { code, message: '' } }),
})

it('waits between tries pass in the time of its clock', async () => {
  const { graph, clock, times, sent } = roadOf([refused(429, '8516', { 'retry-after': '9.5' }), ok])
  const sending = graph.send(request)
  await clock.pass(9_499)
  expect(times).toEqual([0])
  await clock.pass(200)
  expect(await sending).toMatchObject({ status: 200 })
  expect(times).toHaveLength(2)
  expect(sent.map(({ status, ms }) => [status, ms])).toEqual([
    [429, 0],
    [200, 0],
  ])
})

it('the last try of a request in a hurry ends soon, since the caller is to be turned away while it rings', async () => {
  const limits: number[] = []
  const clock = manualClock()
  const transport: Transport = async (_url, { timeoutMs }) => {
    limits.push(timeoutMs)
    await sleep(clock, timeoutMs)
    throw new RoundTripError('timeout', false)
  }
  const graph = createGraph({ tokens: { forTenant: async () => 'token' }, transport, clock })
  open.push(graph)
  const hurried = expect(graph.send({ ...request, timeoutMs: 4_000, retryForMs: 5_000 })).rejects.toMatchObject({
    code: 'timeout',
  })
  await clock.pass(10_000)
  await hurried
  expect(limits).toHaveLength(2)
  expect(limits[0]).toBe(4_000)
  expect(limits[1]).toBeLessThan(2_200)
  expect(limits[1]).toBeGreaterThanOrEqual(1_500)
})

it('and what it waited for its turn counts', async () => {
  const limits: number[] = []
  const clock = manualClock()
  const transport: Transport = async (_url, { timeoutMs }) => {
    limits.push(timeoutMs)
    return ok
  }
  const throttle = { ...createThrottle({ clock }), passesAtOnce: () => false, pass: () => sleep(clock, 4_500) }
  const graph = createGraph({ tokens: { forTenant: async () => 'token' }, transport, clock, throttle })
  open.push(graph)
  const sending = graph.send({ ...request, timeoutMs: 4_000, retryForMs: 5_000 })
  await clock.pass(4_600)
  await sending
  expect(limits).toEqual([2_000])
})

it('a date in Retry-After is reckoned by its clock', async () => {
  const date = new Date(manualClock().now() + 5_000).toUTCString()
  const { graph, clock, times } = roadOf([refused(503, 'x', { 'retry-after': date }), ok])
  const sending = graph.send(request)
  await clock.pass(5_200)
  await sending
  expect(times.at(1)).toBeGreaterThanOrEqual(5_000)
})

it('a 429 for the whole tenant holds back every call of it, one for a call only that call', async () => {
  const forTenant = roadOf([refused(429, 'TooManyRequests', { 'retry-after': '5' }), ok])
  const other = { ...request, path: '/communications/calls/2/keepAlive' }
  const both = [forTenant.graph.send(request)]
  await forTenant.clock.pass(1)
  both.push(forTenant.graph.send(other), forTenant.graph.send({ ...other, tenantId: 'another-tenant' }))
  await forTenant.clock.pass(1)
  expect(forTenant.times).toEqual([0, 1])
  await forTenant.clock.pass(6_000)
  await Promise.all(both)
  expect(Math.min(...forTenant.times.slice(2))).toBeGreaterThanOrEqual(5_000)

  const forCall = roadOf([refused(429, '8516', { 'retry-after': '5' }), ok])
  const first = forCall.graph.send(request)
  await forCall.clock.pass(1)
  await forCall.graph.send(other)
  expect(forCall.times).toEqual([0, 1])
  await forCall.clock.pass(6_000)
  await first
})

it('when Graph wants none for longer than a request may wait, it is refused at once instead of sent', async () => {
  const { graph, clock, times } = roadOf([refused(429, 'TooManyRequests', { 'retry-after': '60' }), ok])
  await expect(graph.send(request)).rejects.toMatchObject({ status: 429 })
  const error = await graph.send(request).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(GraphError)
  expect(error).toMatchObject({ code: 'throttled', retryAfterMs: 60_000, worthRetrying: true })
  expect(times).toHaveLength(1)
  await clock.pass(60_000)
  await graph.send(request)
  expect(times).toHaveLength(2)
})

describe('a call that Graph wants no request of for a while', () => {
  const other = { ...request, path: '/communications/calls/2/keepAlive' }
  const longWait = refused(429, '8516', { 'retry-after': '25' })

  it.each([
    ['429 of one call', longWait],
    ['503', refused(503, 'ServiceUnavailable', { 'retry-after': '25' })],
  ])('holds back the next request of it after %s, and no other', async (_what, answer) => {
    const { graph, clock, times } = roadOf([answer, ok])
    await expect(graph.send(request)).rejects.toMatchObject({ retryAfterMs: 25_000 })
    await graph.send(other)
    await graph.send({ ...request, tenantId: 'another-tenant' })
    const next = graph.send(request)
    await clock.pass(24_999)
    expect(times).toEqual([0, 0, 0])
    await clock.pass(100)
    await next
    expect(times).toHaveLength(4)
  })

  it('has it refused at once where the wait is longer than the request may take', async () => {
    const { graph, clock, times } = roadOf([refused(429, '8516', { 'retry-after': '60' }), ok])
    await expect(graph.send(request)).rejects.toMatchObject({ status: 429 })
    const error = { code: 'throttled', retryAfterMs: 60_000, neverSent: true }
    await expect(graph.send(request)).rejects.toMatchObject(error)
    await clock.pass(40_000)
    // A request in a hurry does not wait as long as others do.
    await expect(graph.send({ ...request, timeoutMs: 4_000 })).rejects.toMatchObject({ retryAfterMs: 20_000 })
    expect(times).toHaveLength(1)
    const patient = graph.send(request)
    await clock.pass(20_100)
    await patient
    expect(times).toHaveLength(2)
  })

  it.each([
    ['the same request', request, [429, 'TooManyRequests'] as const],
    ['another one of the call', { ...request, path: `${request.path}/more` }, [429, '8516'] as const],
  ])('has it while the first waits: %s does not go out before it', async (_what, second, [status, code]) => {
    const { graph, clock, times } = roadOf([refused(status, code, { 'retry-after': '5' }), ok])
    const first = graph.send(request)
    await clock.pass(1)
    const next = graph.send(second)
    await clock.pass(4_900)
    expect(times).toHaveLength(1)
    await clock.pass(300)
    await Promise.all([first, next])
    expect(times).toHaveLength(3)
  })

  it('has it between the tries of another request, too', async () => {
    const { graph, clock, times } = roadOf([
      refused(503, 'ServiceUnavailable'),
      refused(429, '8516', { 'retry-after': '5' }),
      ok,
    ])
    const first = graph.send(request) // pauses for half a second
    await clock.pass(1)
    const second = graph.send(request)
    await clock.pass(4_900)
    expect(times).toHaveLength(2)
    await clock.pass(400)
    await Promise.all([first, second])
  })

  it('is asked no later than the request may be, and tells what went wrong before', async () => {
    const { graph, clock, times } = roadOf([
      refused(500, 'internal'),
      refused(503, 'ServiceUnavailable', { 'retry-after': '4' }),
      ok,
    ])
    const hasty = expect(graph.send({ ...request, retryForMs: 1_000 })).rejects.toMatchObject({ status: 500 })
    await clock.pass(1)
    const second = graph.send(request)
    await clock.pass(5_000)
    await Promise.all([hasty, second])
    expect(times).toHaveLength(3)
  })

  it('keeps the longer of two words, whichever comes first', async () => {
    const { graph, clock, times } = roadOf([
      refused(429, '8516', { 'retry-after': '10' }),
      refused(429, '8516', { 'retry-after': '1' }),
      ok,
    ])
    const both = [graph.send(request), graph.send(request)]
    await clock.pass(9_999)
    expect(times).toEqual([0, 0])
    await clock.pass(300)
    await Promise.all(both)
  })

  it('has it for an hour at most, whatever Graph says', async () => {
    const { graph, clock, times } = roadOf([refused(429, '8516', { 'retry-after': '86400' }), ok])
    await expect(graph.send(request)).rejects.toMatchObject({ status: 429 })
    await expect(graph.send(request)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 3_600_000 })
    await clock.pass(3_600_000)
    await graph.send(request)
    expect(times).toHaveLength(2)
  })

  it('is not held back for longer by a clock that is set back', async () => {
    let back = 0
    const clock = manualClock()
    const set = { now: () => clock.now() - back, after: clock.after }
    const answers = [longWait, ok]
    const transport: Transport = async () => answers.shift() ?? ok
    const graph = createGraph({ tokens: { forTenant: async () => 'token' }, transport, clock: set })
    open.push(graph)
    await expect(graph.send(request)).rejects.toMatchObject({ status: 429 })
    back = 3_600_000
    const next = graph.send(request)
    await clock.pass(25_100)
    expect(await next).toMatchObject({ status: 200 })
  })

  it.each([
    ['/communications/calls', 'create'],
    ['/communications/getPresencesByUserId', 'presence'],
    ['/appCatalogs/teamsApps', 'catalog'],
  ])('is none where the request is about no call: %s', async (path) => {
    const { graph, times } = roadOf([longWait, ok])
    await expect(graph.send({ ...request, path })).rejects.toMatchObject({ status: 429 })
    await graph.send({ ...request, path })
    await graph.send({ ...request, path, tenantId: 'another-tenant' })
    expect(times).toEqual([0, 0, 0])
  })

  it('is no matter of the login service, whose word is about tokens', async () => {
    const clock = manualClock()
    let asked = 0
    const tokens = {
      async forTenant(): Promise<string> {
        asked += 1
        if (asked > 1) return 'token'
        throw new GraphError({ code: 'noToken', operation: 'token', status: 429, retryAfterMs: 25_000 })
      },
    }
    const graph = createGraph({ tokens, transport: async () => ok, clock })
    open.push(graph)
    await expect(graph.send(request)).rejects.toMatchObject({ code: 'noToken' })
    expect(await graph.send(request)).toMatchObject({ status: 200 })
    expect(clock.waiting()).toBe(0)
  })
})

it('a refusal by the login service does not show that an earlier try was carried out', async () => {
  const clock = manualClock()
  let asked = 0
  const tokens = {
    async forTenant() {
      asked += 1
      if (asked === 1) return 'token'
      throw new GraphError({ code: 'noToken', operation: 'token', status: 400 })
    },
  }
  const transport: Transport = async () => {
    throw new RoundTripError('timeout', false)
  }
  const graph = createGraph({ tokens, transport, clock })
  open.push(graph)
  const failed = graph.send({ ...request, takenWhenRefusedBy: [400] }).catch((error) => error)
  await clock.pass(5_000)
  expect(await failed).toMatchObject({ code: 'noToken', neverSent: false })
})

describe('a token that is refused', () => {
  const unauthorized = refused(401, 'InvalidAuthenticationToken')

  it.each([
    ['503 with Retry-After', [refused(503, 'x', { 'retry-after': '1' })]],
    ['two 503', [refused(503, 'x', { 'retry-after': '1' }), refused(503, 'x', { 'retry-after': '1' })]],
    ['429', [refused(429, '8516', { 'retry-after': '1' })]],
  ])('is replaced once, also after %s', async (_what, before) => {
    const { graph, clock, times } = roadOf([...before, unauthorized, ok])
    const sending = graph.send({ ...request, repeatable: false })
    await clock.pass(5_000)
    expect(await sending).toMatchObject({ status: 200 })
    expect(times).toHaveLength(before.length + 2)
  })

  it('a second time fails, whatever was in between', async () => {
    const { graph, clock, times } = roadOf([unauthorized, refused(503, 'x', { 'retry-after': '1' }), unauthorized, ok])
    const failed = graph.send(request).catch((error) => error)
    await clock.pass(5_000)
    expect(await failed).toMatchObject({ status: 401 })
    expect(times).toHaveLength(3)
  })
})

describe('a request that nobody wants any more', () => {
  const stop = () => new AbortController()

  it.each(['signal', 'until'] as const)('by %s is not sent again after a wait', async (by) => {
    const { graph, clock, times } = roadOf([refused(429, '8516', { 'retry-after': '5' }), ok])
    const over = stop()
    const failed = graph.send({ ...request, [by]: over.signal }).catch((error) => error)
    await clock.pass(1_000)
    over.abort()
    expect(await failed).toMatchObject({ code: 'aborted', neverSent: true })
    await clock.pass(20_000)
    expect(times).toEqual([0])
    expect(clock.waiting()).toBe(0)
  })

  it.each(['signal', 'until'] as const)('by %s does not go out when its token comes', async (by) => {
    const clock = manualClock()
    let sent = 0
    const transport: Transport = async () => {
      sent += 1
      return ok
    }
    const slowly = () => new Promise<string>((resolve) => clock.after(1_000, () => resolve('token')))
    const graph = createGraph({ tokens: { forTenant: slowly }, transport, clock })
    open.push(graph)
    const over = stop()
    const failed = graph.send({ ...request, [by]: over.signal }).catch((error) => error)
    await clock.pass(500)
    over.abort()
    await clock.pass(1_000)
    expect(await failed).toMatchObject({ code: 'aborted' })
    expect(sent).toBe(0)
  })

  it('until a moment lets the try under way be, takes its answer, and is not sent again when that is none', async () => {
    const clock = manualClock()
    const answers = [ok, refused(503, 'x', { 'retry-after': '0' }), ok]
    let sent = 0
    const transport: Transport = (_url, { signal }) => {
      sent += 1
      const answer = answers.shift() ?? ok
      expect(signal).toBeUndefined()
      return new Promise((resolve) => clock.after(1_000, () => resolve(answer)))
    }
    const graph = createGraph({ tokens: { forTenant: async () => 'token' }, transport, clock })
    open.push(graph)
    for (const outcome of [{ status: 200 }, { code: 'aborted' }]) {
      const over = stop()
      const done = graph.send({ ...request, until: over.signal }).catch((error) => error)
      await clock.pass(500)
      over.abort()
      await clock.pass(5_000)
      expect(await done).toMatchObject(outcome)
    }
    expect(sent).toBe(2)
  })

  it('leaves the wait that Graph asked for to the next one like it, and to no other of the call', async () => {
    const { graph, clock, times } = roadOf([refused(429, 'unknown', { 'retry-after': '5' }), ok])
    const over = stop()
    const play = { ...request, path: '/communications/calls/1/playPrompt', repeatable: false }
    const failed = graph.send({ ...play, until: over.signal }).catch((error) => error)
    await clock.pass(100)
    over.abort()
    await failed
    const next = graph.send({ ...play })
    await clock.pass(4_800)
    expect(times).toEqual([0])
    await clock.pass(300)
    await next
    expect(times.at(1)).toBeGreaterThanOrEqual(5_000)
  })
})

describe('how long a request is tried', () => {
  const unavailable = refused(503, 'x')

  it('is told by whoever asks, and is 12 s otherwise', async () => {
    const usual = roadOf([unavailable])
    const failed = usual.graph.send(request).catch((error) => error)
    await usual.clock.pass(60_000)
    expect(await failed).toMatchObject({ status: 503 })
    expect(usual.times.at(-1)).toBeLessThanOrEqual(12_000)
    expect(usual.times.length).toBeGreaterThan(4)

    const patient = roadOf([...Array.from({ length: 12 }, () => unavailable), ok])
    const sending = patient.graph.send({ ...request, retryForMs: 60_000 })
    await patient.clock.pass(60_000)
    expect(await sending).toMatchObject({ status: 200 })
  })

  it('is as long as a caller rings for an answer, at pauses of a second', async () => {
    const { graph, clock, times } = roadOf([unavailable])
    const failed = graph.send({ ...request, timeoutMs: 4_000, retryForMs: 60_000 }).catch((error) => error)
    await clock.pass(60_000)
    expect(await failed).toMatchObject({ status: 503 })
    expect(times.at(-1)).toBeLessThanOrEqual(14_000)
    expect(times.length).toBeGreaterThan(10)
    expect(times.length).toBeLessThan(22)
  })
})

describe('that nothing was sent', () => {
  const neverSent = new RoundTripError('unreachable', true)
  const cut = new RoundTripError('unreachable', false)
  it.each([
    ['every try was refused a connection', true, [neverSent]],
    ['the last one was, after one that may have been carried out', false, [cut, neverSent]],
    ['the last one was cut', false, [neverSent, neverSent, cut]],
    ['the last one was, after one that was throttled', true, [refused(429, '8516', { 'retry-after': '0' }), neverSent]],
  ])('is told of an error when %s: %s', async (_what, certain, answers) => {
    const { graph, clock } = roadOf([...answers])
    const failed = graph.send(request).catch((error) => error)
    await clock.pass(15_000)
    expect(await failed).toMatchObject({ code: 'unreachable', neverSent: certain })
  })
})

it('what a transport says of the network is told as by sockets', async () => {
  const { graph, clock } = roadOf([new RoundTripError('timeout', false)])
  const failed = graph.send({ ...request, repeatable: false }).catch((error) => error)
  await clock.pass(1)
  expect(await failed).toMatchObject({ code: 'timeout', status: null, worthRetrying: true })
})

it('a proof is checked with keys that come over a transport, at the time of its clock', async () => {
  const asked: string[] = []
  const transport: Transport = async (url) => {
    asked.push(url)
    const jwk = { ...microsoft.publicKey.export({ format: 'jwk' }), kid: microsoft.kid, use: 'sig' }
    const body = url.endsWith('/keys') ? { keys: [jwk] } : { jwks_uri: 'https://keys.example/keys' }
    return { status: 200, headers: {}, text: JSON.stringify(body) }
  }
  const clock = manualClock(seconds() * 1000)
  const claims = good()
  const proof = createProof({ appId: claims.aud, openIdUrl: 'https://keys.example/openid', transport, clock })
  const authorization = `Bearer ${sign(microsoft, claims)}`
  expect(await proof.verify(authorization)).toMatchObject({ tenantId: claims.tid })
  expect(asked).toEqual(['https://keys.example/openid', 'https://keys.example/keys'])
  await clock.pass(24 * 3_600_000)
  await expect(proof.verify(authorization)).rejects.toMatchObject({ code: 'expired' })
  await proof.close()
})
