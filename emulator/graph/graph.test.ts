import { SignJWT } from 'jose'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import {
  answer,
  john,
  type Line,
  otherTenantId,
  prompts,
  publicUrl,
  type Reply,
  serviceHosted,
  startLine,
  tenantId,
} from '../testing/testLine.ts'

const usual = await startLine({ delays: { establishing: 5000, transferring: 0, terminated: 5000, audioActive: 0 } })
const lines: Line[] = [usual]
afterEach(() => usual.reset())
afterAll(() => Promise.all(lines.map((line) => line.close())))

const open: typeof startLine = async (...settings) => {
  const line = await startLine(...settings)
  lines.push(line)
  return line
}

const colleague = { transferTarget: { identity: { user: { id: '550fae72-d251-43ec-868c-373732c2704f' } } } }
const play = { prompts: prompts('/a.wav'), clientContext: 'x' }
const outgoing = {
  '@odata.type': '#microsoft.graph.call',
  callbackUri: `${publicUrl}/api/calls`,
  targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity: john }],
  requestedModalities: ['audio'],
  mediaConfig: serviceHosted,
}

type GraphError = {
  error: {
    code: string
    message: string
    innerError: { 'request-id': string; 'client-request-id': string; date: string }
  }
}
const codeOf = ({ status, body }: Reply<unknown>) => `${status}/${(body as GraphError | null)?.error?.code ?? ''}`

/** Brings a call into a state and leaves it there: the usual line takes its time to go on. */
const reach: Record<string, (line: Line) => Promise<string>> = {
  incoming: (line) => line.dial(),
  establishing: async (line) => {
    const id = await line.dial()
    await line.graph('POST', `/${id}/answer`, answer)
    return id
  },
  terminated: async (line) => {
    const id = await line.dial()
    await line.request('POST', `/emulator/calls/${id}/hangUp`)
    return id
  },
}
const reachQuickly: Record<string, (line: Line) => Promise<string>> = {
  established: (line) => line.dialAndAnswer(),
  transferring: async (line) => {
    const id = await line.dialAndAnswer({ transfers: 'ask' })
    await line.graph('POST', `/${id}/transfer`, colleague)
    return id
  },
  terminating: async (line) => {
    const id = await line.dialAndAnswer()
    await line.graph('DELETE', `/${id}`)
    return id
  },
}

const requests: Record<string, [method: string, action: string, body?: unknown]> = {
  answer: ['POST', '/answer', answer],
  reject: ['POST', '/reject', { reason: 'busy' }],
  playPrompt: ['POST', '/playPrompt', play],
  subscribeToTone: ['POST', '/subscribeToTone', { clientContext: 'x' }],
  cancelMediaProcessing: ['POST', '/cancelMediaProcessing', { clientContext: 'x' }],
  transfer: ['POST', '/transfer', colleague],
  keepAlive: ['POST', '/keepAlive'],
  get: ['GET', ''],
  delete: ['DELETE', ''],
}

// Which states allow what: contract state-machine.json. Codes: result-codes.json (sister service; 404 documented for keepAlive).
const verdicts: Record<string, Record<string, string>> = {
  incoming: {
    answer: '202/',
    reject: '202/',
    playPrompt: '400/8501',
    subscribeToTone: '400/8501',
    cancelMediaProcessing: '400/8501',
    transfer: '400/8501',
    keepAlive: '400/8501',
    get: '200/',
    delete: '204/',
  },
  establishing: {
    answer: '400/8585',
    reject: '400/8585',
    playPrompt: '400/8501',
    subscribeToTone: '400/8501',
    cancelMediaProcessing: '400/8501',
    transfer: '400/8501',
    keepAlive: '200/',
    get: '200/',
    delete: '204/',
  },
  established: {
    answer: '400/8585',
    reject: '400/8585',
    playPrompt: '200/',
    subscribeToTone: '200/',
    cancelMediaProcessing: '200/',
    transfer: '202/',
    keepAlive: '200/',
    get: '200/',
    delete: '204/',
  },
  transferring: {
    answer: '400/8585',
    reject: '400/8585',
    playPrompt: '400/8585',
    subscribeToTone: '400/8585',
    cancelMediaProcessing: '400/8585',
    transfer: '400/8585',
    keepAlive: '200/',
    get: '200/',
    delete: '204/',
  },
  terminating: {
    answer: '400/8528',
    reject: '400/8528',
    playPrompt: '400/8528',
    subscribeToTone: '400/8528',
    cancelMediaProcessing: '400/8528',
    transfer: '400/8528',
    keepAlive: '400/8528',
    get: '200/',
    delete: '400/8528',
  },
  terminated: Object.fromEntries(Object.keys(requests).map((name) => [name, '404/8522'])),
}

