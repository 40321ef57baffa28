import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Value } from '#flow/values.ts'
import { openRequester } from '#outbound/requester.ts'
import type { Services } from './services.ts'
import { tried } from './tryRequest.ts'

const canary = 'canary-9b2e'
let answer: { status: number; body: string; type?: string } = { status: 200, body: '' }
let asked = ''
const service = createServer((request, response) => {
  asked = `${request.method} ${request.url} ${request.headers.authorization ?? ''}`
  const body = answer.body.replace('<token>', request.headers.authorization ?? '')
  const type = answer.type?.replace('<token>', request.headers.authorization ?? '') ?? 'application/json'
  response.writeHead(answer.status, { 'content-type': type }).end(body)
})
let host = ''
let requester: ReturnType<typeof openRequester>
beforeAll(async () => {
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
  host = `localhost:${(service.address() as AddressInfo).port}` // TCP
  requester = openRequester({ localServices: [host] })
})
afterAll(async () => {
  await requester.close()
  service.close()
})

const send = (settings: Record<string, Value>, initial: Value = '42') =>
  tried(
    {
      store: {
        namedValues: {
          load: async () => ({
            values: { base: `http://${host}` },
            secrets: new Map([
              ['a', { text: canary, hosts: [host] }],
              ['b', { text: canary, hosts: ['crm.example.com'] }],
            ]),
          }),
        },
      },
      settings: { named: { values: new Map(), secrets: new Map() } },
      requester,
    } as unknown as Pick<Services, 'store' | 'settings' | 'requester'>, // what it looks at
    't',
    {
      settings: { url: '${env.base}/t/${ticket}', ...settings },
      variables: { ticket: { type: 'text', initial }, state: { type: 'text' }, n: { type: 'number' } },
    },
    new AbortController().signal,
  )

const map = [
  { variable: 'state', value: 'response.body.state' },
  { variable: 'n', value: 'response.body.n' },
]

it('sends with the examples, and tells what would be kept and where the call would go', async () => {
  answer = { status: 200, body: '{"state":"open","n":"three"}' }
  expect(await send({ map })).toMatchObject({
    status: 200,
    exit: 'badBody',
    body: answer.body,
    isCut: false,
    values: [
      { variable: 'state', value: '"open"' },
      { variable: 'n', problem: 'wrongType' },
    ],
  })
  expect(asked).toBe('GET /t/42 ')
  answer = { status: 404, body: '{}' }
  expect(await send({ statuses: ['404'], map: [] })).toMatchObject({ status: 404, exit: '404', values: [] })
})

it('shows no secret, also where the service sends it back', async () => {
  answer = { status: 200, body: '{"state":"<token>"}' }
  const came = await send({ auth: 'bearer', secret: 'a', map: map.slice(0, 1) })
  expect(asked).toContain(canary)
  expect(JSON.stringify(came)).not.toContain(canary)
  expect(came).toMatchObject({ values: [{ value: '"Bearer •••"' }] })
  const spaced = [{ variable: 'state', value: 'response.body.state.split("").join(" ")' }]
  expect(await send({ auth: 'bearer', secret: 'a', map: spaced })).toMatchObject({
    values: [{ value: '"B e a r e r   • • •"' }],
  })
  answer = { status: 200, body: '', type: 'text/plain; was="<token>"' }
  expect(await send({ auth: 'bearer', secret: 'a' })).toMatchObject({ type: 'text/plain; was="Bearer •••"' })
  asked = ''
  expect(await send({ auth: 'bearer', secret: 'b' })).toMatchObject({ problem: 'blocked/secretHost' })
  expect(asked).toBe('')
  expect(await send({ auth: 'bearer', secret: 'nobodys' })).toMatchObject({ failed: 'error', problem: 'secretMissing' })
})

it('shows the beginning of a long answer', async () => {
  answer = { status: 200, body: `"${'x'.repeat(9_000)}"` }
  const came = await send({})
  expect(came).toMatchObject({ isCut: true })
  expect('body' in came && came.body.length).toBe(4_000)
})

it.each([
  [{ url: 'http://169.254.169.254/' }, 'network', 'blocked/address'],
  [{ url: 'http://localhost:1/' }, 'network', 'blocked/name'],
  [{ url: '' }, 'settings', 'required'],
])('goes where calls go, and nowhere else: %j', async (settings, failed, problem) =>
  expect(await send(settings)).toMatchObject({ failed, problem }),
)

it('refuses examples that their variables could not hold', async () =>
  expect(await send({}, 5)).toMatchObject({ failed: 'settings' }))
