import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from '../testing/manualClock.ts'
import { reply, serve } from '../testing/server.ts'
import { GraphError } from './error.ts'
import { createTokens, type TokenSettings, type Tokens } from './tokens.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const other = '8a34a46b-3d17-4adc-8dce-dc4e7d572698'
const secret = 'never-to-be-seen'

/** A login service: the discovery that msal asks for, and tokens that are numbered. */
async function serveLogin() {
  type Failure = { status: number; headers: Record<string, string> }
  const state = { given: 0, expiresIn: 3599, refuse: null as object | null, fail: null as Failure | null, delayMs: 0 }
  const forms: URLSearchParams[] = []
  const server = await serve(async ({ path, body }, response) => {
    const tenant = path.split('/')[1]
    if (path.includes('openid-configuration')) {
      const base = `https://login.microsoftonline.com/${tenant}`
      return reply(response, 200, {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      })
    }
    if (!path.includes('/oauth2/v2.0/token')) return reply(response, 404)
    forms.push(new URLSearchParams(body))
    if (state.delayMs) await new Promise((resolve) => setTimeout(resolve, state.delayMs))
    if (state.fail) return reply(response, state.fail.status, {}, state.fail.headers)
    if (state.refuse) return reply(response, 401, state.refuse)
    state.given += 1
    const token = `${tenant}-${state.given}`
    reply(response, 200, { token_type: 'Bearer', expires_in: state.expiresIn, access_token: token })
  })
  return { ...server, state, forms }
}

let login: Awaited<ReturnType<typeof serveLogin>>
const open: Tokens[] = []

function tokensOf(settings: Partial<TokenSettings> = {}): Tokens {
  const tokens = createTokens({
    appId: other,
    credential: { secret },
    loginUrl: login.url,
    timeoutMs: 2_000,
    ...settings,
  })
  open.push(tokens)
  return tokens
}

const errorOf = (promise: Promise<unknown>): Promise<GraphError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => (error instanceof GraphError ? error : Promise.reject(error)),
  )

beforeEach(async () => {
  login = await serveLogin()
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(open.splice(0).map((tokens) => tokens.close()))
  await login.close()
})

it('asks for a token of the tenant by client credentials, at the address that it was given', async () => {
  expect(await tokensOf().forTenant(tenantId)).toBe(`${tenantId}-1`)
  expect(Object.fromEntries(login.forms[0] ?? [])).toMatchObject({
    grant_type: 'client_credentials',
    client_id: other,
    client_secret: secret,
    scope: expect.stringContaining('https://graph.microsoft.com/.default'),
  })
})

it('fifty waiters share one flight, and later ones need none', async () => {
  const tokens = tokensOf()
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.forTenant(tenantId)))
  expect(new Set(all)).toEqual(new Set([`${tenantId}-1`]))
  expect(await tokens.forTenant(tenantId.toUpperCase())).toBe(`${tenantId}-1`)
  expect(login.state.given).toBe(1)
})

it('tenants and scopes have tokens of their own', async () => {
  const tokens = tokensOf()
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  expect(await tokens.forTenant(other)).toBe(`${other}-2`)
  expect(await tokens.forTenant(tenantId, 'https://api.botframework.com/.default')).toBe(`${tenantId}-3`)
  expect(await tokens.forTenant(other)).toBe(`${other}-2`)
})

it('proves itself by a certificate instead of a secret, signing each assertion with its key', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const thumbprintSha256 = 'ab'.repeat(32)
  const tokens = tokensOf({ credential: { certificate: { thumbprintSha256, privateKey: pem } } })
  await tokens.forTenant(tenantId)
  const form = login.forms[0]
  expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  expect(form?.has('client_secret')).toBe(false)

  const assertion = form?.get('client_assertion') ?? ''
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
    algorithms: ['PS256'],
    clockTolerance: 5,
  })
  expect(payload).toMatchObject({
    iss: other,
    sub: other,
    aud: expect.stringContaining(`/${tenantId}/oauth2/v2.0/token`),
  })
  expect(protectedHeader['x5t#S256']).toBe(Buffer.from(thumbprintSha256, 'hex').toString('base64url'))
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  await expect(jwtVerify(assertion, stranger, { algorithms: ['PS256'] })).rejects.toThrow(/signature/)
})

it("proves itself by another issuer's assertion, a new one for each token", async () => {
  let made = 0
  const assertion = async () => `assertion-${++made}`
  const tokens = tokensOf({ credential: { assertion } })
  await Promise.all([tokens.forTenant(tenantId), tokens.forTenant(tenantId), tokens.forTenant(other)])
  expect(login.forms.map((form) => form.get('client_assertion')).sort()).toEqual(['assertion-1', 'assertion-2'])
  expect(login.forms.every((form) => !form.has('client_secret'))).toBe(true)
})

it('an assertion that cannot be had is worth trying again', async () => {
  const assertion = () => Promise.reject(new Error('the issuer is away'))
  const error = await errorOf(tokensOf({ credential: { assertion } }).forTenant(tenantId))
  expect(error).toMatchObject({ code: 'noToken', status: null, worthRetrying: true })
  expect(error.message).not.toContain('away')
})