describe.each(Object.entries(verdicts))('a call that is %s', (state, verdict) => {
  it.each(Object.entries(verdict))('answers %s with %s', async (name, expected) => {
    const quick = await quickLine()
    const line = reach[state] ? usual : quick
    const id = await (reach[state] ?? reachQuickly[state])?.(line)
    const [method, action, body] = requests[name] ?? ['', '']
    expect(codeOf(await line.graph(method, `/${id}${action}`, body))).toBe(expected)
  })
})

let quick: Promise<Line> | undefined
const quickLine = () => {
  quick ??= open({
    delays: { establishing: 0, established: 0, audioActive: 0, transferring: 0, terminated: 5000, person: 0 },
  })
  return quick
}

describe('a request is refused', () => {
  it.each([
    ['without a token', undefined],
    ['with another scheme', 'Basic abc'],
    ['with nonsense for a token', 'Bearer abc'],
  ])('%s: 401/7501', async (_what, authorization) => {
    const headers = authorization ? { authorization } : undefined
    expect(codeOf(await usual.request('POST', '/v1.0/communications/calls', outgoing, headers))).toBe('401/7501')
  })

  it('with a token that somebody else signed: 401/7501', async () => {
    const key = new TextEncoder().encode('a key of somebody else, long enough for HS256')
    const token = await new SignJWT({ appid: 'x', tid: tenantId, roles: [] })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('https://graph.microsoft.com')
      .setExpirationTime('1h')
      .sign(key)
    const headers = { authorization: `Bearer ${token}` }
    expect(codeOf(await usual.request('POST', '/v1.0/communications/calls', outgoing, headers))).toBe('401/7501')
  })

  it('with a token for another service: 401/7501', async () => {
    const response = await usual.askToken({ scope: 'https://api.botframework.com/.default' })
    const { access_token } = (await response.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}` }
    expect(codeOf(await usual.request('POST', '/v1.0/communications/calls', outgoing, headers))).toBe('401/7501')
  })

  it('of a tenant that is not the call’s: 403/7505', async () => {
    const id = await usual.dial()
    expect(codeOf(await usual.graph('POST', `/${id}/answer`, answer, otherTenantId))).toBe('403/7505')
    expect(codeOf(await usual.graph('POST', '', { ...outgoing, tenantId: otherTenantId }))).toBe('403/7505')
  })

  it('in the name of another app: 403/7507', async () => {
    const source = { identity: { application: { id: '00000000-0000-0000-0000-000000000001' } } }
    expect(codeOf(await usual.graph('POST', '', { ...outgoing, source }))).toBe('403/7507')
  })

  it('of an app without calling, in the form that was observed: 403/UnknownError around 7503', async () => {
    const line = await open({}, { webhook: null })
    const { status, body } = await line.graph<GraphError>('POST', '', outgoing)
    expect(status).toBe(403)
    expect(body.error.code).toBe('UnknownError')
    expect(JSON.parse(body.error.message)).toMatchObject({ errorCode: '7503' })
  })

  it('without consent: 403/7504 for calling, transferring and hearing tones, and nothing else', async () => {
    const line = await open({}, { permissions: [] })
    expect(codeOf(await line.graph('POST', '', outgoing))).toBe('403/7504')
    const id = await line.dialAndAnswer()
    expect(codeOf(await line.graph('POST', `/${id}/transfer`, colleague))).toBe('403/7504')
    expect(codeOf(await line.graph('POST', `/${id}/subscribeToTone`, {}))).toBe('403/7504')
    expect(codeOf(await line.graph('POST', `/${id}/playPrompt`, play))).toBe('200/')
  })

  it('for media of the app’s own without Calls.AccessMedia.All: 403/7504', async () => {
    const line = await open({}, { permissions: ['Calls.Initiate.All'] })
    const mediaConfig = { '@odata.type': '#microsoft.graph.appHostedMediaConfig' }
    expect(codeOf(await line.graph('POST', '', { ...outgoing, mediaConfig }))).toBe('403/7504')
    expect(codeOf(await line.graph('POST', '', outgoing))).toBe('201/')
  })

  it('for tones only in the newest reading of the permissions', async () => {
    const line = await open({ permissionReading: 'older' }, { permissions: [] })
    const id = await line.dialAndAnswer()
    expect(codeOf(await line.graph('POST', `/${id}/subscribeToTone`, {}))).toBe('200/')
  })

  it.each(['playPrompt', 'subscribeToTone', 'cancelMediaProcessing'])(
    'on a call with media of the app’s own: 400/8500 for %s',
    async (name) => {
      const line = await quickLine()
      const id = await line.dial()
      const mediaConfig = { '@odata.type': '#microsoft.graph.appHostedMediaConfig', blob: 'x' }
      await line.graph('POST', `/${id}/answer`, { ...answer, mediaConfig })
      await line.until(id, (entry) => entry.kind === 'state' && entry.audio === 'active')
      const [method = '', action, body] = requests[name] ?? []
      expect(codeOf(await line.graph(method, `/${id}${action}`, body))).toBe('400/8500')
    },
  )

  it.each([
    ['a body that is no JSON', '/answer', '{'],
    ['no body', '/answer', undefined],
    ['21 prompts', '/playPrompt', { prompts: Array.from({ length: 21 }, () => prompts('/a.wav')[0]) }],
    ['a callbackUri without https', '/answer', { ...answer, callbackUri: 'http://bot.localhost/' }],
    ['a body where none belongs', '/keepAlive', { a: 1 }],
  ])('for %s: 400/8523', async (_what, action, body) => {
    const id = await usual.dial()
    expect(codeOf(await usual.graph('POST', `/${id}${action}`, body))).toBe('400/8523')
  })

  it('for a call to a phone number without an application instance: 400/8523', async () => {
    const phone = [{ identity: { phone: { id: '+14255550123' } } }]
    expect(codeOf(await usual.graph('POST', '', { ...outgoing, targets: phone }))).toBe('400/8523')
  })

  it.each([
    ['POST', '/unmuteAll'],
    ['PUT', ''],
    ['POST', '/participants/8f1f5b7c-0000-4000-8000-000000000001/unmute'],
  ])('for what Graph v1.0 does not have: %s %s', async (method, path) => {
    const id = await usual.dial()
    expect(codeOf(await usual.graph(method, `/${id}${path}`, {}))).toBe('501/notImplemented')
  })
})

it.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'image/png',
  'application/json',
])('takes no body for what it is, whatever type it claims: %s', async (type) => {
  const id = await usual.dial()
  await usual.graph('POST', `/${id}/answer`, answer)
  const { access_token } = (await (await usual.askToken()).json()) as { access_token: string } // entra.test.ts checks it
  const headers = { 'content-type': type, authorization: `Bearer ${access_token}` }
  const ask = (method: string, path: string, body: string) =>
    usual.request<GraphError>(method, `/v1.0/communications/calls/${id}${path}`, body, headers)
  expect((await ask('POST', '/keepAlive', '')).status).toBe(200)
  const refused = await ask('POST', '/keepAlive', 'a=1')
  expect([400, 415]).toContain(refused.status)
  expect(refused.body.error.code).toBe('8523')
  expect((await ask('DELETE', '', '')).status).toBe(204)
})

it('takes qualified action names, and ids in capitals without hyphens', async () => {
  const id = await usual.dial()
  const path = `/${id.toUpperCase().replaceAll('-', '')}/microsoft.graph.answer`
  expect((await usual.graph('POST', path, answer)).status).toBe(202)
})

it('gives the ids of request and client back, in headers and in errors', async () => {
  const headers = { 'client-request-id': '7d0f0b2e-4a3c-4f0e-9d53-1b0b6f1f7a11' }
  const { headers: given, body } = await usual.request<GraphError>(
    'GET',
    '/v1.0/communications/calls/x',
    undefined,
    headers,
  )
  expect(given.get('client-request-id')).toBe(headers['client-request-id'])
  expect(body.error.innerError).toMatchObject({
    'client-request-id': headers['client-request-id'],
    'request-id': given.get('request-id'),
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
  })
})

describe.runIf(contractIsThere)('every body that breaks the contract is refused: 400/8523', () => {
  const actions: Record<string, string> = {
    'create-call': '',
    'call-answer': '/answer',
    'call-reject': '/reject',
    'call-playprompt': '/playPrompt',
    'call-transfer': '/transfer',
  }
  const negatives = contractIsThere
    ? (readContract('negative-requests.json') as { name: string; operation: string; body: unknown }[])
    : []
  it.each(negatives.filter(({ operation }) => operation in actions))('$name', async ({ operation, body }) => {
    const call = operation === 'create-call' ? '' : `/${await usual.dial()}`
    expect(codeOf(await usual.graph('POST', `${call}${actions[operation]}`, body))).toBe('400/8523')
  })
})

describe.runIf(contractIsThere)('every answer has the form of the contract', () => {
  const valid = (name: string, body: unknown) => {
    const validate = contractValidator(`responses.v1.json#/$defs/${name}`)
    expect(validate(body), JSON.stringify(validate.errors)).toBe(true)
  }
  it('for calls, operations and errors', async () => {
    const line = await quickLine()
    valid('create-call', (await line.graph('POST', '', outgoing)).body)
    const id = await line.dialAndAnswer()
    valid('call-get', (await line.graph('GET', `/${id}`)).body)
    for (const name of ['playPrompt', 'subscribeToTone', 'cancelMediaProcessing']) {
      const [method = '', action, body] = requests[name] ?? []
      valid(`call-${name.toLowerCase()}`, (await line.graph(method, `/${id}${action}`, body)).body)
    }
    valid('error', (await line.graph('GET', '/none')).body)
  })
})
