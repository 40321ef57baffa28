import { afterEach, expect, it } from 'vitest'
import { GraphError } from './error.ts'
import { createGraph, type Graph, type GraphRequest, type SentRequest } from './graph.ts'
import { type Answer, ExchangeError, type Transport } from './http.ts'
import { createProof } from './proof.ts'
import { good, microsoft, seconds } from './testing/badTokens.ts'
import { sign } from './testing/keyServer.ts'
import { manualClock } from './testing/manualClock.ts'

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
function roadOf(answers: (Answer | ExchangeError)[]) {
  const clock = manualClock()
  const begun = clock.now()
  const times: number[] = []
  const sent: SentRequest[] = []
  const transport: Transport = async () => {
    times.push(clock.now() - begun)
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? ok
    if (answer instanceof ExchangeError) throw answer
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
  const { graph, clock, times, sent } = roadOf([refused(429, '8516', { 'retry-after': '10' }), ok])
  const sending = graph.send(request)
  await clock.pass(9_999)
  expect(times).toEqual([0])
  await clock.pass(200)
  expect(await sending).toMatchObject({ status: 200 })
  expect(times).toHaveLength(2)
  expect(sent.map(({ status, ms }) => [status, ms])).toEqual([
    [429, 0],
    [200, 0],
  ])
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

it('what a transport says of the network is told as by sockets', async () => {
  const { graph, clock } = roadOf([new ExchangeError('timeout', false)])
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
