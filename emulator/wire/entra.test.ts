import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node'
import { decodeJwt, SignJWT } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { buildEmulator } from '../emulator.ts'
import { appId, otherTenantId, secret, startLine, tenantId } from '../testing/testLine.ts'

const line = await startLine()
afterAll(() => line.close())

/** msal-node insists on https; this leads what it asks Microsoft for to the emulator. */
const asked: string[] = []
async function lead(url: string, init: RequestInit) {
  const there = new URL(url)
  expect(there.host).toBe('login.microsoftonline.com')
  asked.push(there.pathname)
  const response = await fetch(line.emulatorOrigin + there.pathname + there.search, init)
  return {
    headers: Object.fromEntries(response.headers),
    body: await response.json(),
    status: response.status,
  }
}
const networkClient: INetworkModule = {
  sendGetRequestAsync: (url, options) => lead(url, { headers: options?.headers ?? {} }),
  sendPostRequestAsync: (url, options) =>
    lead(url, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? null }),
}
const client = (clientSecret = secret, tenant = tenantId) =>
  new ConfidentialClientApplication({
    auth: { clientId: appId, clientSecret, authority: `https://login.microsoftonline.com/${tenant}` },
    system: { networkClient },
  })

it('gives msal-node a token for Graph and for the Bot Framework', async () => {
  for (const resource of ['https://graph.microsoft.com', 'https://api.botframework.com']) {
    const result = await client().acquireTokenByClientCredential({ scopes: [`${resource}/.default`] })
    const claims = decodeJwt(result?.accessToken ?? '')
    expect(claims).toMatchObject({ aud: resource, appid: appId, tid: tenantId })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3599)
  }
  expect(asked).toContain(`/${tenantId}/oauth2/v2.0/token`)
})

it('tells msal-node about a wrong secret the way Entra does', async () => {
  const wrong = client('wrong').acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
  await expect(wrong).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('AADSTS7000215'),
  })
})

describe('discovery names the emulator as the caller reached it, so that no secret is led away', () => {
  /** Asks without a socket: whatever the Host header says is how the caller reached it. */
  const { server } = buildEmulator({ apps: [{ appId, secret, tenantId, webhook: null, permissions: [] }] })
  afterAll(() => server.close())
  const ask = async (url: string, headers: Record<string, string> = {}) =>
    (await server.inject({ url, headers: { host: 'emulator:3979', ...headers } })).json()
  const here = 'http://emulator:3979'

  it.each([
    [tenantId, tenantId],
    ['common', '{tenantid}'],
    ['organizations', '{tenantid}'],
    ['botframework.com', 'd6d49420-f39b-4df7-a1dc-d59a935871db'],
  ])('to whom asks for %s', async (tenant, issuer) => {
    const document = await ask(`/${tenant}/v2.0/.well-known/openid-configuration`)
    expect(document).toMatchObject({
      issuer: `${here}/${issuer}/v2.0`,
      token_endpoint: `${here}/${tenant}/oauth2/v2.0/token`,
      authorization_endpoint: `${here}/${tenant}/oauth2/v2.0/authorize`,
      jwks_uri: `${here}/${tenant}/discovery/v2.0/keys`,
    })
    expect(JSON.stringify(document)).not.toContain('microsoft')
    expect(await ask(new URL(document.jwks_uri).pathname)).toMatchObject({ keys: [{ kty: 'RSA' }] })
  })

  it('to whom asks which authorities there are', async () => {
    const authority = encodeURIComponent(`${here}/${tenantId}/oauth2/v2.0/authorize`)
    const path = `/common/discovery/instance?api-version=1.1&authorization_endpoint=${authority}`
    expect(await ask(path)).toEqual({
      tenant_discovery_endpoint: `${here}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: 'emulator:3979', preferred_cache: 'emulator:3979', aliases: ['emulator:3979'] }],
    })
    const document = `${here}/common/v2.0/.well-known/openid-configuration`
    for (const asked of ['', '?authorization_endpoint=nonsense', '?authorization_endpoint=https://evil.example/'])
      expect(await ask(`/common/discovery/instance${asked}`)).toMatchObject({ tenant_discovery_endpoint: document })
  })

  it('under a name of Microsoft’s too, where that name leads here', async () => {
    const host = 'login.microsoftonline.com'
    const { token_endpoint } = await ask('/common/v2.0/.well-known/openid-configuration', { host })
    expect(token_endpoint).toBe(`http://${host}/common/oauth2/v2.0/token`)
  })

  it('and takes nobody’s word for another address', async () => {
    const elsewhere = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    }
    const { token_endpoint } = await ask(`/${tenantId}/v2.0/.well-known/openid-configuration`, elsewhere)
    expect(token_endpoint).toBe(`${here}/${tenantId}/oauth2/v2.0/token`)
  })
})

it('gives bots of any tenant tokens for chat, and no others, where the Bot Framework does', async () => {
  const chat = await line.askToken({ scope: 'https://api.botframework.com/.default' }, 'botframework.com')
  const { access_token } = (await chat.json()) as { access_token: string } // checked by decoding it
  expect(decodeJwt(access_token)).toMatchObject({ aud: 'https://api.botframework.com', appid: appId })
  const graph = await line.askToken({}, 'botframework.com')
  expect(await graph.json()).toMatchObject({ error: 'unauthorized_client', error_codes: [700016] })
})

it.each([
  ['another tenant', {}, 'f8cdef31-a31e-4b4a-93e4-5f571e91255a', 400, 'unauthorized_client', 700016],
  ['no tenant', {}, 'common', 400, 'invalid_request', 50059],
  ['an unknown app', { client_id: 'x' }, tenantId, 400, 'unauthorized_client', 700016],
  [
    'a scope of a single permission',
    { scope: 'https://graph.microsoft.com/Calls.Initiate.All' },
    tenantId,
    400,
    'invalid_scope',
    70011,
  ],
  ['another grant', { grant_type: 'password' }, tenantId, 400, 'unsupported_grant_type', 70003],
  ['nonsense for an assertion', { client_assertion: 'x' }, tenantId, 401, 'invalid_client', 50027],
])('refuses a token for %s', async (_what, fields, tenant, status, error, number) => {
  const response = await line.askToken(fields as Record<string, string>, tenant)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error, error_codes: [number] })
})

