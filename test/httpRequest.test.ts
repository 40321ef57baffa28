import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { block, draw, hangUp, say } from '#flow/testing/draw.ts'
import type { Value } from '#flow/values.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Flows that ask a service: the whole bot, the emulator, a database, and a service of this machine that does as it is told. */

type Serve = (response: ServerResponse, request: IncomingMessage) => void
let serve: Serve
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string; closed: boolean }[] = []
const service = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body, closed: false }
    seen.push(one)
    response.on('close', () => {
      one.closed = !response.writableFinished
    })
    serve(response, request)
  })
})

const canary = `canary-${randomBytes(9).toString('hex')}`
let telephone: Telephone
let host = ''

beforeAll(async () => {
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
  host = `localhost:${(service.address() as AddressInfo).port}` // TCP
  telephone = await openTelephone(
    inject('postgresUrl'),
    {},
    {
      LOCAL_SERVICES: `${host},localhost:1`,
      DATA_KEY: randomBytes(32).toString('base64'),
      FLOW_SECRET_fromEnvironment: `${canary}-env`,
      FLOW_HOSTS_fromEnvironment: host,
      FLOW_SECRET_unbound: `${canary}-env`,
      FLOW_VALUE_base: `http://${host}`,
    },
  )
  const { store, identity } = telephone
  const set = (name: string, kind: 'secret' | 'value', text: string) =>
    store.namedValues.set(identity.tenantId, { name, kind, text, hosts: kind === 'secret' ? [host] : [], by: 'ada' })
  await set('crmToken', 'secret', canary)
  await set('path', 'value', 'tickets of all')
})
afterAll(async () => {
  await telephone.close()
  service.closeAllConnections()
  service.close()
})
beforeEach(() => {
  seen = []
  serve = json(200, { ticket: { state: 'open' } })
})

const json =
  (status: number, body: unknown): Serve =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const links = {
  '2xx': 'ok',
  '404': 'none',
  other: 'odd',
  timeout: 'late',
  network: 'away',
  badBody: 'bad',
  error: 'fault',
}
const variables: Flow['variables'] = { state: { type: 'text', initial: '' }, n: { type: 'number', initial: 0 } }

const flowOf = (more: Record<string, Value> = {}, rest: Partial<Flow> = {}): Flow =>
  draw(
    {
      ask: block(
        'httpRequest',
        {
          url: '${env.base}/tickets/${called.phone}',
          statuses: ['2xx', '404'],
          map: [{ variable: 'state', value: 'response.body.ticket.state' }],
          filler: 'Please wait.',
          timeoutSeconds: 1,
          ...more,
        },
        links,
      ),
      ...Object.fromEntries(Object.values(links).map((id) => [id, say(`It was ${id}.`, { done: 'bye' })])),
      bye: hangUp(),
    },
    { variables, ...rest },
  )

async function dial(flow: Flow) {
  const id = randomUUID()
  const { flowId } = await telephone.publish({ ...flow, name: id })
  await telephone.store.routes.set(telephone.identity.tenantId, flowId, id)
  return telephone.dial({ to: { applicationInstance: { id } } })
}

const stepOf = ({ steps }: Awaited<ReturnType<Awaited<ReturnType<typeof dial>>['history']>>, id = 'ask') =>
  steps.find(({ block, event }) => block === id && event !== 'entered')

