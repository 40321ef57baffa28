import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { buildConnector } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mostBodyBytes } from './body.ts'
import { OutboundError } from './error.ts'
import { type Outgoing, openRequester } from './requester.ts'
import { addressesInside, goodUrls, urlsInside } from './testing/addresses.ts'

type Serve = (request: IncomingMessage, response: ServerResponse, body: string) => void
let serve: Serve
/** What came in: `GET /path`, and the headers of the last. */
let seen: string[] = []
let lastHeaders: IncomingMessage['headers'] = {}
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    seen.push(`${request.method} ${request.headers.host}${request.url}`)
    lastHeaders = request.headers
    serve(request, response, body)
  })
})
let port = 0
let localServices: string[] = []
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  port = (server.address() as AddressInfo).port // TCP
  localServices = [`localhost:${port}`, `127.0.0.1:${port}`]
})
beforeEach(() => {
  serve = (_, response) => response.end('{"ok":true}')
  seen = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Whoever is allowed is led to the server of this spec: every connection that is made counts as a packet. */
function openCounting(answers: Record<string, string[][]> = {}) {
  let packets = 0
  const asked: string[] = []
  const connect = buildConnector({})
  const requester = openRequester({
    resolve: async (name) => {
      asked.push(name)
      const turns = answers[name] ?? [['93.184.216.34']]
      const now = turns.length > 1 ? turns.shift() : turns[0]
      return (now ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    },
    connectTo: () => (options, callback) => {
      packets += 1
      connect({ ...options, protocol: 'http:', hostname: '127.0.0.1', port: String(port) }, callback)
    },
  })
  return { requester, asked, packets: () => packets }
}

const get = (url: string, more: Partial<Outgoing> = {}): Outgoing => ({
  method: 'GET',
  url,
  headers: {},
  secretHeaders: {},
  body: null,
  timeoutMs: 5_000,
  retries: 0,
  redirectsTo: [],
  ...more,
})

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (error) => {
      if (error instanceof OutboundError) return `${error.code} ${error.reason}`
      throw error
    },
  )

describe('what may not be reached is refused before a packet (S5)', () => {
  it('by its address', async () => {
    const { requester, packets } = openCounting()
    for (const url of Object.values(urlsInside).flat())
      expect(await failure(requester.send(get(url)))).toMatch(/^blocked /)
    expect(packets()).toBe(0)
    await requester.close()
  })

  it('by what a name leads to, also when only one of its addresses is inside', async () => {
    const names = Object.fromEntries(
      addressesInside.flatMap((address, n) => [
        [`a${n}.example.com`, [[address]]],
        [`b${n}.example.com`, [['93.184.216.34', address]]],
      ]),
    )
    const { requester, packets } = openCounting({ ...names, 'none.example.com': [[]] })
    for (const name of [...Object.keys(names), 'none.example.com']) {
      expect(await failure(requester.send(get(`http://${name}/`)))).toBe('blocked address')
    }
    expect(packets()).toBe(0)
    await requester.close()
  })

  it('by a name that changes its answer: each connection is judged by its own', async () => {
    const { requester, packets, asked } = openCounting({ 'rebind.example.com': [['93.184.216.34'], ['127.0.0.1']] })
    serve = (_, response) => response.writeHead(200, { connection: 'close' }).end('1')
    expect((await requester.send(get('http://rebind.example.com/'))).status).toBe(200)
    expect(await failure(requester.send(get('http://rebind.example.com/')))).toBe('blocked address')
    expect([packets(), asked.length]).toEqual([1, 2])
    await requester.close()
  })

  it.each([
    ['http://169.254.169.254/latest/', 'blocked address'],
    ['http://[::1]/', 'blocked address'],
    ['http://localhost/', 'blocked name'],
    ['http://inside.example.com/', 'blocked otherHost'],
    ['ftp://good.example.com/', 'blocked scheme'],
    ['http://good.example.com:22/', 'blocked port'],
    ['http://user@good.example.com/', 'blocked userInfo'],
    ['http://other.example.com/', 'blocked otherHost'],
  ])('by a redirect to %s', async (location, expected) => {
    const { requester, packets } = openCounting({ 'inside.example.com': [['10.0.0.1']] })
    serve = (_, response) => response.writeHead(302, { location }).end()
    expect(await failure(requester.send(get('http://good.example.com/')))).toBe(expected)
    expect(packets()).toBe(1)
    await requester.close()
  })

  it('by an allowed host that leads inside', async () => {
    const { requester, packets } = openCounting({ 'inside.example.com': [['10.0.0.1']] })
    serve = (_, response) => response.writeHead(302, { location: 'http://inside.example.com/' }).end()
    const asked = get('http://good.example.com/', { redirectsTo: ['inside.example.com'] })
    expect([await failure(requester.send(asked)), packets()]).toEqual(['blocked address', 1])
    await requester.close()
  })
})

it.each(goodUrls.map((url) => url.replace(/^https:/, 'http:')))('%s is asked', async (url) => {
  const { requester, packets } = openCounting()
  expect((await requester.send(get(url))).body.toString()).toBe('{"ok":true}')
  expect(packets()).toBe(1)
  await requester.close()
})

describe('a service of this machine', () => {
  it('answers where it is named, over the usual way', async () => {
    const requester = openRequester({ localServices })
    expect((await requester.send(get(`http://localhost:${port}/a`))).status).toBe(200)
    expect((await requester.send(get(`http://127.0.0.1:${port}/b`))).status).toBe(200)
    await requester.close()
  })
  it('is out of reach where it is not', async () => {
    const requester = openRequester()
    expect(await failure(requester.send(get(`http://127.0.0.1:${port}/`)))).toBe('blocked address')
    expect(await failure(requester.send(get(`http://localhost:${port}/`)))).toBe('blocked name')
    expect(seen).toEqual([])
    await requester.close()
  })
  it('that is named leads nowhere else on it', async () => {
    const requester = openRequester({ localServices, resolve: async () => [{ address: '10.0.0.1', family: 4 }] })
    expect(await failure(requester.send(get(`http://localhost:${port}/`)))).toBe('blocked address')
    await requester.close()
  })
})

describe('a request', () => {
  const here = (path = '/', more: Partial<Outgoing> = {}) => get(`http://localhost:${port}${path}`, more)
  const send = async (outgoing: Outgoing, signal?: AbortSignal) => {
    const own = openRequester({ localServices })
    try {
      return await own.send(outgoing, signal)
    } finally {
      await own.close()
    }
  }

  it('is bounded in time, to the last byte', async () => {
    serve = (_, response) => response.write('{')
    expect(await failure(send(here('/', { timeoutMs: 200 })))).toBe('timeout time')
    serve = () => {}
    expect(await failure(send(here('/', { timeoutMs: 200 })))).toBe('timeout time')
  })

  it.each([
    ['plain', (bytes: Buffer) => bytes, {}],
    ['gzip', gzipSync, { 'content-encoding': 'gzip' }],
    ['brotli', brotliCompressSync, { 'content-encoding': 'br' }],
  ])('takes 1 MB and no more, %s', async (_, pack, headers) => {
    const answer = (bytes: number) =>
      (serve = (_, response) => response.writeHead(200, headers).end(pack(Buffer.alloc(bytes, 'a'))))
    answer(mostBodyBytes)
    expect((await send(here())).body.length).toBe(mostBodyBytes)
    answer(mostBodyBytes + 1)
    expect(await failure(send(here()))).toBe('tooLarge body')
  })

  it('does not unpack a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * mostBodyBytes))
    serve = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    const before = process.memoryUsage().rss
    expect(await failure(send(here()))).toBe('tooLarge body')
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * mostBodyBytes)
  })

  it('says what cannot be unpacked', async () => {
    serve = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('nonsense, nonsense')
    expect(await failure(send(here()))).toBe('badBody encoding')
    serve = (_, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('x')
    expect(await failure(send(here()))).toBe('badBody encoding')
  })

  it('says that nobody is there, or that the line broke', async () => {
    serve = (request) => request.socket.resetAndDestroy()
    expect(await failure(send(here()))).toMatch(/^network (ECONNRESET|UND_ERR_SOCKET)$/)
    const nobody = openRequester({ localServices: ['localhost:1'] })
    expect(await failure(nobody.send(get('http://localhost:1/')))).toBe('network ECONNREFUSED')
    await nobody.close()
  })

  it('keeps no cookies and sends none', async () => {
    serve = (_, response) => response.writeHead(200, { 'set-cookie': 'a=b' }).end('x')
    const own = openRequester({ localServices })
    expect((await own.send(here())).headers).not.toHaveProperty('set-cookie')
    await own.send(here('/', { headers: { cookie: 'x=y', host: 'evil.example.com', 'x-a': 'b' } }))
    expect(lastHeaders).toMatchObject({ host: `localhost:${port}`, 'x-a': 'b' })
    expect(lastHeaders).not.toHaveProperty('cookie')
    await own.close()
  })

  it('ends when nobody waits for it any more', async () => {
    const stop = new AbortController()
    serve = () => stop.abort()
    expect(await failure(send(here(), stop.signal))).toBe('aborted under way')
    expect(await failure(send(here(), stop.signal))).toBe('aborted before')
    expect(seen).toHaveLength(1)
  })

  it('is tried again only where that does no harm', async () => {
    serve = (_, response) => response.writeHead(seen.length < 3 ? 503 : 200).end('x')
    expect((await send(here('/', { retries: 2 }))).status).toBe(200)
    expect(seen).toHaveLength(3)
    seen = []
    expect((await send(here('/', { method: 'POST', body: '{}', retries: 2 }))).status).toBe(503)
    expect(seen).toHaveLength(1)
    seen = []
    serve = (request, response) => (seen.length < 2 ? request.socket.destroy() : response.end('x'))
    expect((await send(here('/', { method: 'PUT', body: '{}', retries: 1 }))).status).toBe(200)
    seen = []
    expect(await failure(send(here('/', { method: 'PATCH', body: '{}', retries: 1 })))).toMatch(/^network /)
    expect(seen).toHaveLength(1)
  })

  it('is tried again within its time only', async () => {
    serve = (_, response) => response.writeHead(503).end('x')
    expect(await failure(send(here('/', { retries: 9, timeoutMs: 600 })))).toBe('timeout time')
    await wait(50)
    expect(seen.length).toBeLessThan(4)
  })

  it('follows where its own host leads it, and tells another that is allowed no secret', async () => {
    serve = (request, response) =>
      request.url === '/old' ? response.writeHead(307, { location: '/new' }).end() : response.end('x')
    const headers = { authorization: 'Bearer secret', accept: 'application/json' }
    expect((await send(here('/old', { method: 'POST', body: '{"a":1}', headers }))).status).toBe(200)
    expect(seen).toEqual([`POST localhost:${port}/old`, `POST localhost:${port}/new`])
    expect(lastHeaders.authorization).toBe('Bearer secret')

    const other = `http://127.0.0.1:${port}/there`
    serve = (request, response) =>
      request.url === '/old' ? response.writeHead(302, { location: other }).end() : response.end('x')
    expect((await send(here('/old', { headers, redirectsTo: [`127.0.0.1:${port}`] }))).status).toBe(200)
    expect(lastHeaders).toMatchObject({ accept: 'application/json' })
    expect(lastHeaders).not.toHaveProperty('authorization')
  })

  it.each(['accept', 'content-type', 'x-api-key'])(
    'keeps a secret in %s to its own host, also when led back',
    async (name) => {
      const [home, other] = [`localhost:${port}`, `127.0.0.1:${port}`]
      const onward: Record<string, string> = {
        '/old': `http://${home}/new`,
        '/new': `http://${other}/b`,
        '/b': `http://${home}/c`,
      }
      const told: unknown[] = []
      serve = ({ url = '', headers }, response) => {
        told.push(headers[name])
        const location = onward[url]
        if (location) response.writeHead(307, { location }).end()
        else response.end('x')
      }
      const headers: Record<string, string> = name === 'accept' ? {} : { accept: 'application/json' }
      await send(here('/old', { headers, secretHeaders: { [name]: 'secret' }, redirectsTo: [other] }))
      expect(told).toEqual(['secret', 'secret', undefined, undefined])
    },
  )

  it('goes round in no circle', async () => {
    serve = (_, response) => response.writeHead(302, { location: '/' }).end()
    expect(await failure(send(here()))).toBe('blocked redirects')
    expect(seen).toHaveLength(6)
  })
})
