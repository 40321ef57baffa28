import { expect, it, vi } from 'vitest'
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

function asked(send: Services['send'], map: { variable: string; value: string }[] = []) {
  const flow = draw({ ask: block('httpRequest', { url: 'https://crm.example.com/', map }) })
  const program = makeProgram({ id: 'v', flowId: 'f', flow }, new Map())
  const nobody = { id: '', name: '', phone: '' }
  const state = { ...begin(program, { caller: nobody, called: nobody }), at: 'ask' }
  const session = { program, state, callId: 'c', ref: { id: 'c', tenantId: 't' } } as Parameters<typeof askService>[0] // what it looks at
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const services: Services = { send, secret: async () => canary, values: () => ({}) }
  const stop = new AbortController()
  const answer = askService(session, request, stop.signal, { clock: realClock, log, services })
  return { answer, log, stop }
}

it('puts the secret in where it is sent, and nowhere else', async () => {
  const send = vi.fn<Services['send']>(async () => ({ status: 200, headers: {}, body: Buffer.from('') }))
  const { answer } = asked(send)
  expect(await answer).toMatchObject({ status: 200, values: {} })
  expect(send.mock.calls[0]?.[0].headers).toEqual({ authorization: `Bearer ${canary}` })
  expect(JSON.stringify(await answer)).not.toContain(canary)
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
