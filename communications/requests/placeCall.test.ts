import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realClock } from '#ground/clock.ts'
import { GraphError } from '../road/error.ts'
import { manualClock } from '../testing/manualClock.ts'
import { reply, serve } from '../testing/server.ts'
import { type Calls, createCalls } from './calls.ts'
import { type CallToPlace, createPlacer, type Placer } from './placeCall.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const someone = (id: string): CallToPlace => ({ tenantId, targets: [{ user: { id } }] })

/** What Graph does with a request to call somebody. `late` calls and sends no callback by itself. */
type Fate = 'well' | 'calledAndCut' | 'cut' | 'late' | 'called500' | 'refused' | 'calledAndGarbled'

let fates: Fate[]
let called: { person: string; id: string; secret: string }[]
let hungUp: string[]
let callbacks: number
let graph: Awaited<ReturnType<typeof serve>>
let calls: Calls
let clock: ReturnType<typeof manualClock>
let placer: Placer

beforeEach(async () => {
  fates = []
  called = []
  hungUp = []
  callbacks = 0
  graph = await serve(({ method, path, body }, response) => {
    if (method === 'DELETE') {
      hungUp.push(path.split('/').at(-1) ?? '')
      return reply(response, 204)
    }
    dial(fates.shift() ?? 'well', JSON.parse(body), response)
  })
  calls = createCalls({ tokens: { forTenant: async () => 'token' }, graphUrl: graph.url })
  clock = manualClock()
  placer = createPlacer({ calls, callbackUriFor: (secret) => `https://bot.contoso.com/calls/${secret}`, clock })
})
afterEach(async () => {
  await calls.close()
  await graph.close()
})

function dial(
  fate: Fate,
  body: { callbackUri: string; targets: { identity: { user: { id: string } } }[] },
  response: ServerResponse,
) {
  const one = {
    person: body.targets[0]?.identity.user.id ?? '',
    id: crypto.randomUUID(),
    secret: body.callbackUri.split('/').at(-1) ?? '',
  }
  if (fate !== 'cut' && fate !== 'refused') called.push(one)
  if (fate.startsWith('called')) {
    setTimeout(() => {
      placer.heard(one.secret, one.id)
      callbacks += 1
    }, 20)
  }
  if (fate === 'well') return reply(response, 201, { id: one.id, state: 'establishing' })
  if (fate === 'refused') return reply(response, 403, { error: { code: '7504', message: '' } })
  if (fate === 'called500') return reply(response, 500, { error: { code: 'InternalServerError', message: '' } })
  if (fate === 'calledAndGarbled') return reply(response, 201, [])
  response.destroy()
}

const often = { interval: 5, timeout: 50_000 }
/** The placer is waiting for a callback now. */
const inSilence = () => expect.poll(() => clock.waiting(), often).toBe(1)

it('a call that is answered for is placed by one request', async () => {
  const placed = await placer.place(someone('a'))
  expect(placed).toMatchObject({ outcome: 'placed', call: { id: called[0]?.id }, attempts: 1 })
  expect(placer.heard(called[0]?.secret ?? '', called[0]?.id ?? '')).toBe('current')
})

it.each(['calledAndCut', 'called500', 'calledAndGarbled'] as const)(
  'when the answer is lost (%s), its callback shows that the call was made',
  async (fate) => {
    fates = [fate]
    const placed = await placer.place(someone('a'))
    expect(placed).toMatchObject({ outcome: 'placed', call: { id: called[0]?.id }, attempts: 1 })
    expect(called).toHaveLength(1)
  },
)

