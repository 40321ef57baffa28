import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GraphError } from '../road/error.ts'
import type { SentRequest } from '../road/graph.ts'
import { contractIsHere, requestChecker } from '../testing/contract.ts'
import { manualClock } from '../testing/manualClock.ts'
import { type Heard, reply, serve } from '../testing/server.ts'
import {
  type CallOperations,
  type CallRef,
  type Calls,
  type CallsSettings,
  createCalls,
  type NewCall,
} from './calls.ts'

const call: CallRef = { id: '57DAB8B1894C409AB240BD8BEAE78896', tenantId: '1fdd12d0-4620-44ed-baec-459b611f84b2' }
const path = `/v1.0/communications/calls/${call.id}`
const callbackUri = 'https://bot.contoso.com/api/calls'
const clientContext = 'd45324c1-fcb5-430a-902c-f20af696537c'
const prompts = [{ uri: 'https://bot.contoso.com/prompts/a.wav', resourceId: 'a' }]
const target = { phone: { id: '+12345678901' } }
const newCall: NewCall = { tenantId: call.tenantId, callbackUri, targets: [target] }

type Act = (response: ServerResponse, heard: Heard) => void

const ok: Act = (response) =>
  reply(response, 200, { id: 'op1', status: 'running', clientContext }, { 'request-id': 'r1' })
const refusal =
  (status: number, headers: Record<string, string> = {}): Act =>
  (response) =>
    reply(response, status, { error: { code: 'x', message: 'y' } }, headers)
const cut: Act = (response) => response.destroy()
const hang: Act = () => {}

/** What Graph does with the requests, in order; the last one for all that follow. */
let script: Act[]
let graph: Awaited<ReturnType<typeof serve>>
let sent: SentRequest[]
const open: Calls[] = []

beforeEach(async () => {
  script = [ok]
  sent = []
  graph = await serve((heard, response) => {
    const act = (script.length > 1 ? script.shift() : script[0]) ?? ok
    act(response, heard)
  })
})
afterEach(async () => {
  const closing = open.splice(0).map((calls) => calls.close())
  await graph.close()
  await Promise.all(closing)
})

function callsOf(settings: Partial<CallsSettings> = {}): CallOperations & Calls {
  const tokens = { forTenant: async (tenantId: string) => `token-of-${tenantId}` }
  const calls = createCalls({ tokens, graphUrl: graph.url, onRequest: (one) => sent.push(one), ...settings })
  open.push(calls)
  return calls
}

const errorOf = (promise: Promise<unknown>): Promise<GraphError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => (error instanceof GraphError ? error : Promise.reject(error)),
  )

/** Every operation, with how it asks. */
const operations: Record<
  string,
  { does: (calls: Calls) => Promise<unknown>; schema: string | null; repeatable: boolean }
> = {
  answer: { does: (calls) => calls.answer(call, { callbackUri }), schema: 'call-answer', repeatable: true },
  reject: { does: (calls) => calls.reject(call, { reason: 'busy' }), schema: 'call-reject', repeatable: true },
  playPrompt: {
    does: (calls) => calls.playPrompt(call, { prompts, clientContext }),
    schema: 'call-playprompt',
    repeatable: false,
  },
  subscribeToTone: {
    does: (calls) => calls.subscribeToTone(call, { clientContext }),
    schema: 'call-subscribetotone',
    repeatable: true,
  },
  cancelMediaProcessing: {
    does: (calls) => calls.cancelMediaProcessing(call, { clientContext }),
    schema: 'call-cancelmediaprocessing',
    repeatable: false, // a repeat would cut off the prompt that was begun in between
  },
  transfer: {
    does: (calls) => calls.transfer(call, { target, clientContext }),
    schema: 'call-transfer',
    repeatable: false,
  },
  get: { does: (calls) => calls.get(call), schema: null, repeatable: true },
  hangUp: { does: (calls) => calls.hangUp(call), schema: null, repeatable: true },
  keepAlive: { does: (calls) => calls.keepAlive(call), schema: null, repeatable: true },
  create: { does: (calls) => calls.create(newCall), schema: 'create-call', repeatable: false },
}
const named = Object.entries(operations).map(([name, operation]) => ({ name, ...operation }))