describe('a managed identity', () => {
  /** App Service's own endpoint for tokens, which msal finds by these variables. */
  async function serveIdentity() {
    const state = { header: 'only-here' }
    const server = await serve(({ path, headers }, response) => {
      if (headers['x-identity-header'] !== state.header) {
        return reply(response, 401, { error: 'unauthorized', error_description: 'prose with names' })
      }
      const { searchParams } = new URL(path, 'http://127.0.0.1')
      const resource = searchParams.get('resource')
      const access_token = `${searchParams.get('client_id') ?? 'system'} for ${resource} ${server.heard.length}`
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600)
      reply(response, 200, { access_token, expires_on, resource, token_type: 'Bearer' })
    })
    return { ...server, state }
  }
  let identity: Awaited<ReturnType<typeof serveIdentity>>
  // One for all tests, since msal reads the variables once in the life of a process.
  beforeAll(async () => {
    identity = await serveIdentity()
  })
  beforeEach(() => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${identity.url}/msi/token`)
    vi.stubEnv('IDENTITY_HEADER', 'only-here')
    identity.heard.length = 0
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await identity.close()
  })

  it.each([
    ['system-assigned', {}, 'system'],
    ['user-assigned', { clientId: tenantId }, tenantId],
  ])('that is %s gives tokens without any secret, and one fetch serves all who wait', async (_kind, managed, name) => {
    const tokens = tokensOf({ credential: { managedIdentity: managed } })
    const given = await Promise.all([1, 2, 3, 4, 5].map(() => tokens.forTenant(tenantId)))
    expect(new Set(given)).toEqual(new Set([`${name} for https://graph.microsoft.com 1`]))
    expect(await tokens.forTenant(other)).toBe(given[0])
    expect(identity.heard).toHaveLength(1)
    expect(login.heard).toHaveLength(0)
  })

  it('can vouch for an app of many tenants', async () => {
    const vouching = tokensOf({ credential: { managedIdentity: {} } })
    const assertion = () => vouching.forTenant(other, 'api://AzureADTokenExchange/.default')
    const tokens = tokensOf({ credential: { assertion } })
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
    expect(login.forms[0]?.get('client_assertion')).toBe('system for api://AzureADTokenExchange 1')
  })

  it('that is refused says so, and nothing of what was answered', async () => {
    identity.state.header = 'another'
    const error = await errorOf(tokensOf({ credential: { managedIdentity: {} } }).forTenant(tenantId))
    expect(error.code).toBe('noToken')
    expect(error.message).not.toContain('prose')
  })
})

it('renews by the clock that it is given', async () => {
  const clock = manualClock()
  const tokens = tokensOf({ clock })
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  await clock.pass(3_590_000)
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`) // it serves while a new one is fetched
  await expect.poll(() => tokens.forTenant(tenantId)).toBe(`${tenantId}-2`)
  await clock.pass(3_700_000)
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-3`)
})