describe('without an answer and a callback', () => {
  it('nothing is repeated for 30 s, then once, at another secret address', async () => {
    fates = ['cut', 'well']
    const placing = placer.place(someone('a'))
    await inSilence()
    await clock.pass(29_999)
    expect(graph.heard).toHaveLength(1)
    await clock.pass(1)
    expect(await placing).toMatchObject({ outcome: 'placed', attempts: 2 })
    const addresses = graph.heard.map(({ body }) => JSON.parse(body).callbackUri)
    expect(new Set(addresses).size).toBe(2)
    for (const address of addresses) {
      expect(address).toMatch(/\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('a second time it is reported as unknown, and never tried again', async () => {
    fates = ['cut', 'late']
    const placing = placer.place(someone('a'))
    await inSilence()
    await clock.pass(30_000)
    await inSilence()
    await clock.pass(30_000)
    expect(await placing).toMatchObject({ outcome: 'unknown', attempts: 2, error: { code: 'unreachable' } })
    await clock.pass(600_000)
    expect(graph.heard).toHaveLength(2)
    expect(placer.heard(called[0]?.secret ?? '', called[0]?.id ?? '')).toBe('late')
    expect(hungUp).toEqual([])
  })

  it('a signal ends the waiting, and what came of the call stays unknown', async () => {
    fates = ['late']
    const stop = new AbortController()
    const placing = placer.place(someone('a'), { signal: stop.signal })
    await inSilence()
    stop.abort()
    expect(await placing).toMatchObject({ outcome: 'unknown', attempts: 1 })
    expect(graph.heard).toHaveLength(1)
  })
})

it('a callback that comes after the repeat is of a call that nobody wants, which is hung up once', async () => {
  fates = ['late', 'well']
  const placing = placer.place(someone('a'))
  await inSilence()
  await clock.pass(30_000)
  const placed = await placing
  const [first, second] = called
  expect(placer.heard(first?.secret ?? '', first?.id ?? '')).toBe('superseded')
  expect(placer.heard(first?.secret ?? '', first?.id ?? '')).toBe('superseded')
  await expect.poll(() => hungUp, often).toEqual([first?.id])
  expect(placed).toMatchObject({ outcome: 'placed', call: { id: second?.id } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(hungUp).toHaveLength(1)
})

it('a refusal is certain: it is thrown at once', async () => {
  fates = ['refused']
  await expect(placer.place(someone('a'))).rejects.toBeInstanceOf(GraphError)
  expect(graph.heard).toHaveLength(1)
  expect(clock.waiting()).toBe(0)
})

describe('a second attempt that surely called nobody', () => {
  it('says nothing about the first, which may ring: the outcome is unknown', async () => {
    fates = ['late', 'refused']
    const placing = placer.place(someone('a'))
    await inSilence()
    await clock.pass(30_000)
    expect(await placing).toMatchObject({ outcome: 'unknown', attempts: 2, error: { status: 403 } })
    // Nothing took the place of the first: it is not hung up, but told.
    expect(placer.heard(called[0]?.secret ?? '', called[0]?.id ?? '')).toBe('late')
    expect(hungUp).toEqual([])
    expect(clock.waiting()).toBe(0)
  })
})

it('a Graph that cannot be reached has surely called nobody: it is thrown without a wait for callbacks', async () => {
  const away = createCalls({
    tokens: { forTenant: async () => 'token' },
    graphUrl: 'http://127.0.0.1:1',
    // Between its tries it need not wait: that is retry.test.ts's subject.
    clock: { now: Date.now, after: (_ms, act) => realClock.after(0, act) },
  })
  const impatient = createPlacer({
    calls: away,
    callbackUriFor: (secret) => `https://bot.contoso.com/${secret}`,
    clock,
  })
  await expect(impatient.place(someone('a'))).rejects.toMatchObject({ code: 'unreachable', neverSent: true })
  expect(clock.waiting()).toBe(0)
  await away.close()
})

it('a secret of nobody is a stranger', () => {
  expect(placer.heard(crypto.randomUUID(), 'call')).toBe('stranger')
})

it('an address without the secret is refused, since no callback could be told from another', async () => {
  const careless = createPlacer({ calls, callbackUriFor: () => 'https://bot.contoso.com/calls' })
  await expect(careless.place(someone('a'))).rejects.toThrow(TypeError)
})

it('of 300 people whose answers are lost at random, nobody is called twice, and nearly all are called', async () => {
  const kinds: Fate[] = ['well', 'calledAndCut', 'cut', 'called500', 'calledAndGarbled']
  fates = Array.from({ length: 300 }, (_, number) => kinds[number % kinds.length] ?? 'well')
  const placing = Promise.all(Array.from({ length: 300 }, (_, number) => placer.place(someone(`person-${number}`))))
  // All are heard and called back; those that were cut before anybody was called are left.
  const stand = () => [graph.heard.length, callbacks, clock.waiting()]
  await expect.poll(stand, often).toEqual([300, 180, 60])
  await clock.pass(30_000)
  const placed = await placing
  expect(placed.filter(({ outcome }) => outcome === 'placed')).toHaveLength(300)
  expect(new Set(called.map(({ person }) => person)).size).toBe(300)
  expect(called).toHaveLength(300)
}, 60_000)
