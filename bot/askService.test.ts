import { expect, it, vi } from 'vitest'
import type { Secret } from '#flow/named.ts'
import { begin } from '#flow/step.ts'
import type { ServiceRequest } from '#flow/talk.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { realClock } from '#ground/clock.ts'
import { turnsDuring } from '#ground/testing/turnsDuring.ts'
import { OutboundError } from '#outbound/error.ts'
import { askService } from './askService.ts'
import { makeProgram } from './program.ts'
import type { Services } from './services.ts'

const canary = 'canary-77aa'
const request: ServiceRequest = {
  method: 'GET',
  url: 'https://crm.example.com/4711',
  headers: {},
  body: null,
  auth: { kind: 'bearer', secret: 'crmToken', user: '', header: '' },
  timeoutMs: 1_000,
  retries: 0,
  redirectsTo: [],
}

const crmSecret: Secret = { text: canary, hosts: ['crm.example.com'] }

function asked(
  send: Services['send'],
  map: { variable: string; value: string }[] = [],
  { secret = crmSecret, ...more }: Partial<ServiceRequest> & { secret?: Secret | null } = {},
) {
  const flow = draw({ ask: block('httpRequest', { url: 'https://crm.example.com/', map }) })
  const program = makeProgram({ id: 'v', flowId: 'f', flow }, new Map())
  const nobody = { id: '', name: '', phone: '' }
  const state = { ...begin(program, { caller: nobody, called: nobody }), at: 'ask' }
  const session = { program, state, callId: 'c', ref: { id: 'c', tenantId: 't' } } as Parameters<typeof askService>[0] // what it looks at
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const services: Services = { send, secret: async () => secret, values: () => ({}) }
  const stop = new AbortController()
  const answer = askService(session, { ...request, ...more }, stop.signal, { clock: realClock, log, services })
  return { answer, log, stop }
}

it('puts the secret in where it is sent, and nowhere else', async () => {
  const send = vi.fn<Services['send']>(async () => ({ status: 200, headers: {}, body: Buffer.from('') }))
  const { answer } = asked(send)
  expect(await answer).toMatchObject({ status: 200, values: {} })
  expect(send.mock.calls[0]?.[0].secretHeaders).toEqual({ authorization: `Bearer ${canary}` })
  expect(JSON.stringify(await answer)).not.toContain(canary)
})

it.each([
  ['response.headers["x-request-id"].split("").join(" ")', '• • •'],
  ['response.body.was.substring(7)', '•••'],
])('lets no expression see what a service sends back of the secret: %s', async (value, t) => {
  const headers = { 'content-type': 'application/json', 'x-request-id': canary }
  const body = Buffer.from(JSON.stringify({ was: `Bearer ${canary}` }))
  const { answer } = asked(async () => ({ status: 200, headers, body }), [{ variable: 't', value }])
  expect(await answer).toMatchObject({ values: { t } })
})

it.each<[string, Parameters<typeof asked>[2], object]>([
  ['to a stranger', { url: 'https://evil.example.com/4711' }, { failed: 'network', problem: 'blocked/secretHost' }],
  ['to another port', { url: 'https://crm.example.com:8443/' }, { failed: 'network', problem: 'blocked/secretHost' }],
  ['where no host is allowed', { secret: { text: canary, hosts: [] } }, { problem: 'blocked/secretHost' }],
  ['in the open', { url: 'http://crm.example.com/4711' }, { failed: 'network', problem: 'blocked/secretOpen' }],
  ['to no address', { url: 'crm.example.com' }, { failed: 'network' }],
  ['when there is none', { secret: null }, { failed: 'error', problem: 'secretMissing' }],
])('sends nothing %s', async (_, more, expected) => {
  const send = vi.fn<Services['send']>()
  expect(await asked(send, [], more).answer).toMatchObject(expected)
  expect(send).not.toHaveBeenCalled()
})

it('sends a secret on this machine without encryption, and no secret to anybody', async () => {
  const send = vi.fn<Services['send']>(async () => ({ status: 200, headers: {}, body: Buffer.from('') }))
  const local = { url: 'http://localhost:4010/', secret: { text: canary, hosts: ['localhost:4010'] } }
  await asked(send, [], local).answer
  await asked(send, [], { url: 'http://evil.example.com/', auth: null }).answer
  expect(send.mock.calls.map(([{ secretHeaders }]) => secretHeaders)).toEqual([
    { authorization: `Bearer ${canary}` },
    {},
  ])
})

it.each([
  [new OutboundError('timeout', 'time'), { failed: 'timeout', problem: 'timeout' }],
  [new OutboundError('blocked', 'address'), { failed: 'network', problem: 'blocked/address' }],
  [new OutboundError('network', 'ECONNRESET'), { failed: 'network', problem: 'ECONNRESET' }],
  [new OutboundError('tooLarge', 'body'), { failed: 'badBody', problem: 'tooLarge' }],
  [new TypeError('a fault of ours'), { failed: 'error', problem: 'internal' }],
])('says what failed, and logs neither the address nor the secret: %s', async (error, expected) => {
  const { answer, log } = asked(async () => {
    throw error
  })
  expect(await answer).toMatchObject(expected)
  const logged = JSON.stringify([log.info.mock.calls, log.warn.mock.calls, log.error.mock.calls])
  expect([logged.includes(canary), logged.includes('4711')]).toEqual([false, false])
})

it('says nothing once nobody waits', async () => {
  const { answer, stop } = asked(async () => {
    stop.abort()
    throw new OutboundError('aborted', 'under way')
  })
  expect(await answer).toBeNull()
})

it('lets other callers have their turn while it reads a megabyte', async () => {
  const rows = Array.from({ length: 4_000 }, (_, id) => ({ id, name: `Ticket ${id}`, notes: 'x'.repeat(200) }))
  const body = Buffer.from(JSON.stringify({ rows }))
  expect(body.length).toBeGreaterThan(900_000)
  const value = 'response.body.rows.exists(r, r.id == 3999.0)'
  const map = Array.from({ length: 20 }, (_, n) => ({ variable: 't', value: `string(${value}) + "${n}"` }))
  const headers = { 'content-type': 'application/json' }
  const { answer } = asked(async () => ({ status: 200, headers, body }), map)
  const { came, turns } = await turnsDuring(answer)
  expect(came).toMatchObject({ values: { t: 'true19' } })
  expect(turns).toBeGreaterThan(5)
})
