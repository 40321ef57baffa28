import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { serve } from '../testing/server.ts'
import { openTransport, type RoundTrip, RoundTripError } from './http.ts'

/** Requests over sockets: their limits, and what is known of one that failed. */

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** A server, and a way to it over one connection. `heard` are the paths that it was asked for; `/held` waits for `give`. */
async function lineTo(act: (response: ServerResponse, path: string) => void) {
  const heard: string[] = []
  let give = () => {}
  const server = await serve(({ path }, response) => {
    heard.push(path)
    if (path === '/held') give = () => void response.end('{}')
    else act(response, path)
  })
  const { transport, longestWaitMs, close } = openTransport(undefined, { connections: 1, pipelining: 1 })
  open.push(server, { close: () => Promise.race([close().catch(() => {}), wait(50)]) })
  const get = (path: string, more: Partial<RoundTrip> = {}) =>
    transport(`${server.url}${path}`, { method: 'GET', timeoutMs: 5_000, maxBytes: 1_000, ...more })
  const errorOf = async (trip: Promise<unknown>) => {
    const error = await trip.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(RoundTripError)
    return error as RoundTripError // as just checked
  }
  /** The server has it. */
  const hears = (path: string) => expect.poll(() => heard, { interval: 5 }).toContain(path)
  return { heard, hears, get, errorOf, longestWaitMs, close, give: () => give() }
}

const hang = () => {}
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

describe('a time-out', () => {
  it('is of the whole answer, and leaves open whether the request was carried out', async () => {
    const { get, errorOf } = await lineTo((response) => response.writeHead(200).write('{'))
    const begun = performance.now()
    expect(await errorOf(get('/', { timeoutMs: 150 }))).toMatchObject({ code: 'timeout', neverSent: false })
    expect(performance.now() - begun).toBeGreaterThanOrEqual(150)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('of one that waited for a connection in vain is told as never sent, and it never is', async () => {
    const { get, errorOf, heard, give } = await lineTo((response) => response.end('{}'))
    const first = get('/held')
    expect(await errorOf(get('/second', { timeoutMs: 100 }))).toMatchObject({ code: 'timeout', neverSent: true })
    give()
    expect(await first).toMatchObject({ status: 200, text: '{}' })
    expect(await get('/third')).toMatchObject({ status: 200 })
    expect(heard).toEqual(['/held', '/third'])
  })
})

describe('what waits for a connection', () => {
  it('is known by how long the oldest has waited', async () => {
    const { get, hears, longestWaitMs, give } = await lineTo(hang)
    expect(longestWaitMs()).toBe(0)
    const first = get('/held')
    await hears('/held')
    expect(longestWaitMs()).toBe(0)
    const stop = new AbortController()
    const second = get('/second', { signal: stop.signal }).catch(() => {})
    await wait(100)
    const third = get('/third', { signal: stop.signal }).catch(() => {})
    await wait(50)
    expect(longestWaitMs()).toBeGreaterThanOrEqual(149)
    give()
    await first
    await hears('/second')
    // Now the third is the oldest, and younger than the second was.
    expect(longestWaitMs()).toBeGreaterThanOrEqual(49)
    stop.abort()
    await Promise.all([second, third])
    expect(longestWaitMs()).toBe(0)
  })
})

describe('a signal', () => {
  it.each([
    ['before', true],
    ['while it waits for a connection', true],
    ['while it is answered', false],
  ])('%s: that it was never sent is %s', async (when, neverSent) => {
    const { get, errorOf, hears } = await lineTo(hang)
    const stop = new AbortController()
    if (when === 'before') stop.abort()
    if (when.includes('waits')) void get('/first', { timeoutMs: 300 }).catch(() => {})
    const failed = errorOf(get('/', { signal: stop.signal }))
    if (when.includes('waits')) await hears('/first')
    if (when.includes('answered')) await hears('/')
    stop.abort('enough')
    expect(await failed).toMatchObject({ code: 'aborted', neverSent, cause: expect.anything() })
  })
})

describe('until', () => {
  it('keeps one that waits for a connection from being sent, and keeps the connection', async () => {
    const ports: unknown[] = []
    const { get, errorOf, heard, hears, give } = await lineTo((response) => {
      ports.push(response.socket?.remotePort)
      response.end('{}')
    })
    await get('/before')
    const stop = new AbortController()
    const first = get('/held', { until: stop.signal })
    const second = errorOf(get('/second', { until: stop.signal }))
    await hears('/held')
    stop.abort('enough')
    give()
    // What is sent already is let be.
    expect(await first).toMatchObject({ status: 200 })
    expect(await second).toMatchObject({ code: 'aborted', neverSent: true, cause: 'enough' })
    await get('/after')
    expect(heard).toEqual(['/before', '/held', '/after'])
    expect(new Set(ports).size).toBe(1)
  })
})

it('an answer in pieces is read as one, to the last letter', async () => {
  const letters = Buffer.from('"Zürich 東京 🎈"')
  const { get } = await lineTo((response) => {
    response.writeHead(200, { 'X-Word': ['first', 'second'] })
    let sent = 0
    const next = () => {
      if (sent === letters.length) return response.end()
      response.write(letters.subarray(sent, sent + 1))
      sent += 1
      setImmediate(next)
    }
    next()
  })
  const { text, headers } = await get('/')
  expect(text).toBe('"Zürich 東京 🎈"')
  expect(headers['x-word']).toMatch(/^first/)
})

it('one that is larger than allowed is not read to its end', async () => {
  const { get, errorOf } = await lineTo((response) => response.end('x'.repeat(2_000)))
  expect(await errorOf(get('/'))).toMatchObject({ code: 'answerTooLarge', neverSent: false })
})

it.each([
  ["/a?$filter=name eq 'b'", '/a?$filter=name%20eq%20%27b%27'],
  ['/a/../b/./c', '/b/c'],
  ['/a/é#part', '/a/%C3%A9'],
  ['/v1.0/communications/calls/1-2_3/answer', '/v1.0/communications/calls/1-2_3/answer'],
])('the address %s is asked for as %s', async (path, asked) => {
  const { get, heard } = await lineTo((response) => response.end())
  await get(path)
  expect(heard).toEqual([asked])
})

it('a header that cannot be sent fails the request, and nothing else', async () => {
  const { get, errorOf } = await lineTo((response) => response.end('{}'))
  expect(await errorOf(get('/', { headers: { a: 'b\nc' } }))).toMatchObject({ code: 'unreachable', neverSent: true })
  expect(await get('/')).toMatchObject({ status: 200 })
})

it('nothing is sent by a client that is closed, and nothing is worth another try', async () => {
  const { get, errorOf, heard, close } = await lineTo((response) => response.end('{}'))
  await get('/')
  await close()
  expect(await errorOf(get('/late'))).toMatchObject({ code: 'aborted', neverSent: true })
  expect(heard).toEqual(['/'])
})