describe('requests', () => {
  it.each([
    ['answer', 'POST', `${path}/answer`],
    ['reject', 'POST', `${path}/reject`],
    ['playPrompt', 'POST', `${path}/playPrompt`],
    ['subscribeToTone', 'POST', `${path}/subscribeToTone`],
    ['cancelMediaProcessing', 'POST', `${path}/cancelMediaProcessing`],
    ['transfer', 'POST', `${path}/transfer`],
    ['get', 'GET', path],
    ['hangUp', 'DELETE', path],
    ['keepAlive', 'POST', `${path}/keepAlive`],
    ['create', 'POST', '/v1.0/communications/calls'],
  ])('%s is %s %s, with the token of the tenant', async (name, method, address) => {
    await operations[name]?.does(callsOf())
    expect(graph.heard).toMatchObject([
      { method, path: address, headers: { authorization: `Bearer token-of-${call.tenantId}` } },
    ])
  })

  it('carry new random ids each time, and a content type only with a body', async () => {
    const calls = callsOf()
    await calls.hangUp(call)
    await calls.playPrompt(call, { prompts, clientContext })
    const ids = graph.heard.flatMap(({ headers }) => [headers['scenario-id'], headers['client-request-id']])
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(graph.heard.map(({ headers }) => headers['content-type'])).toEqual([undefined, 'application/json'])
  })

  it('an id that could lead elsewhere in Graph is escaped or refused', async () => {
    const calls = callsOf()
    await calls.get({ ...call, id: 'a/../b?c' })
    expect(graph.heard[0]?.path).toBe('/v1.0/communications/calls/a%2F..%2Fb%3Fc')
    expect((await errorOf(calls.get({ ...call, id: '..' }))).code).toBe('badRequest')
  })

  it('never travel without TLS to another machine, since they carry a token', () => {
    expect(() => callsOf({ graphUrl: 'http://graph.example' })).toThrow(TypeError)
  })

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('the log is full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
  ])('keep their outcome when the hook %s', async (_what, onRequest) => {
    script = [(response) => reply(response, 201, { id: 'c1', state: 'establishing' })]
    const calls = callsOf({ onRequest })
    expect(await calls.create(newCall)).toMatchObject({ id: 'c1' })
    script = [refusal(403)]
    expect(await errorOf(calls.create(newCall))).toMatchObject({ status: 403 })
  })

  it.each([
    'https://graph.microsoft.com/v1.0',
    'https://name:password@graph.microsoft.com',
    'https://name@graph.microsoft.com',
    'https://graph.microsoft.com/?a=b',
    'https://graph.microsoft.com/#a',
  ])('never go to %s, whose origin alone would count', (graphUrl) => {
    expect(() => callsOf({ graphUrl })).toThrow(TypeError)
  })

  it('go to an address with a slash at its end', async () => {
    await callsOf({ graphUrl: `${graph.url}/` }).keepAlive(call)
    expect(graph.heard[0]?.path).toBe(`${path}/keepAlive`)
  })

  it('are told to the hook, one by one', async () => {
    script = [refusal(429, { 'retry-after': '0' }), ok]
    await callsOf().playPrompt(call, { prompts, clientContext })
    expect(sent).toMatchObject([
      { operation: 'playPrompt', method: 'POST', path: `${path}/playPrompt`, status: 429, requestId: null },
      {
        status: 200,
        requestId: 'r1',
        body: { clientContext },
        clientRequestId: graph.heard[1]?.headers['client-request-id'],
      },
    ])
  })
})