describe('when the clock is set back', () => {
  const settable = () => {
    const state = { time: Date.now() }
    return { state, clock: { now: () => state.time } }
  }

  it('a refused token is still replaced, and one that has lived its life is not handed out', async () => {
    const { state, clock } = settable()
    const tokens = tokensOf({ clock })
    const first = await tokens.forTenant(tenantId)
    state.time -= 3_600_000
    await tokens.forTenant(tenantId) // it has been seen
    state.time += 60_000
    expect(await tokens.forTenant(tenantId, undefined, first)).toBe(`${tenantId}-2`)
    state.time += 3_700_000
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-3`)
  })

  it('the login service is asked again as soon as it would have been', async () => {
    const { state, clock } = settable()
    const tokens = tokensOf({ clock })
    login.state.fail = { status: 503, headers: { 'retry-after': '2' } }
    await errorOf(tokens.forTenant(tenantId))
    login.state.fail = null
    state.time -= 3_600_000
    expect(await errorOf(tokens.forTenant(tenantId))).toMatchObject({ retryAfterMs: 2000 })
    state.time += 2_000
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  })
})

it('a tenant that is in use keeps its token, however many others come', async () => {
  const tokens = tokensOf()
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  login.state.fail = { status: 503, headers: {} }
  for (let round = 0; round < 3; round += 1) {
    await Promise.allSettled(Array.from({ length: 1_000 }, (_, n) => tokens.forTenant(`t${round}-${n}.example`)))
    await tokens.forTenant(tenantId)
  }
  login.state.fail = null
  expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  expect(login.state.given).toBe(1)
}, 60_000)

it('a secret never travels without TLS to another machine', () => {
  expect(() => createTokens({ appId: other, credential: { secret }, loginUrl: 'http://login.example' })).toThrow(
    TypeError,
  )
})

describe('renewal', () => {
  it('begins five minutes ahead of expiry, and nobody waits for it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const tokens = tokensOf()
    await tokens.forTenant(tenantId)
    vi.setSystemTime(Date.now() + 54 * 60_000)
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
    expect(login.state.given).toBe(1)

    vi.setSystemTime(Date.now() + 2 * 60_000)
    login.state.delayMs = 50
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
    await expect.poll(() => tokens.forTenant(tenantId)).toBe(`${tenantId}-2`)
    expect(login.state.given).toBe(2)
  })

  it('that fails leaves the held token in use until it expires', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const tokens = tokensOf()
    await tokens.forTenant(tenantId)
    login.state.refuse = { error: 'temporarily_unavailable', error_description: 'AADSTS90033: busy' }
    vi.setSystemTime(Date.now() + 57 * 60_000)
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
    vi.setSystemTime(Date.now() + 4 * 60_000)
    expect((await errorOf(tokens.forTenant(tenantId))).code).toBe('noToken')
  })

  it('replaces a token that was refused, but not again and again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const tokens = tokensOf()
    const first = await tokens.forTenant(tenantId)
    expect(await tokens.forTenant(tenantId, undefined, first)).toBe(first) // it is too young to be at fault
    vi.setSystemTime(Date.now() + 60_000)
    const second = await tokens.forTenant(tenantId, undefined, first)
    expect(second).toBe(`${tenantId}-2`)
    expect(await tokens.forTenant(tenantId, undefined, first)).toBe(second)
    expect(login.state.given).toBe(2)
  })
})

describe('failure', () => {
  it('of the credential carries the AADSTS number, and neither the secret nor the prose', async () => {
    login.state.refuse = {
      error: 'invalid_client',
      error_description: `AADSTS7000215: Invalid client secret provided for app ${other}.`,
      error_codes: [7000215],
    }
    const error = await errorOf(tokensOf().forTenant(tenantId))
    expect(error).toMatchObject({ code: 'noToken', status: 401, subcode: 7000215, worthRetrying: false, gone: false })
    expect(error.message).toBe(
      'token failed. The login service refused: invalid_client, AADSTS7000215. Check the app id, its secret or certificate, and the tenant.',
    )
  })

  it('of the network is worth retrying, and the next request asks anew', async () => {
    const { url } = login
    await login.close()
    const tokens = tokensOf({ loginUrl: url })
    const error = await errorOf(tokens.forTenant(tenantId))
    expect(error).toMatchObject({ code: 'noToken', status: null, worthRetrying: true })
    expect((await errorOf(tokens.forTenant(tenantId))).code).toBe('noToken')
    login = await serveLogin()
  })

  it('of the login service lasts as long as it says, and no longer: callers ring', async () => {
    const clock = manualClock()
    const tokens = tokensOf({ clock })
    login.state.fail = { status: 500, headers: {} }
    expect(await errorOf(tokens.forTenant(tenantId))).toMatchObject({ code: 'noToken', retryAfterMs: null })
    login.state.fail = { status: 503, headers: { 'retry-after': '2' } }
    expect(await errorOf(tokens.forTenant(tenantId))).toMatchObject({ code: 'noToken', retryAfterMs: 2000 })
    login.state.fail = null
    const asked = login.forms.length
    await clock.pass(1500)
    expect(await errorOf(tokens.forTenant(tenantId))).toMatchObject({ code: 'noToken', retryAfterMs: 500 })
    expect(login.forms).toHaveLength(asked)
    await clock.pass(500)
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  })

  it('of the login service lasts for an hour at most, whatever it says', async () => {
    const clock = manualClock()
    const tokens = tokensOf({ clock })
    login.state.fail = { status: 503, headers: { 'retry-after': '86400' } }
    await errorOf(tokens.forTenant(tenantId))
    login.state.fail = null
    expect(await errorOf(tokens.forTenant(tenantId))).toMatchObject({ retryAfterMs: 3_600_000 })
    await clock.pass(3_600_000)
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  })

  it.each([
    [503, '2', 2000],
    [429, '2', 2000],
    [500, null, null],
  ])('that is %i without a word carries that, and its Retry-After (%s)', async (status, header, retryAfterMs) => {
    const clock = manualClock()
    const tokens = tokensOf({ clock })
    login.state.fail = { status, headers: header ? { 'retry-after': header } : {} }
    const error = await errorOf(tokens.forTenant(tenantId))
    expect(error).toMatchObject({ code: 'noToken', status, retryAfterMs, worthRetrying: true })
    expect(error.message).toBe(`token failed. The login service refused: ${status}. Try again later.`)
    login.state.fail = null
    await clock.pass(retryAfterMs ?? 0)
    expect(await tokens.forTenant(tenantId)).toBe(`${tenantId}-1`)
  })

  it.each(['common', 'organizations', 'Consumers'])(
    'of %s says that it stands for no tenant, before any request',
    async (name) => {
      const error = await errorOf(tokensOf().forTenant(name))
      expect(error).toMatchObject({ code: 'badRequest', neverSent: true })
      expect(error.message).toBe(
        `token was not asked for: "${name.toLowerCase()}" stands for no single tenant. Pass the tenant of the call.`,
      )
      expect(login.heard).toHaveLength(0)
    },
  )

  it.each(['', '../common', 'a/b', 'a?b', ' '])('of a tenant id such as "%s" comes before any request', async (bad) => {
    expect((await errorOf(tokensOf().forTenant(bad))).code).toBe('badRequest')
    expect(login.heard).toHaveLength(0)
  })
})