it('takes a client assertion for its form, and tenants that consented', async () => {
  const key = new TextEncoder().encode('the emulator has no certificate to check this with')
  const assertion = await new SignJWT({ sub: appId, iss: appId }).setProtectedHeader({ alg: 'HS256' }).sign(key)
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  const response = await line.askToken({ client_assertion: assertion, client_assertion_type: type }, otherTenantId)
  expect(response.status).toBe(200)
})

it('keeps no secret in its records', async () => {
  await line.askToken()
  const records = JSON.stringify(await line.requests())
  expect(records).toContain('"operation":"token"')
  expect(records).not.toContain(secret)
  expect(records).not.toContain('eyJ')
})

const basic = (id: string, password: string) => {
  const encoded = new URLSearchParams({ [id]: password }).toString().replace('=', ':')
  return `Basic ${Buffer.from(encoded).toString('base64')}`
}
const askWith = (authorization: string, fields: Record<string, string> = {}) =>
  fetch(`${line.emulatorOrigin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
      ...fields,
    }),
  })

it('takes the client’s id and secret from the Authorization header too, and says that it does', async () => {
  const response = await askWith(basic(appId, secret))
  expect(response.status).toBe(200)
  const { access_token } = (await response.json()) as { access_token: string } // as below
  expect(decodeJwt(access_token)).toMatchObject({ appid: appId, tid: tenantId })
  expect((await askWith(basic(appId, secret), { client_id: appId })).status).toBe(200)
  const { body } = await line.request('GET', `/${tenantId}/v2.0/.well-known/openid-configuration`)
  expect(body).toMatchObject({ token_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic']) })
})

it('reads id and secret form-encoded from the header', async () => {
  const odd = { appId: 'an app', secret: 'a:b+c %d/ü~' }
  const other = await startLine({}, odd)
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' })
  const url = `${other.emulatorOrigin}/${tenantId}/oauth2/v2.0/token`
  const headers = { authorization: basic(odd.appId, odd.secret) }
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200)
  await other.close()
})

it.each([
  ['a wrong secret', basic(appId, 'wrong'), {}, 401, 'invalid_client'],
  ['no secret', `Basic ${Buffer.from(appId).toString('base64')}`, {}, 401, 'invalid_client'],
  ['no id', basic('', secret), {}, 401, 'invalid_client'],
  ['what is not encoded', `Basic ${Buffer.from(`${appId}:%`).toString('base64')}`, {}, 401, 'invalid_client'],
  ['nothing', 'Basic', {}, 401, 'invalid_client'],
  ['another scheme', `Digest ${Buffer.from(`${appId}:${secret}`).toString('base64')}`, {}, 401, 'invalid_client'],
  ['a second secret in the form', basic(appId, secret), { client_secret: secret }, 400, 'invalid_request'],
  ['another client in the form', basic(appId, secret), { client_id: 'x' }, 400, 'invalid_request'],
])('refuses an Authorization header with %s', async (_what, authorization, fields, status, error) => {
  const response = await askWith(authorization, fields as Record<string, string>)
  expect(response.status).toBe(status)
  expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic' : null)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ error })
  expect(text).not.toContain(secret)
})

it('knows apps and tenants in capitals and without hyphens, and gives tokens as they are written in the settings', async () => {
  const plain = (id: string) => id.replaceAll('-', '').toUpperCase()
  for (const [id, tenant] of [
    [appId.toUpperCase(), otherTenantId.toUpperCase()],
    [plain(appId), plain(otherTenantId)],
  ]) {
    const response = await line.askToken({ client_id: id ?? '' }, tenant)
    expect(response.status).toBe(200)
    const { access_token } = (await response.json()) as { access_token: string } // the test of the answer is above
    expect(decodeJwt(access_token)).toMatchObject({ appid: appId, tid: otherTenantId })
  }
})
