import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Notification } from '#communications/inbound/notifications.ts'
import { ProofError } from '#communications/inbound/proof.ts'
import { healthOf } from './health.ts'
import { buildServer } from './server.ts'
import { well } from './testing/standing.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** The server on a port, whose proof is the word "good". What it took is in `taken`. */
async function served(limits?: Parameters<typeof buildServer>[1], health = well) {
  const taken: Notification[] = []
  const verify = async (authorization: string | readonly string[] | undefined) => {
    const [value, second] = [authorization].flat()
    if (value === 'Bearer none') throw new ProofError('keysUnavailable')
    if (value !== 'Bearer good' || second !== undefined) throw new ProofError('malformed')
    return { tenantId: 'tenant', claims: {} }
  }
  const server = buildServer(
    {
      callsProof: { verify },
      liveCalls: { take: async (notification) => void taken.push(notification) },
      messages: { gate: async () => {}, handle: async (_request, reply) => reply.code(200).send() },
      audio: { get: async () => null },
      health: async () => healthOf(health),
      version: 'test',
    },
    limits,
  )
  await server.listen({ port: 0, host: '127.0.0.1' })
  closers.push(() => server.close())
  const { port } = server.server.address() as { port: number } // it listens on a port
  return { taken, port, server }
}

type Told = { counts?: Record<string, number>; err?: unknown }

/** What this server tells its log from here on. */
function logged({ log }: FastifyInstance): Told[] {
  const lines: Told[] = []
  for (const level of ['warn', 'error'] as const) {
    const spy = vi.spyOn(log, level).mockImplementation((what: unknown) => void lines.push(what as Told))
    onTestFinished(() => spy.mockRestore())
  }
  return lines
}

/**
 * What comes back for these bytes until the other side ends, and after how many milliseconds. `drip`: then these bytes, one every so
 * often, and each only when what has come is read: a write that fails throws away what is not.
 */
function say(port: number, text: string, drip?: { ms: number; bytes: string }) {
  return new Promise<{ heard: string; ms: number }>((resolve) => {
    const begun = performance.now()
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    const bytes = [...(drip?.bytes ?? '')]
    const next = () => socket.write(bytes.shift() ?? '')
    const dripping = setInterval(() => (bytes.length > 0 ? setImmediate(next) : clearInterval(dripping)), drip?.ms)
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(dripping)
      resolve({ heard, ms: performance.now() - begun })
    })
  })
}