describe('each way out of an HTTP request is taken', () => {
  const elsewhere: Serve = (response) => response.writeHead(302, { location: 'http://localhost:1/' }).end()
  const tooLarge: Serve = (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(1_048_576)}"`)
  it.each<[string, string, Serve, Record<string, Value>, unknown]>([
    ['200', '2xx', json(200, { ticket: { state: 'open' } }), {}, { status: 200 }],
    ['404', '404', json(404, {}), {}, { status: 404 }],
    ['500', 'other', json(500, {}), {}, { status: 500 }],
    ['a service that hangs', 'timeout', () => {}, {}, { problem: 'timeout' }],
    [
      'one that stops in the middle',
      'timeout',
      (response) => response.writeHead(200).write('{'),
      {},
      { problem: 'timeout' },
    ],
    ['one that is not there', 'network', () => {}, { url: 'http://localhost:1/' }, { problem: 'ECONNREFUSED' }],
    ['a line that breaks', 'network', (_, request) => request.socket.resetAndDestroy(), {}, {}],
    [
      'an address inside',
      'network',
      () => {},
      { url: 'http://169.254.169.254/latest/' },
      { problem: 'blocked/address' },
    ],
    ['a redirect to another host', 'network', elsewhere, {}, { problem: 'blocked/otherHost' }],
    [
      'nonsense',
      'badBody',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<p>'),
      {},
      { problem: 'noJson' },
    ],
    ['another content type', 'badBody', (response) => response.end('{}'), {}, { problem: 'contentType' }],
    ['an answer of 1 MB and a byte', 'badBody', tooLarge, {}, { problem: 'tooLarge' }],
    ['an answer that lacks what is wanted', 'badBody', json(200, {}), {}, { problem: 'expressionFailed' }],
    [
      'a secret that there is not',
      'error',
      () => {},
      { auth: 'bearer', secret: 'nobodys' },
      { problem: 'secretMissing' },
    ],
    [
      'a secret for a host that it may not go to',
      'network',
      () => {},
      { auth: 'bearer', secret: 'crmToken', url: 'http://localhost:1/' },
      { problem: 'blocked/secretHost' },
    ],
    [
      'a secret of the environment that may go nowhere',
      'network',
      () => {},
      { auth: 'bearer', secret: 'unbound' },
      { problem: 'blocked/secretHost' },
    ],
    [
      'a secret in the open',
      'network',
      () => {},
      { auth: 'bearer', secret: 'crmToken', url: 'http://crm.example.com/' },
      { problem: 'blocked/secretOpen' },
    ],
  ])('%s: %s', async (_, exit, behaviour, more, detail) => {
    serve = behaviour
    const call = await dial(flowOf(more))
    await call.hears(`It was ${links[exit as keyof typeof links]}.`)
    await call.ends()
    const step = stepOf(await call.history())
    expect([step?.exit, step?.detail]).toEqual([exit, expect.objectContaining(detail)])
  })
})

it('asks by values of the environment, and of the process', async () => {
  const call = await dial(
    flowOf({ url: '${env.base}/${env.path}', method: 'POST', bodyKind: 'json', json: '{"n": ${n}}' }),
  )
  await call.hears('It was ok.')
  expect(seen).toMatchObject([{ method: 'POST', url: '/tickets%20of%20all', body: '{"n":0}' }])
  await call.ends()
})

it.each([
  ['bearer', { secret: 'crmToken' }, 'authorization', `Bearer ${canary}`],
  ['basic', { secret: 'crmToken', user: 'bot' }, 'authorization', `Basic ${btoa(`bot:${canary}`)}`],
  ['header', { secret: 'fromEnvironment', secretHeader: 'X-Api-Key' }, 'x-api-key', `${canary}-env`],
])('signs in with a secret that nobody else gets to see (%s)', async (auth, more, header, expected) => {
  // It comes back, as careless services do: what is not taken of an answer goes nowhere.
  serve = (response, request) => json(200, { ticket: { state: 'open' }, echo: request.headers })(response, request)
  const call = await dial(flowOf({ auth, ...more }))
  await call.hears('It was ok.')
  await call.ends()
  expect(seen[0]?.headers[header]).toBe(expected)
  await call.history()
  const sql = new pg.Client({ connectionString: telephone.databaseUrl })
  await sql.connect()
  const { rows: tables } = await sql.query(`select tablename from pg_tables where schemaname = 'public'`)
  let dump = ''
  for (const { tablename } of tables) {
    const { rows } = await sql.query(
      `select t::text as row, encode(t::text::bytea, 'escape') as raw from "${tablename}" t`,
    )
    dump += JSON.stringify(rows)
  }
  await sql.end()
  expect(dump.length).toBeGreaterThan(1_000)
  expect(dump).toContain('crmToken')
  const forms = [
    canary,
    btoa(`bot:${canary}`),
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64'),
  ]
  expect(forms.filter((form) => dump.includes(form))).toEqual([])
  const emulated = JSON.stringify(await telephone.requests())
  expect(forms.filter((form) => emulated.includes(form))).toEqual([])
})

