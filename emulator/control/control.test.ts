import { request as httpRequest } from 'node:http'
import { afterAll, afterEach, expect, it } from 'vitest'
import { readEnvironment } from '../settings.ts'
import { wav } from '../testing/testBot.ts'
import { answer, appId, john, prompts, startLine, tenantId } from '../testing/testLine.ts'
import type { Entry } from '../world/transcript.ts'
import type { CallView } from '../world/views.ts'

const line = await startLine()
afterEach(() => line.reset())
afterAll(() => line.close())

type ControlError = { error: { code: string; message: string; next: string } }

it('says that it is well', async () => {
  expect((await line.request('GET', '/api/health')).body).toMatchObject({ name: 'emulator', ok: true })
})

it('streams what happened and what happens, until the call ends', async () => {
  const id = await line.dialAndAnswer()
  const response = await fetch(`${line.emulatorOrigin}/emulator/calls/${id}/events?after=1`, {
    headers: { origin: line.emulatorOrigin },
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  const events = (await response.text()).trim().split('\n\n')
  const entries = events.map((event) => JSON.parse(event.split('data: ')[1] ?? '') as Entry)
  expect(entries.map(({ n }) => n)).toEqual([2, 3, 4, 5, 6])
  expect(events.map((event) => event.split('\n')[0])).toEqual([2, 3, 4, 5, 6].map((n) => `id: ${n}`))
  expect(entries.at(-1)).toMatchObject({ kind: 'ended', by: 'caller' })
  const again = await fetch(`${line.emulatorOrigin}/emulator/calls/${id}/events`, { headers: { 'last-event-id': '6' } })
  expect(again.status).toBe(204)
})

it('waits for what is to come, and gives what already was', async () => {
  const id = await line.dial()
  const waiting = line.wait<Entry>(id, 'state=established&timeoutMs=3000')
  await line.graph('POST', `/${id}/answer`, answer)
  const { n } = (await waiting).body
  expect((await line.wait<Entry>(id, 'state=established')).body.n).toBe(n)
  expect((await line.wait<Entry>(id, `state=established&after=${n}`)).body).toMatchObject({ audio: 'active' })
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  expect((await line.wait<Entry>(id, 'ended=1')).body.kind).toBe('ended')
})

it('says clearly what did not happen', async () => {
  const id = await line.dial()
  const late = await line.wait<ControlError>(id, 'prompt=welcome&timeoutMs=20')
  expect(late).toMatchObject({
    status: 408,
    body: { error: { code: 'didNotHappen', message: 'That did not happen in time.' } },
  })
  const waiting = line.wait<ControlError>(id, 'prompt=*&timeoutMs=5000')
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  expect((await waiting).body.error.message).toBe('The call ended before that.')
})

it('hands out the very WAV that sounded', async () => {
  const bytes = wav({ ms: 30 })
  line.bot.files.set('/a.wav', { bytes })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/a.wav') })
  await line.wait(id, 'prompt=*')
  const response = await fetch(`${line.emulatorOrigin}/emulator/calls/${id}/media/1.wav`)
  expect(response.headers.get('content-type')).toBe('audio/wav')
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
  expect((await fetch(`${line.emulatorOrigin}/emulator/calls/${id}/media/2.wav`)).status).toBe(404)
})

it('shows what went over the wire, by call and from a point on', async () => {
  const id = await line.dialAndAnswer()
  await line.heard(4)
  const exchanges = await line.requests(`callId=${id}`)
  expect(exchanges.filter(({ kind }) => kind === 'request')).toMatchObject([
    { method: 'POST', operation: 'call-answer', body: answer, status: 202, response: null },
  ])
  expect(exchanges.filter(({ kind }) => kind === 'notification').length).toBe(4)
  expect(await line.requests(`callId=${id}&after=${exchanges.at(-1)?.n}`)).toEqual([])
})

it('lets requests go wrong as often as it is told to', async () => {
  const id = await line.dial()
  const fault = (more: object) =>
    line.request('POST', '/emulator/faults', { operation: 'call-answer', times: 1, ...more })
  await fault({ status: 429, retryAfterSeconds: 2 })
  const throttled = await line.graph('POST', `/${id}/answer`, answer)
  expect(throttled).toMatchObject({ status: 429, body: { error: { code: 'TooManyRequests' } } })
  expect(throttled.headers.get('retry-after')).toBe('2')

  await fault({ cut: true })
  await expect(line.graph('POST', `/${id}/answer`, answer)).rejects.toThrow()

  await fault({ hang: true })
  const silence = await Promise.race([
    line.graph('POST', `/${id}/answer`, answer).catch(() => 'closed'),
    new Promise((resolve) => setTimeout(() => resolve('silence'), 200)),
  ])
  expect(silence).toBe('silence')
  expect((await line.graph('POST', `/${id}/answer`, answer)).status).toBe(202)
  expect((await fault({})).status).toBe(400)
})

it('forgets everything when asked to', async () => {
  const id = await line.dial()
  expect((await line.request('DELETE', '/emulator')).status).toBe(204)
  expect((await line.request('GET', '/emulator/calls')).body).toEqual([])
  expect(await line.requests()).toEqual([])
  expect((await line.request('GET', `/emulator/calls/${id}`)).status).toBe(404)
})

it('keeps the last two hundred ended calls', async () => {
  const first = await line.dial()
  await line.request('POST', `/emulator/calls/${first}/hangUp`)
  const live = await line.dial()
  for (let count = 0; count < 200; count += 1) {
    const id = await line.dial()
    await line.request('POST', `/emulator/calls/${id}/hangUp`)
  }
  const ids = (await line.request<CallView[]>('GET', '/emulator/calls')).body.map(({ id }) => id)
  expect(ids.length).toBe(201)
  expect(ids).toContain(live)
  expect(ids).not.toContain(first)
})

it.each([
  ['a caller who is nobody', '/emulator/calls', { from: {} }, 400, 'badRequest'],
  ['a number that is not E.164', '/emulator/calls', { from: { phone: '0711 123' } }, 400, 'badRequest'],
  ['an app that it does not know', '/emulator/calls', { from: john, appId: 'x' }, 404, 'appNotFound'],
  ['a call that it does not know', '/emulator/calls/x/hangUp', {}, 404, 'callNotFound'],
  ['no JSON', '/emulator/calls', '{', 400, 'badRequest'],
])('refuses %s, and says what to do', async (_what, path, body, status, code) => {
  const reply = await line.request<ControlError>('POST', path, body)
  expect(reply).toMatchObject({ status, body: { error: { code, next: expect.stringMatching(/\w/) } } })
})

it('presses only keys of a telephone, and only on an established call', async () => {
  const ringing = await line.dial()
  const early = await line.request('POST', `/emulator/calls/${ringing}/tones`, { tones: '1' })
  expect(early).toMatchObject({ status: 409, body: { error: { code: 'callNotEstablished' } } })
  const id = await line.dialAndAnswer()
  const unknown = await line.request('POST', `/emulator/calls/${id}/tones`, { tones: '1x' })
  expect(unknown).toMatchObject({ status: 400, body: { error: { code: 'unknownTone' } } })
  expect((await line.view(id)).transcript.some(({ kind }) => kind === 'tone')).toBe(false)
})

it('answers this machine only, and of its pages only its own: no foreign Host, no foreign Origin', async () => {
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${line.emulatorOrigin}/emulator/calls`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      request.on('error', reject).end()
    })
  expect(await status({ host: 'rebound.example.com' })).toBe(403)
  expect(await status({ origin: 'https://example.com' })).toBe(403)
  expect(await status({ origin: 'null' })).toBe(403)
  const host = 'localhost:3979'
  for (const origin of [
    'http://localhost:9999',
    'http://localhost',
    'http://127.0.0.1:3979',
    'https://bot.localhost',
  ]) {
    expect(await status({ host, origin })).toBe(403)
  }
  expect(await status({ host, origin: `http://${host}` })).toBe(200)
  expect(await status({ host, origin: `https://${host}` })).toBe(200) // behind who ends https
  expect(await status({ host })).toBe(200)
})

it.each<[string, string, boolean?]>([
  ['POST', '/v1.0/communications/calls'],
  ['POST', `/${tenantId}/oauth2/v2.0/token`],
  ['POST', '/v3/conversations/x/activities'],
  ['GET', '/v1/keys'],
  ['GET', '/api/health'],
  ['DELETE', '/emulator', true],
  ['GET', '/nothing'],
])('%s %s is not for pages of other sites', async (method, path, ownOnly = false) => {
  // `fetch` would not let us say where we come from.
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${line.emulatorOrigin}${path}`, { method, headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      request.on('error', reject).end()
    })
  expect(await status({ origin: 'https://evil.example' })).toBe(403)
  expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await status({})).not.toBe(403)
  const developed = await status({ origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' })
  expect(developed === 403).toBe(ownOnly)
})

it('reads forms where tokens are asked for, and nowhere else', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect((await line.askToken()).status).toBe(200)
  expect((await line.request('POST', '/v1.0/communications/calls', 'a=b', headers)).status).toBe(415)
  expect((await line.request('POST', '/emulator/calls', 'a=b', headers)).status).toBe(415)
})

it('keeps no body of a request that was refused for its token', async () => {
  await line.request('POST', '/v1.0/communications/calls', { large: 'x'.repeat(100) })
  const refused = (await line.requests()).filter(({ status }) => status === 401)
  expect(refused.at(-1)).toMatchObject({ kind: 'request', operation: 'create-call', body: null, status: 401 })
})

it('reads its settings from the environment, and names what is missing', () => {
  const noFile = () => ''
  const variables = { BOT_APP_ID: 'a', BOT_APP_SECRET: 'b', BOT_TENANT_ID: 'c', PUBLIC_URL: 'https://bot.example.com' }
  const { host, port, settings } = readEnvironment(variables, noFile)
  expect({ host, port }).toEqual({ host: '127.0.0.1', port: 3979 })
  expect(settings.apps[0]?.webhook).toBe('https://bot.example.com/api/calls')
  expect(() => readEnvironment({ ...variables, BOT_APP_ID: undefined }, noFile)).toThrow(/BOT_APP_ID/)
})

it('speaks https with the certificate that it is given, or with one of its own', () => {
  const variables = { BOT_APP_ID: 'a', BOT_APP_SECRET: 'b', BOT_TENANT_ID: 'c' }
  const httpsOf = (more: Record<string, string>) => readEnvironment({ ...variables, ...more }, () => '').https
  const given = { EMULATOR_CERTIFICATE: 'one.pem', EMULATOR_KEY: 'two.pem' }
  expect(httpsOf({})).toBeNull()
  expect(httpsOf({ EMULATOR_HTTPS: 'true' })).toEqual({ folder: '.data' })
  expect(httpsOf({ EMULATOR_HTTPS: 'true', DATA_DIR: '/there' })).toEqual({ folder: '/there' })
  expect(httpsOf(given)).toEqual({ certificate: 'one.pem', key: 'two.pem' })
  for (const name of Object.keys(given))
    expect(() => httpsOf({ ...given, [name]: '' })).toThrow(/EMULATOR_CERTIFICATE and EMULATOR_KEY/)
  expect(() => httpsOf({ EMULATOR_HTTPS: 'yes' })).toThrow(/EMULATOR_HTTPS/)
})

it('reads several apps and tenants from a file, and names the place that is wrong', () => {
  const app = { appId: 'a', secret: 'b', tenantId: 'c', webhook: 'https://one.example.com/calls', permissions: [] }
  const variables = { EMULATOR_SETTINGS: 'apps.json', EMULATOR_PORT: '4000' }
  const file = (apps: unknown) => (path: string) => (path === 'apps.json' ? JSON.stringify({ apps }) : '')
  const { port, settings } = readEnvironment(variables, file([app, { ...app, appId: 'd', otherTenants: ['e'] }]))
  expect([port, settings.apps.map(({ appId }) => appId)]).toEqual([4000, ['a', 'd']])
  expect(() => readEnvironment(variables, file([{ ...app, secret: '' }]))).toThrow(/apps\.json.*apps\.0\.secret/)
  expect(() => readEnvironment(variables, () => '{')).toThrow(/apps\.json/)
  const misspelt = JSON.stringify({ apps: [app], delays: { establishd: 1 } })
  expect(() => readEnvironment(variables, () => misspelt)).toThrow(/apps\.json.*delays.*establishd/)
  const unknown = JSON.stringify({ apps: [{ ...app, permisions: [] }], retrys: 1 })
  expect(() => readEnvironment(variables, () => unknown)).toThrow(/permisions.*retrys/)
})

it('knows an app by its id in any spelling', async () => {
  const spelled = appId.toUpperCase().replaceAll('-', '')
  expect((await line.request('POST', '/emulator/calls', { from: john, appId: spelled })).status).toBe(201)
  expect((await line.request('POST', '/emulator/calls', { from: john, appId: 'another' })).status).toBe(404)
})
