import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { POST } from '#app/api/v1/flows/[flowId]/executions/route.ts'
import type { Services } from '#app/server/services.ts'
import { block, draw, hangUp, say, when } from '#flow/testing/draw.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Calls that programs start (feature T5): the route, a PostgreSQL, the bot and the emulator. */

const process = globalThis as typeof globalThis & { services?: Services }
const token = 'a-token-of-the-settings-0123456789abcdef'

let telephone: Telephone
let flowId: string
beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
  // Constant texts: what is spoken while the caller waits depends on how busy the machine is.
  const flow = draw({
    choose: when(
      { ours: 'trigger.data.order == "A 17" && trigger.data.count + 1.0 == 3.0' },
      { ours: 'right', else: 'bye' },
    ),
    right: say('Order A 17 it is.', { done: 'bye' }),
    bye: hangUp(),
  })
  const payload = [
    { name: 'order', type: 'text', required: true },
    { name: 'count', type: 'number', required: false },
  ]
  const incoming = block('incomingCall', { payload }, { next: 'choose' })
  const { tenantId } = telephone.identity
  const drawn = { ...flow, blocks: { ...flow.blocks, incoming } }
  flowId = (await telephone.store.flows.create(tenantId, { flow: drawn, by: 'ada' })).id
})
afterAll(() => telephone.close())

type Asked = { body?: unknown; key?: string; bearer?: string; flow?: string; settings?: object }

async function post({ body = { data: { order: '4711' } }, key, bearer, flow = flowId, settings = {} }: Asked = {}) {
  const { identity, emulatorUrl, store } = telephone
  // No more than this route asks for; the bot speaks what nobody has spoken before.
  process.services = {
    settings: { ...identity, local: { emulatorUrl }, apiToken: null, ...settings },
    store,
    speakerOf: () => ({ prepare: async () => {} }),
  } as unknown as Services
  const headers = {
    host: 'localhost:3000',
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  }
  const init = body instanceof ReadableStream ? { body, duplex: 'half' } : { body: JSON.stringify(body) }
  const request = new Request('http://localhost:3000/api/v1', { method: 'POST', headers, ...init } as RequestInit)
  const answer = await POST(request, { params: Promise.resolve({ flowId: flow }) })
  const { id, error } = (await answer.json()) as { id?: string; error?: { code: string; detail?: unknown } }
  const retryAfter = answer.headers.get('retry-after')
  return { status: answer.status, id: id ?? '', code: error?.code, detail: error?.detail, retryAfter }
}