describe.skipIf(!contractIsHere)('request bodies keep to the contract', () => {
  const wrong = contractIsHere ? requestChecker() : () => null
  const variants: [string, string, (calls: Calls) => Promise<unknown>][] = [
    ...named.flatMap(({ name, schema, does }): [string, string, typeof does][] =>
      schema ? [[name, schema, does]] : [],
    ),
    [
      'answer with media to fetch ahead',
      'call-answer',
      (calls) =>
        calls.answer(call, {
          callbackUri,
          acceptedModalities: ['audio'],
          mediaConfig: { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig', preFetchMedia: prompts },
        }),
    ],
    [
      'playPrompt with 20 prompts',
      'call-playprompt',
      (calls) =>
        calls.playPrompt(call, {
          prompts: Array.from({ length: 20 }, () => prompts).flat(),
          clientContext: 'x'.repeat(256),
        }),
    ],
    [
      'transfer to a user',
      'call-transfer',
      (calls) => calls.transfer(call, { target: { user: { id: 'u1', displayName: 'Heidi' } } }),
    ],
    [
      'transfer to a resource account',
      'call-transfer',
      (calls) => calls.transfer(call, { target: { applicationInstance: { id: 'a1' } } }),
    ],
    [
      'create from a resource account',
      'create-call',
      (calls) => calls.create({ ...newCall, source: { applicationInstance: { id: 'a1' } } }),
    ],
    [
      'create for five users',
      'create-call',
      (calls) =>
        calls.create({
          tenantId: call.tenantId,
          callbackUri,
          targets: [1, 2, 3, 4, 5].map((n) => ({ user: { id: `u${n}` } })),
        }),
    ],
    [
      'create by joining a meeting of an organizer',
      'create-call',
      (calls) =>
        calls.create({
          tenantId: call.tenantId,
          callbackUri,
          chatInfo: { threadId: '19:meeting_x@thread.v2', messageId: '0' },
          meetingInfo: {
            '@odata.type': '#microsoft.graph.organizerMeetingInfo',
            organizer: { user: { id: 'u1', tenantId: call.tenantId } },
          },
        }),
    ],
    [
      'create by joining a meeting by its id',
      'create-call',
      (calls) =>
        calls.create({
          tenantId: call.tenantId,
          callbackUri,
          source: { guest: { id: 'g1', displayName: 'Bot' } },
          meetingInfo: {
            '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo',
            joinMeetingId: '123',
            passcode: null,
          },
        }),
    ],
  ]

  it.each(variants)('%s', async (_name, schema, does) => {
    await does(callsOf())
    const [heard, ...others] = graph.heard
    expect(others).toEqual([])
    expect(wrong(schema, JSON.parse(heard?.body ?? ''))).toBeNull()
  })
})

describe('limits', () => {
  const many = (count: number) => Array.from({ length: count }, () => prompts).flat()
  it.each<[string, (calls: Calls) => Promise<unknown>]>([
    ['no prompt', (calls) => calls.playPrompt(call, { prompts: [], clientContext })],
    ['21 prompts', (calls) => calls.playPrompt(call, { prompts: many(21), clientContext })],
    [
      'a prompt without a whole address',
      (calls) => calls.playPrompt(call, { prompts: [{ uri: '/a.wav', resourceId: 'a' }], clientContext }),
    ],
    ['a clientContext of 257 characters', (calls) => calls.subscribeToTone(call, { clientContext: 'x'.repeat(257) })],
    ['a callbackUri without TLS', (calls) => calls.answer(call, { callbackUri: 'http://bot.contoso.com' })],
    ['no modality', (calls) => calls.answer(call, { callbackUri, acceptedModalities: [] })],
    ['no target', (calls) => calls.create({ ...newCall, targets: [] })],
    ['six targets', (calls) => calls.create({ ...newCall, targets: Array.from({ length: 6 }, () => target) })],
    ['a target without an id', (calls) => calls.transfer(call, { target: { user: {} } })],
    [
      'a meeting of an organizer without its chat',
      (calls) =>
        calls.create({
          tenantId: call.tenantId,
          callbackUri,
          meetingInfo: { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer: {} },
        }),
    ],
  ])('%s is refused before sending, with the reason', async (_what, does) => {
    const error = await errorOf(does(callsOf()))
    expect(error).toMatchObject({ code: 'badRequest', status: null, worthRetrying: false })
    expect(error.message).toMatch(/was not sent: .+\. Correct the request/)
    expect(graph.heard).toHaveLength(0)
  })
})

describe('answers', () => {
  it('any 2xx is success', async () => {
    for (const status of [200, 202, 204]) {
      script = [(response) => reply(response, status)]
      const calls = callsOf()
      for (const { name, does } of named.filter((one) => !['get', 'create'].includes(one.name))) {
        await expect(does(calls), name).resolves.not.toThrow()
      }
    }
  })

  it('an operation is read in any spelling', async () => {
    script = [(response) => reply(response, 200, { id: 'op1', status: 'Running', clientContext, extra: 1 })]
    expect(await callsOf().playPrompt(call, { prompts, clientContext })).toEqual({
      '@odata.type': '#microsoft.graph.playPromptOperation',
      id: 'op1',
      status: 'running',
      clientContext,
    })
  })

  it('the id of a new call comes from its body, else from its Location', async () => {
    script = [
      (response) => reply(response, 201, { id: 'c1', state: 'establishing' }),
      (response) => reply(response, 201, {}, { location: 'https://graph.microsoft.com/v1.0/communications/calls/c2' }),
      (response) => reply(response, 201, {}),
    ]
    const calls = callsOf()
    expect(await calls.create(newCall)).toMatchObject({ id: 'c1', state: 'establishing' })
    expect(await calls.create(newCall)).toMatchObject({ id: 'c2' })
    expect((await errorOf(calls.create(newCall))).code).toBe('unreadableAnswer')
    expect(graph.heard).toHaveLength(3)
  })

  it('one of more than a megabyte is not read to its end', async () => {
    script = [(response) => reply(response, 200, { id: 'x'.repeat(1_100_000) })]
    expect(await errorOf(callsOf().get(call))).toMatchObject({ code: 'answerTooLarge', worthRetrying: false })
  })

  it('a call that is gone counts as hung up, and as gone for everything else', async () => {
    script = [refusal(404)]
    const calls = callsOf()
    await calls.hangUp(call)
    expect(await errorOf(calls.keepAlive(call))).toMatchObject({ gone: true, status: 404 })
  })
})

describe('after a failure', () => {
  const everything = named.map(({ name }) => name)
  const repeatable = named.filter((one) => one.repeatable).map(({ name }) => name)

  it.each<[string, Act, string[]]>([
    ['429', refusal(429, { 'retry-after': '0' }), everything],
    ['503 that says when', refusal(503, { 'retry-after': '0' }), everything],
    ['503 that does not say when', refusal(503), repeatable],
    ['500', refusal(500), repeatable],
    ['504, even one that says when', refusal(504, { 'retry-after': '0' }), repeatable],
    ['a reset', cut, repeatable],
    ['400', refusal(400), []],
  ])('%s, only what may be sent again is', async (_failure, act, again) => {
    const seen = new Set<string>()
    script = [
      (response, heard) => {
        const first = !seen.has(`${heard.method} ${heard.path}`)
        seen.add(`${heard.method} ${heard.path}`)
        if (first) act(response, heard)
        else ok(response, heard)
      },
    ]
    const calls = callsOf()
    const outcomes = await Promise.allSettled(named.map(({ does }) => does(calls)))
    const succeeded = named.flatMap(({ name }, n) => (outcomes[n]?.status === 'fulfilled' ? [name] : []))
    expect(succeeded).toEqual(again)
    for (const { name } of named) {
      expect(
        sent.filter(({ operation }) => operation === name),
        name,
      ).toHaveLength(again.includes(name) ? 2 : 1)
    }
  })

  it.each(named.filter(({ repeatable }) => !repeatable))('$name is not repeated after a timeout', async ({ does }) => {
    script = [hang, ok]
    expect(await errorOf(does(callsOf({ timeoutMs: 80 })))).toMatchObject({ code: 'timeout', status: null })
    expect(graph.heard).toHaveLength(1)
  })

  it('hangUp is repeated after a timeout', async () => {
    script = [hang, ok]
    await callsOf({ timeoutMs: 80 }).hangUp(call)
    expect(graph.heard).toHaveLength(2)
  })

  it('playPrompt is repeated when nothing could be sent', async () => {
    const error = await errorOf(
      callsOf({ graphUrl: 'http://127.0.0.1:1', retryForMs: 2_000 }).playPrompt(call, { prompts, clientContext }),
    )
    expect(error).toMatchObject({ code: 'unreachable', neverSent: true })
    expect(sent.filter(({ status }) => status === null)).toHaveLength(3)
  })

  it('an answer that was taken, but whose reply was lost, counts as taken when its repeat is refused', async () => {
    script = [cut, refusal(400)]
    await callsOf().answer(call, { callbackUri })
    expect(graph.heard).toHaveLength(2)
  })

  it.each([
    ['answer', 400, true],
    ['answer', 409, true],
    ['answer', 412, true],
    ['answer', 404, false],
    ['answer', 403, false],
    ['reject', 404, true],
    ['reject', 409, true],
    ['redirect', 404, true],
    ['redirect', 403, false],
  ] as const)(
    '%s whose reply was lost and whose repeat finds %i: that it was taken is %s',
    async (name, status, taken) => {
      script = [cut, refusal(status)]
      const does = {
        answer: (calls: CallOperations) => calls.answer(call, { callbackUri }),
        reject: (calls: CallOperations) => calls.reject(call, { reason: 'busy' }),
        redirect: (calls: CallOperations) => calls.redirect(call, { targets: [target] }),
      }
      const done = does[name](callsOf())
      if (taken) await done
      else expect(await errorOf(done)).toMatchObject({ status, neverSent: false })
      expect(graph.heard).toHaveLength(2)
    },
  )

  it.each(['reject', 'redirect'])('%s of a call that was gone before is no success', async (name) => {
    script = [refusal(429, { 'retry-after': '0' }), refusal(404)]
    const calls = callsOf()
    const done =
      name === 'reject' ? calls.reject(call, { reason: 'busy' }) : calls.redirect(call, { targets: [target] })
    expect(await errorOf(done)).toMatchObject({ status: 404, gone: true })
  })

  it('an answer that is refused at once is refused, also after being throttled', async () => {
    script = [refusal(429, { 'retry-after': '0' }), refusal(400)]
    expect(await errorOf(callsOf().answer(call, { callbackUri }))).toMatchObject({ status: 400 })
  })

  it.each(['answer', 'reject'])(
    '%s does not wait for fourteen seconds, since the caller rings for 15 only',
    async (name) => {
      script = [refusal(429, { 'retry-after': '14' })]
      expect(await errorOf(operations[name]?.does(callsOf()) ?? Promise.resolve())).toMatchObject({ status: 429 })
      expect(graph.heard).toHaveLength(1)
    },
  )

  it.each<[string, (calls: Calls, signal: AbortSignal) => Promise<unknown>]>([
    ['playPrompt', (calls, signal) => calls.playPrompt(call, { prompts, clientContext }, { signal })],
    ['hangUp', (calls, signal) => calls.hangUp(call, { signal })],
  ])('%s waits for ten seconds when it is told to', async (_name, does) => {
    script = [refusal(429, { 'retry-after': '10' })]
    const stop = new AbortController()
    const clock = manualClock()
    const failed = errorOf(does(callsOf({ clock }), stop.signal))
    await expect.poll(() => clock.waiting()).toBe(1)
    stop.abort()
    expect(await failed).toMatchObject({ code: 'aborted' })
  })

  it('a signal ends the wait that the answer to another one asked for', async () => {
    script = [refusal(429, { 'retry-after': '10' }), ok]
    const calls = callsOf({ retryForMs: 100 })
    expect((await errorOf(calls.playPrompt(call, { prompts, clientContext }))).status).toBe(429)
    const stop = new AbortController()
    const failed = errorOf(calls.hangUp(call, { signal: stop.signal }))
    stop.abort()
    expect(await failed).toMatchObject({ code: 'aborted' })
    expect(graph.heard).toHaveLength(1)
  })

  it('a refused token is replaced once', async () => {
    const given: (string | undefined)[] = []
    const tokens = {
      async forTenant(_tenantId: string, _scope?: string, refused?: string) {
        given.push(refused)
        return `token-${given.length}`
      },
    }
    script = [refusal(401), ok, refusal(401)]
    const calls = callsOf({ tokens })
    await calls.playPrompt(call, { prompts, clientContext })
    expect(given).toEqual([undefined, 'token-1'])
    expect(graph.heard[1]?.headers.authorization).toBe('Bearer token-2')

    expect((await errorOf(calls.keepAlive(call))).status).toBe(401)
    expect(graph.heard).toHaveLength(4)
  })

  it('of the login service nothing is sent, and it is asked again where that helps', async () => {
    let asked = 0
    const tokens = {
      async forTenant(): Promise<string> {
        asked += 1
        throw new GraphError({ code: 'noToken', operation: 'token', status: asked === 1 ? null : 401 })
      },
    }
    expect(await errorOf(callsOf({ tokens }).playPrompt(call, { prompts, clientContext }))).toMatchObject({
      code: 'noToken',
    })
    expect(asked).toBe(2)
    expect(graph.heard).toHaveLength(0)
  })
})

describe('a signal', () => {
  it('ends the try under way', async () => {
    script = [hang]
    const stop = new AbortController()
    const failed = errorOf(callsOf().keepAlive(call, { signal: stop.signal }))
    await expect.poll(() => graph.heard.length).toBe(1)
    stop.abort()
    expect(await failed).toMatchObject({ code: 'aborted' })
  })

  it('that was given before keeps everything from being sent', async () => {
    expect(await errorOf(callsOf().keepAlive(call, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' })
    expect(graph.heard).toHaveLength(0)
  })
})

it('two hundred requests at once share 64 connections', async () => {
  const sockets = new Set<unknown>()
  script = [
    (response) => {
      sockets.add(response.socket)
      setTimeout(() => reply(response, 200), 5)
    },
  ]
  const calls = callsOf()
  await Promise.all(Array.from({ length: 200 }, () => calls.keepAlive(call)))
  expect(sockets.size).toBe(64)
})