it('hears of a secret at once that was set or replaced', async () => {
  const { store, identity } = telephone
  const flow = flowOf({ auth: 'bearer', secret: 'new' })
  for (const text of ['first', 'second']) {
    await store.namedValues.set(identity.tenantId, { name: 'new', kind: 'secret', text, hosts: [host], by: 'ada' })
    await vi.waitFor(async () => {
      const call = await dial(flow)
      await call.hears('It was ok.')
      await call.ends()
      expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${text}`)
    })
  }
})

it('bridges a slow service with the filler, from its delay until the answer', async () => {
  let answer = () => {}
  const asked = new Promise<number>((resolve) => {
    serve = (response, request) => {
      answer = () => json(200, { ticket: { state: 'open' } })(response, request)
      resolve(performance.now())
    }
  })
  const call = await dial(flowOf({ timeoutSeconds: 20, fillerSeconds: 1 }))
  const begun = await asked
  await call.hears('Please wait.')
  const first = performance.now() - begun
  expect(first).toBeGreaterThan(900)
  expect(first).toBeLessThan(2_500)
  await call.hears('Please wait.')
  answer()
  await call.hears('It was ok.')
  await call.ends()
  const heard = (await call.transcript()).flatMap((entry) => (entry.kind === 'prompt' ? [entry.text] : []))
  expect(heard.at(-1)).toBe('It was ok.')
  expect(heard.slice(0, -1).every((text) => text === 'Please wait.')).toBe(true)
})

it('lets a service be when its caller hangs up, and drops what it answers then', async () => {
  let late = () => {}
  serve = (response, request) => {
    late = () => json(200, { ticket: { state: 'open' } })(response, request)
  }
  const call = await dial(flowOf({ timeoutSeconds: 20 }))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  await call.hangsUp()
  await call.ends()
  await vi.waitFor(() => expect(seen[0]?.closed).toBe(true))
  late()
  const history = await call.history()
  expect([history.outcome, stepOf(history)?.exit]).toEqual(['callerHungUp', 'hangup'])
})

it('tells a service of a caller who has left, on the hang-up path, and the call came out as it did', async () => {
  const flow = draw(
    {
      hello: say('Hello.', { done: 'hold' }),
      hold: block('wait', { seconds: 60 }, { done: 'bye' }),
      bye: hangUp(),
      tell: block(
        'httpRequest',
        { url: '${env.base}/left', method: 'POST', filler: 'Wait.' },
        { '2xx': 'end', network: 'end' },
      ),
      end: hangUp(),
    },
    { onHangUp: 'tell' },
  )
  let answer = () => {}
  serve = (response, request) => {
    answer = () => json(201, {})(response, request)
  }
  const call = await dial(flow)
  await call.hears('Hello.')
  await call.hangsUp()
  await call.ends()
  await vi.waitFor(() => expect(seen).toMatchObject([{ method: 'POST', url: '/left' }]))
  answer()
  const history = await call.history()
  expect(history).toMatchObject({ outcome: 'callerHungUp', endCode: 200 })
  expect(stepOf(history, 'tell')).toMatchObject({ exit: '2xx', detail: { status: 201 } })
  expect(telephone.liveCalls.count).toBe(0)
})