/** An emulator that is there, and does this when it is dialled; until the test has ended. */
async function emulatorThat(answers: (response: ServerResponse) => void) {
  const server = createServer(({ url }, response) => (url === '/api/health' ? response.end() : answers(response)))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return { local: { emulatorUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }
}
const refuses = (response: ServerResponse) => response.writeHead(409).end('{"error":{"code":"busy"}}')

type Called = { id: string; from: { user?: { id: string } } }
const calls = () => telephone.control<Called[]>('GET', '/calls')
const rows = () => telephone.sql<{ id: string; tenant_id: string; at: Date }>('select * from executions order by at')

describe('a program', () => {
  it('starts a call that knows its payload, and finds it in Calls by the id that it was given', async () => {
    const { status, id } = await post({ body: { data: { order: 'A 17', count: 2 } } })
    expect(status).toBe(202)
    const { tenantId } = telephone.identity
    await vi.waitFor(async () => {
      const found = await telephone.store.calls.list(tenantId, { text: id.slice(0, 8) }, 10)
      expect(found).toMatchObject([{ flowId, test: true, state: 'ended' }])
    }, 25_000)
    const call = (await calls()).find(({ from }) => from.user?.id === id)
    const { transcript } = await telephone.control<{ transcript: object[] }>('GET', `/calls/${call?.id}`)
    expect(transcript).toContainEqual(expect.objectContaining({ kind: 'prompt', text: 'Order A 17 it is.' }))
  })

  it('starts one call for a key, however often and however fast it asks', async () => {
    const before = (await calls()).length
    const asked = await Promise.all(Array.from({ length: 10 }, () => post({ key: 'order-4711' })))
    const { id } = await post({ key: 'order-4711' })
    expect(id).toMatch(/^[\w-]{36}$/)
    expect(asked.filter(({ status }) => status === 202).map((one) => one.id)).toContain(id)
    for (const one of asked)
      expect([`202 ${id}`, '409 stillBeginning']).toContain(`${one.status} ${one.code ?? one.id}`)
    expect(await calls()).toHaveLength(before + 1)
    expect(await rows()).toMatchObject([{ id, tenant_id: telephone.identity.tenantId }])
    expect(JSON.stringify(await rows())).not.toContain('4711')
  })

  it('is refused the key of another request, and starts nothing', async () => {
    await post({ key: 'once' })
    const before = (await calls()).length
    expect(await post({ key: 'once', body: { data: { order: '4712' } } })).toMatchObject({
      status: 409,
      code: 'keyReused',
    })
    expect(await post({ key: 'once', flow: randomUUID() })).toMatchObject({ status: 409, code: 'keyReused' })
    expect(await calls()).toHaveLength(before)
  })

  it('may take a key again after a day, and each tenant has its own', async () => {
    const { id } = await post({ key: 'daily' })
    const tenantId = randomUUID()
    const other = { id: randomUUID(), flowId, key: 'digest', request: 'r' }
    expect(await telephone.store.executions.begin(tenantId, other)).toEqual({
      id: other.id,
      request: 'r',
      begun: false,
    })
    await telephone.store.executions.forget(tenantId, id)
    await telephone.sql(`update executions set at = at - interval '23 hours'`)
    expect((await post({ key: 'daily' })).id).toBe(id)
    await telephone.sql(`update executions set at = at - interval '2 hours'`)
    expect((await post({ key: 'daily' })).id).not.toBe(id)
    expect((await rows()).filter(({ tenant_id }) => tenant_id === telephone.identity.tenantId)).toHaveLength(1)
  })

  it.each<[string, Asked, object]>([
    ['no payload', { body: {} }, { status: 400, code: 'payload', detail: ['data.order: missing'] }],
    [
      'another payload',
      { body: { data: { order: 1, more: '' } } },
      { code: 'payload', detail: ['data.order: no text of an allowed length', 'data.more: not declared by the flow'] },
    ],
    ['no object', { body: [] }, { status: 400, code: 'badRequest' }],
    ['another member', { body: { data: {}, mode: 'call' } }, { status: 400, code: 'badRequest' }],
    ['a key that is too long', { key: 'x'.repeat(256) }, { status: 400, code: 'badKey' }],
    ['a flow that is not there', { flow: randomUUID() }, { status: 404, code: 'notFound' }],
    ['no id of a flow', { flow: 'none' }, { status: 404, code: 'notFound' }],
    [
      'an emulator that is away',
      { settings: { local: { emulatorUrl: 'http://127.0.0.1:1' } } },
      { status: 503, code: 'emulatorAway' },
    ],
  ])('is refused with %s, and the key is free', async (_, asked, refused) => {
    const before = [(await calls()).length, (await rows()).length]
    expect(await post({ key: 'again', ...asked })).toMatchObject(refused)
    expect([(await calls()).length, (await rows()).length]).toEqual(before)
  })
})

describe('a key whose call', () => {
  it('is still beginning tells no id, and is free once that was refused', async () => {
    let dialled: (response: ServerResponse) => void = () => {}
    const ringing = new Promise<ServerResponse>((resolve) => {
      dialled = resolve
    })
    const first = post({ key: 'slow', settings: await emulatorThat(dialled) })
    const response = await ringing
    const second = await post({ key: 'slow' })
    expect(second).toMatchObject({ status: 409, code: 'stillBeginning', retryAfter: '5', id: '' })
    refuses(response)
    expect(await first).toMatchObject({ status: 409, code: 'callRefused' })
    expect((await post({ key: 'slow' })).status).toBe(202)
  })

  it.each<[string, (response: ServerResponse) => void, number]>([
    ['the line breaks', (response) => response.destroy(), 503],
    ['the emulator fails', (response) => response.writeHead(500).end(), 503],
    ['nobody understands the answer', (response) => response.end('{}'), 500],
  ])('may have begun stays taken: %s', async (why, answers, status) => {
    const before = (await calls()).length
    const key = why.replaceAll(' ', '-')
    expect((await post({ key, settings: await emulatorThat(answers) })).status).toBe(status)
    expect(await post({ key })).toMatchObject({ status: 409, code: 'stillBeginning' })
    expect(await calls()).toHaveLength(before)
  })
})

describe('who may', () => {
  const server = { apiToken: token, local: null }
  /** A body that nobody may begin to read. */
  const unread = () => {
    const pull = vi.fn()
    return { pull, body: new ReadableStream({ pull }, { highWaterMark: 0 }) }
  }

  it.each<[string, Asked, number, string]>([
    ['nobody without a token', { settings: server }, 401, 'tokenNeeded'],
    ['nobody with another token', { settings: server, bearer: `${token}x` }, 401, 'tokenNeeded'],
    ['nobody where there is no token', { settings: { ...server, apiToken: null } }, 401, 'signInNeeded'],
    [
      'nobody with a wrong token on this machine',
      { settings: { apiToken: token }, bearer: 'wrong' },
      401,
      'tokenNeeded',
    ],
    [
      'whoever has the token, but a test call needs the emulator',
      { settings: server, bearer: token },
      403,
      'localOnly',
    ],
  ])('is %s; the body is not read for it', async (_, asked, status, code) => {
    const { pull, body } = unread()
    expect(await post({ ...asked, body })).toMatchObject({ status, code })
    expect(pull).not.toHaveBeenCalled()
  })

  it('is whoever is on this machine, and a program with the token there', async () => {
    expect((await post({ settings: { apiToken: token } })).status).toBe(202)
    expect((await post({ settings: { apiToken: token }, bearer: token })).status).toBe(202)
  })
})