const good = 'authorization: Bearer good\r\ncontent-type: application/json\r\n'
const post = (path: string, headers: string, body = '', length = Buffer.byteLength(body)) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}content-length: ${length}\r\n\r\n${body}`
const read = ({ heard }: { heard: string }) => ({
  status: Number(heard.slice(9, 12)),
  code: /"code":"(\w+)"/.exec(heard)?.[1],
})

const news = JSON.stringify({ value: [{ changeType: 'updated', resourceUrl: '/communications/calls/c' }] })

it('takes what Teams posts, with or without a query, in one piece or byte by byte', async () => {
  const { port, taken } = await served()
  expect(read(await say(port, post('/api/calls', good, news)))).toEqual({ status: 202, code: undefined })
  expect(read(await say(port, post('/api/calls?x=1', good.replace('json', 'json; charset=utf-8'), news))).status).toBe(
    202,
  )
  const slowly = post('/api/calls', good, '', news.length)
  expect(read(await say(port, slowly, { ms: 1, bytes: news })).status).toBe(202)
  expect(taken.map(({ callId }) => callId)).toEqual(['c', 'c', 'c'])
})

describe.each(['/api/calls', '/api/messages'])('%s', (path) => {
  it.each([
    ['JSON that is none', good, '{"', 400, 'notJson'],
    ['a poisoned prototype', good, '{"__proto__":{"x":1},"value":[]}', 400, 'notJson'],
    ['one in escapes', good, '{"\\u005f_proto__":{"x":1},"value":[]}', 400, 'notJson'],
    ['one deep inside', good, '{"value":[{"a":{"__proto__":null}}]}', 400, 'notJson'],
    ['a poisoned constructor', good, '{"constructor":{"prototype":{"x":1}}}', 400, 'notJson'],
    ['no body where JSON is said', good, '', 400, 'emptyBody'],
    ['another type', good.replace('json', 'xml'), '{}', 415, 'wrongType'],
    ['a type that only begins like it', good.replace('json', 'jsonp'), '{}', 415, 'wrongType'],
    ['no type', 'authorization: Bearer good\r\n', '{}', 415, 'wrongType'],
  ])('refuses %s in the form of all errors', async (_what, headers, body, status, code) => {
    const { port, taken } = await served()
    expect(read(await say(port, post(path, headers, body)))).toEqual({ status, code })
    expect(taken).toEqual([])
  })

  it('closes at once on a body that is too large, before and while it comes', async () => {
    const { port } = await served()
    const keep = (text: string) => text.replace('connection: close\r\n', '')
    const announced = await say(port, keep(post(path, good, '{', 3_000_000)))
    expect(read(announced)).toEqual({ status: 413, code: 'tooLarge' })
    const chunk = `80000\r\n${' '.repeat(0x80000)}\r\n`.repeat(5)
    const chunked = keep(post(path, good)).replace('content-length: 0', 'transfer-encoding: chunked') + chunk
    expect(read(await say(port, chunked))).toEqual({ status: 413, code: 'tooLarge' })
    expect(announced.ms).toBeLessThan(2_000)
  })

  it('ends a request that comes too slowly, also of a stranger', async () => {
    const { port } = await served({ requestTimeout: 200, connectionsCheckingInterval: 50 })
    const slow = (headers: string) => say(port, post(path, headers, '', 1_000), { ms: 20, bytes: ' '.repeat(1_000) })
    const [known, stranger, silent] = await Promise.all([slow(good), slow(''), say(port, 'POST /api')])
    expect(read(known)).toEqual({ status: 408, code: 'tooSlow' })
    expect(read(silent).status).toBe(408)
    for (const { ms } of [known, stranger]) expect(ms).toBeLessThan(2_000)
  })
})

describe('a stranger', () => {
  it.each([
    ['no token', '', 401, 'notProven'],
    ['a wrong one', 'authorization: Bearer bad\r\n', 401, 'notProven'],
    ['two', 'authorization: Bearer good\r\nAuthorization: Bearer good\r\n', 401, 'notProven'],
    ['a good one before keys are there', 'authorization: Bearer none\r\n', 503, 'noKeys'],
  ])('with %s is refused whatever the body is', async (_what, headers, status, code) => {
    const { port } = await served()
    expect(read(await say(port, post('/api/calls', headers, '{"')))).toEqual({ status, code })
    expect(read(await say(port, post('/api/calls', headers, '', 300_000)))).toEqual({ status, code })
  })

  it('who sends very many requests writes no line of the log for each', async () => {
    const { port, server } = await served()
    const lines = logged(server)
    await Promise.all(Array.from({ length: 50 }, () => say(port, post('/api/calls', '', news))))
    const refused = () => lines.reduce((sum, { counts }) => sum + (counts?.malformed ?? 0), 0)
    await vi.waitFor(() => expect(refused()).toBe(50), 3_000)
    expect(lines.length).toBeLessThan(5)
  })
})

it('takes the roster of a meeting of 1,000 people, each with four streams (B14)', async () => {
  const streams = ['audio', 'video', 'videoBasedScreenSharing', 'data'].map((mediaType, n) => {
    return { mediaType, label: `main-${mediaType}`, sourceId: String(n), direction: 'sendReceive', serverMuted: false }
  })
  const people = Array.from({ length: 1_000 }, (_, n) => ({
    '@odata.type': '#microsoft.graph.participant',
    id: `f1f53b83-c5a8-4969-a4d4-1d50ca69${String(n).padStart(4, '0')}`,
    info: {
      identity: {
        user: { id: `55e1eefa-b7d5-4ec6-bcb2-71a6c55f${String(n).padStart(4, '0')}`, displayName: 'x'.repeat(100) },
      },
      region: 'emea',
      languageId: 'en-US',
    },
    mediaStreams: streams,
    metadata: 'x'.repeat(300),
    isInLobby: false,
  }))
  const value = [{ changeType: 'updated', resourceUrl: '/communications/calls/c/participants', resourceData: people }]
  const body = JSON.stringify({ value })
  expect(body.length).toBeGreaterThan(900_000)
  const { port, taken } = await served()
  expect(read(await say(port, post('/api/calls', good, body)))).toEqual({ status: 202, code: undefined })
  expect(taken).toMatchObject([{ resource: 'participants' }])
})

it('holds no more than 32 MB of what is arriving, sends further ones away, and takes them again afterwards', async () => {
  const { port } = await served()
  const head = post('/api/calls', good, '', 2_000_000)
  // 24 bodies that have all come but for their last byte.
  const sockets = Array.from({ length: 24 }, () => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.write(head + ' '.repeat(1_999_999))
    return { socket, heard: () => read({ heard: heard || 'HTTP/1.1 000' }) }
  })
  const busy = () => sockets.filter(({ heard }) => heard().code === 'busy').length
  await vi.waitFor(() => expect(busy()).toBeGreaterThanOrEqual(7), 10_000)
  expect(busy()).toBeLessThan(12)
  for (const { socket } of sockets) socket.destroy()
  await vi.waitFor(async () => expect(read(await say(port, post('/api/calls', good, news))).status).toBe(202), 5_000)
})

it('takes nothing of somebody who goes before the end of what was said, and answers nobody who has gone', async () => {
  const { port, taken } = await served()
  const chunked = post('/api/calls', good, '').replace('content-length: 0', 'transfer-encoding: chunked')
  const socket = connect(port, '127.0.0.1')
  socket.write(`${chunked}${news.length.toString(16)}\r\n${news}\r\n`)
  await new Promise((done) => setTimeout(done, 50))
  socket.destroy()
  await new Promise((done) => setTimeout(done, 50))
  expect(taken).toEqual([])
  expect(read(await say(port, `${chunked}${news.length.toString(16)}\r\n${news}\r\n0\r\n\r\n`)).status).toBe(202)
  expect(taken).toHaveLength(1)
})

it('says to those who start bots that it lives, and whether calls may come and why not', async () => {
  const ask = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  const fine = await served()
  for (const path of ['/livez', '/readyz', '/api/health']) expect((await ask(fine.port, path)).status).toBe(200)
  const without = await served(undefined, { ...well, keys: false })
  expect((await ask(without.port, '/livez')).status).toBe(200)
  for (const path of ['/readyz', '/api/health']) {
    const answer = await ask(without.port, path)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toMatchObject({ name: 'bot', ready: false, ok: false, problems: [{ code: 'noKeys' }] })
  }
})

it('tells strangers no more of itself than that: not how many are calling', async () => {
  const { port } = await served()
  for (const path of ['/livez', '/readyz', '/api/health']) {
    const answer = (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as object
    const told = ['name', 'live', 'version', 'ready', 'ok', 'problems']
    expect(Object.keys(answer).filter((name) => !told.includes(name))).toEqual([])
  }
})

it('says with every 503 when to come again', async () => {
  const { port } = await served()
  const { heard } = await say(port, post('/api/calls', 'authorization: Bearer none\r\n', news))
  expect(heard).toMatch(/\r\nretry-after: 5\r\n/i)
})

it('says in the same form what the framework and the parser refuse', async () => {
  const { port } = await served()
  const get = (path: string) => say(port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  expect(read(await get('/prompts/%ff.wav'))).toEqual({ status: 400, code: 'badAddress' })
  expect(read(await get(`/prompts/${'x'.repeat(200)}.wav`))).toEqual({ status: 414, code: 'addressTooLong' })
  expect(read(await get('/nothing'))).toEqual({ status: 404, code: 'notFound' })
  expect(read(await say(port, 'no request\r\n\r\n'))).toEqual({ status: 400, code: 'badRequest' })
  expect(read(await say(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`))).toEqual({
    status: 431,
    code: 'headersTooLarge',
  })
})

it('sends everybody away while it is being closed', async () => {
  const { port, server, taken } = await served()
  const kept = connect(port, '127.0.0.1')
  const answers: string[] = []
  kept.on('data', (chunk) => answers.push(chunk.toString('latin1')))
  const next = () => new Promise((done) => kept.once('data', done))
  kept.write(post('/api/calls', good, news).replace('connection: close\r\n', ''))
  await next()
  // A request that is still arriving keeps the connection open.
  const late = post('/api/calls', good, news)
  kept.write(late.slice(0, 20))
  await new Promise((done) => setTimeout(done, 50))
  const closed = server.close()
  kept.write(late.slice(20))
  await next()
  await closed
  expect(read({ heard: answers[1] ?? '' })).toEqual({ status: 503, code: 'closing' })
  expect(taken).toHaveLength(1)
})
