import { request } from 'node:http'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { start } from '#bot/start.ts'
import { appId, badTokens, bearer, good, microsoft, tid } from '#communications/testing/badTokens.ts'
import { serveKeys } from '#communications/testing/keyServer.ts'
import { freePort } from '#scripts/start/ports.ts'
import { contract, contractIsHere } from './contract.ts'
import { freshDatabase } from './database.ts'

/** The bot's two webhooks as the network sees them: a real bot, real keys, and whatever anybody may post. */
let close: () => Promise<void>
let url: string
let liveCalls: () => number

beforeAll(async () => {
  const database = await freshDatabase(inject('postgresUrl'))
  const keys = await serveKeys(microsoft)
  const port = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  const bot = await start({
    BOT_PORT: String(port),
    DATABASE_URL: database.databaseUrl,
    PUBLIC_URL: 'https://bot.localhost',
    EMULATOR_URL: keys.url,
    BOT_APP_ID: appId,
    BOT_APP_SECRET: 'secret',
    BOT_TENANT_ID: tid,
    LOG_LEVEL: 'silent',
  })
  url = `http://127.0.0.1:${port}`
  liveCalls = () => bot.liveCalls.count
  close = async () => {
    await bot.stop()
    await keys.close()
    await database.drop()
  }
})
afterAll(() => close())

const incoming = {
  '@odata.type': '#microsoft.graph.commsNotifications',
  value: [
    {
      '@odata.type': '#microsoft.graph.commsNotification',
      changeType: 'created',
      resourceUrl: '/communications/calls/2e1a0b00-2db4-4022-9570-243709c565ab',
      resourceData: {
        '@odata.type': '#microsoft.graph.call',
        state: 'incoming',
        id: '2e1a0b00-2db4-4022-9570-243709c565ab',
      },
    },
  ],
}

