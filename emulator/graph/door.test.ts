import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildEmulator } from '../emulator.ts'
import { startLine, testApp } from '../testing/testLine.ts'

const line = await startLine()
afterAll(() => line.close())

const long = 'x'.repeat(600)

it.each([
  ['/communications/calls/%', 400, 'BadRequest'],
  ['/communications/calls/%zz/answer', 400, 'BadRequest'],
  ['/users/%e4/presence', 400, 'BadRequest'],
  [`/communications/calls/${long}`, 404, 'NotFound'],
  [`/users/${long}/onlineMeetings/x`, 404, 'NotFound'],
])('answers an address that leads nowhere as Graph does: %s', async (path, status, code) => {
  const headers = { 'client-request-id': 'mine' }
  const reply = await line.request<{ error: object }>('GET', `/v1.0${path}`, undefined, headers)
  expect(reply.status).toBe(status)
  expect(reply.headers.get('client-request-id')).toBe('mine')
  expect(reply.body).toEqual({
    error: {
      code,
      message: expect.any(String),
      innerError: {
        'request-id': reply.headers.get('request-id'),
        'client-request-id': 'mine',
        date: expect.stringMatching(/^\d{4}-/),
      },
    },
  })
  expect(JSON.stringify(reply.body)).not.toMatch(/FST_|%|xxx/)
})

it.each([
  ['/emulator/calls/%', 400, 'BadRequest'],
  [`/emulator/calls/${long}`, 404, 'NotFound'],
])('answers elsewhere as the control API does: %s', async (path, status, code) => {
  const reply = await line.request('GET', path)
  expect(reply).toMatchObject({ status, body: { error: { code, next: expect.any(String) } } })
})

describe('what the emulator does not serve', () => {
  it.each([
    ['POST', '/beta/communications/calls/ID/participants/muteAll', {}],
    ['GET', '/beta/communications/calls/ID', undefined],
    ['GET', '/beta', undefined],
    ['GET', '/beta/me/presence', undefined],
    ['POST', '/v1.0/communications/calls/ID/participants/muteAll', { clientContext: 'x' }],
    ['POST', '/v1.0/communications/calls/ID/participants/x/admit', {}],
    ['PUT', '/v1.0/communications/calls/ID', {}],
    ['GET', "/v1.0/communications/calls('ID')", undefined],
    ['GET', '/v1.0/communications/callRecords/ID', undefined],
    ['PATCH', '/v1.0/communications/onlineMeetings/ID', {}],
    ['GET', '/v1.0/communications', undefined],
  ])('says so in Graph form, also of a call that lives: %s %s', async (method, path, body) => {
    const id = await line.dialAndAnswer()
    const headers = { authorization: `Bearer ${await line.tokenFor()}`, 'client-request-id': 'mine' }
    const reply = await line.request(method, path.replace('ID', id), body, headers)
    expect(reply.status).toBe(501)
    expect(reply.body).toEqual({
      error: {
        code: 'notImplemented',
        message: expect.any(String),
        innerError: {
          'request-id': reply.headers.get('request-id'),
          'client-request-id': 'mine',
          date: expect.any(String),
        },
      },
    })
    expect((await line.view(id)).state).toBe('established')
  })

  it.each(['/beta/communications/calls', '/v1.0/communications/nothing'])(
    'asks for a token first: %s',
    async (path) => {
      const reply = await line.request('POST', path, {})
      expect(reply).toMatchObject({ status: 401, body: { error: { code: '7501', innerError: expect.any(Object) } } })
    },
  )

  it('answers a wrongly encoded address of beta as Graph does', async () => {
    const reply = await line.request('GET', '/beta/communications/calls/%')
    expect(reply).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequest', innerError: expect.any(Object) } },
    })
  })
})

it.each([
  ['stops in its headers', 'GET /v1.0/users HTTP/1.1\r\nhost: x\r\n', 408, 'RequestTimeout'],
  [
    'stops in its body',
    'POST /v1.0/communications/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{',
    408,
    'RequestTimeout',
  ],
  ['is none', 'no request\r\n\r\n', 400, 'BadRequest'],
  ['has too many headers', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'RequestHeaderFieldsTooLarge'],
])('answers as Graph does what %s', async (_, said, status, code) => {
  const { server } = buildEmulator({ apps: [testApp] })
  onTestFinished(() => server.close())
  await server.listen({ port: 0, host: '127.0.0.1' })
  // Sooner than in life; Node looks for late ones every two seconds.
  Object.assign(server.server, { headersTimeout: 100, requestTimeout: 200 })
  const { port } = server.server.address() as AddressInfo // it listens on TCP
  const socket = connect(port, '127.0.0.1', () => socket.write(said))
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  const header = (name: string) => new RegExp(`\r\n${name}: (.*)`, 'i').exec(head)?.[1]
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(header('content-type')).toMatch(/^application\/json/)
  expect(JSON.parse(body)).toEqual({
    error: {
      code,
      message: expect.any(String),
      innerError: {
        'request-id': header('request-id'),
        'client-request-id': header('client-request-id'),
        date: expect.stringMatching(/^\d{4}-/),
      },
    },
  })
})