/** Posts raw bytes with raw headers; `fetch` would join two Authorization headers and mend others. */
function post(path: string, body: string, authorization?: string | string[], contentType = 'application/json') {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const values = authorization === undefined ? [] : [authorization].flat()
    const headers = [
      'host',
      new URL(url).host,
      'content-type',
      contentType,
      'content-length',
      String(Buffer.byteLength(body)),
    ]
    const asked = request(
      `${url}${path}`,
      { method: 'POST', agent: false, headers: [...headers, ...values.flatMap((value) => ['authorization', value])] },
      (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

const notJson = '{"this is not JSON'

describe.each(['/api/calls', '/api/messages'])('%s refuses, before it reads the body,', (path) => {
  // Messages need not name a tenant in their token; the activity does.
  const kinds = badTokens.filter(([, , code]) => path === '/api/calls' || code !== 'noTenant')
  it.each(kinds.map(([what, authorization]) => ({ what, authorization })))('$what', async ({ authorization }) => {
    const value = authorization()
    // Broken JSON with a bad token is still 401: nothing was parsed. A token too large is the HTTP parser's to refuse.
    const { status, body } = await post(path, notJson, value)
    const tooLarge = String(value).length > 16_384
    expect(status).toBe(tooLarge ? 431 : 401)
    if (!tooLarge) {
      expect(JSON.parse(body)).toEqual({
        error: { code: 'notProven', message: 'This address takes requests of Microsoft Teams only.' },
      })
    }
    expect(liveCalls()).toBe(0)
  })
})

describe('with a good token', () => {
  const calls = (body: string, contentType?: string) => post('/api/calls', body, bearer(good()), contentType)

  it('a notification is answered 202', async () => {
    expect((await calls(JSON.stringify(incoming))).status).toBe(202)
  })

  it('the old form is answered 204 and starts nothing', async () => {
    expect(await calls(JSON.stringify({ callState: 'incoming', id: 'x', links: {} }))).toEqual({
      status: 204,
      body: '',
    })
    expect(liveCalls()).toBe(0)
  })

  it.each([
    ['broken JSON', notJson, 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a number', '1', 400],
    ['an object that is no notification', '{"hello":"world"}', 400],
    ['no elements', JSON.stringify({ ...incoming, value: [] }), 400],
    ['an element without a call', JSON.stringify({ ...incoming, value: [{ changeType: 'created' }] }), 400],
    ['a poisoned prototype', '{"__proto__":{"x":1},"value":[]}', 400],
    ['more than 2 MB', JSON.stringify({ ...incoming, more: 'x'.repeat(2_200_000) }), 413],
  ])('%s is refused clearly', async (_what, body, status) => {
    const answer = await calls(body)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body).error.message).toMatch(/\.$/)
    expect(answer.body).not.toContain('node_modules')
  })

  it('another content type is refused', async () => {
    expect((await calls(JSON.stringify(incoming), 'text/plain')).status).toBe(415)
  })

  it('news of unknown calls, operations and things is taken and changes nothing', async () => {
    for (const [resourceUrl, resourceData] of [
      ['/communications/calls/none', { '@odata.type': '#microsoft.graph.call', state: 'terminated' }],
      [
        '/communications/calls/none/operations/1',
        { '@odata.type': '#microsoft.graph.playPromptOperation', status: 'completed' },
      ],
      ['/communications/calls/none/participants', []],
      ['/communications/calls/none/somethingNew', { '@odata.type': '#microsoft.graph.somethingNew' }],
    ]) {
      const value = [{ changeType: 'updated', resourceUrl, resourceData }]
      expect((await calls(JSON.stringify({ ...incoming, value }))).status).toBe(202)
    }
    expect(liveCalls()).toBe(0)
  })

  it('a kind of change that is not known yet is taken, because sending it again would not help', async () => {
    const value = [{ changeType: 'somethingNew', resourceUrl: '/communications/calls/none' }]
    expect((await calls(JSON.stringify({ ...incoming, value }))).status).toBe(202)
  })

  it.skipIf(!contractIsHere)(
    'every documented and observed notification is answered 2xx and crashes nothing',
    async () => {
      const bodies = contract('notifications.json') as { name: string; body: unknown }[]
      expect(bodies.length).toBeGreaterThan(50)
      for (const { name, body } of bodies) {
        expect((await calls(JSON.stringify(body))).status, name).toBe(202)
      }
      const health = await fetch(`${url}/api/health`)
      expect(health.status).toBe(200)
    },
  )

  it('200 bodies made up of anything are taken or refused, never a failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        const { status } = await calls(body)
        expect([202, 204, 400]).toContain(status)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the messages webhook', () => {
  const serviceUrl = 'https://smba.trafficmanager.net/teams/'
  const activity = {
    type: 'message',
    channelId: 'msteams',
    serviceUrl,
    text: 'help',
    conversation: { id: '19:x' },
    from: { id: '29:x' },
    channelData: { tenant: { id: tid } },
  }
  const messages = (body: unknown, claims: object = { ...good(), serviceurl: serviceUrl }) =>
    post('/api/messages', JSON.stringify(body), bearer(claims))

  it.each([
    ['whose service address is not the one that was signed', { ...activity, serviceUrl: 'https://evil.example/' }, 401],
    ['of another channel', { ...activity, channelId: 'webchat' }, 400],
    ['of no channel', { ...activity, channelId: '' }, 400],
    ['without a type', { ...activity, type: undefined }, 400],
    ['without a service address', { ...activity, serviceUrl: undefined }, 400],
    ['of another tenant', { ...activity, channelData: { tenant: { id: 'other' } } }, 403],
    ['that is null', null, 400],
  ])('refuses an activity %s', async (_what, body, status) => {
    expect((await messages(body)).status).toBe(status)
  })

  it.each([
    ['that is a file', 'file:///etc/passwd'],
    ['over http', 'http://smba.trafficmanager.net/teams/'],
    ['with a password', 'https://ada:secret@smba.trafficmanager.net/teams/'],
  ])('refuses a service address %s, though it was signed (B23)', async (_what, address) => {
    const claims = { ...good(), serviceurl: address }
    expect((await messages({ ...activity, serviceUrl: address }, claims)).status).toBe(401)
  })

  it.each([
    ['a token of another tenant', { tid: '2fdd12d0-4620-44ed-baec-459b611f84b2' }, activity],
    ['a conversation of another tenant', {}, { ...activity, conversation: { id: '19:x', tenantId: 'other' } }],
    ['no tenant', { tid: undefined }, { ...activity, channelData: {} }],
  ])('refuses an activity with %s', async (_what, claims, body) => {
    const signed = { ...good(), ...claims, serviceurl: serviceUrl }
    expect((await messages(body, signed)).status).toBe(403)
  })

  it('takes an activity whose tenant is written in capitals', async () => {
    const body = { ...activity, type: 'typing', channelData: { tenant: { id: tid.toUpperCase() } } }
    expect((await messages(body)).status).toBe(200)
  })

  it('refuses a token that signs no service address', async () => {
    expect((await messages(activity, good())).status).toBe(401)
  })
})

it('an address that is not there is 404, another method too', async () => {
  expect((await fetch(`${url}/api/nothing`)).status).toBe(404)
  expect((await fetch(`${url}/api/calls`)).status).toBe(404)
  expect((await fetch(`${url}/prompts/../package.json`)).status).toBe(404)
  expect((await fetch(`${url}/prompts/2e1a0b00-2db4-4022-9570-243709c565ab.wav`)).status).toBe(404)
})
