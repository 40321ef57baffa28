import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { decodeJwt } from 'jose'
import * as z from 'zod'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { App, Settings } from '../settings.ts'
import type { KeySet } from './keys.ts'
import { originOf } from './openid.ts'
import { Refusal, refusalOf } from './refusal.ts'
import type { User, Users } from './users.ts'

/**
 * Entra ID as far as the apps here need it: access tokens for client credentials (contract: auth.json, outbound), and those that an
 * app gets on behalf of a signed-in user. Nobody signs in here with a browser; the control API hands out a user's first token.
 */

export const tokenLifeSeconds = 3599

/** What we give tokens for: Graph, and the Bot Framework connector that takes chat replies. */
export const resources = { graph: 'https://graph.microsoft.com', botFramework: 'https://api.botframework.com' }

/** Whom an access token belongs to. With a user it has that user's `scopes`, and no application permission. */
export type Bearer = {
  appId: string
  tenantId: string
  permissions: string[]
  user: { id: string; scopes: readonly string[] } | null
}

/** Issues access tokens, and reads them again. */
export function createAccessTokens({ clock, keys }: { clock: Clock; keys: KeySet }) {
  const sign = (
    app: App,
    tenantId: string,
    resource: string,
    claims: { roles: string[] } | { oid: string; scp: string },
  ) => {
    const now = Math.floor(clock.now() / 1000)
    return keys.sign({
      aud: resource,
      iss: `https://sts.windows.net/${tenantId}/`,
      appid: app.appId,
      tid: tenantId,
      ...claims,
      iat: now,
      nbf: now,
      exp: now + tokenLifeSeconds,
      ver: '1.0',
    })
  }

  return {
    issue: (app: App, tenantId: string, resource: string): Promise<string> =>
      sign(app, tenantId, resource, { roles: app.permissions }),
    /** A delegated token: the app acts for this user, within the scopes. */
    issueFor: (
      user: { id: string; tenantId: string },
      app: App,
      resource: string,
      scopes: readonly string[],
    ): Promise<string> => sign(app, user.tenantId, resource, { oid: user.id, scp: scopes.join(' ') }),
    /** Throws a Refusal 401/7501 for whatever is not a token of ours for this resource (sister service's code). */
    async read(authorization: string | undefined, resource: string): Promise<Bearer> {
      const [scheme, token] = authorization?.split(' ') ?? []
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw new Refusal(401, '7501', 'Access token is missing.')
      try {
        const options = { audience: resource, currentDate: new Date(clock.now()) }
        return bearerOf(accessClaims.parse(await keys.verify(token, options)))
      } catch {
        throw new Refusal(401, '7501', 'Access token is invalid, has expired or is meant for another service.')
      }
    },
  }
}
export type AccessTokens = ReturnType<typeof createAccessTokens>

/** Entra's words for whoever signs in, of any tenant. */
const ofNoTenant = new Set(['common', 'organizations'])
/**
 * Where bots of any tenant ask for tokens to chat (learn.microsoft.com, bot-framework-rest-connector-authentication); the id is the
 * one that the Agents SDK knows it by.
 */
const botFrameworkTenant = { name: 'botframework.com', id: 'd6d49420-f39b-4df7-a1dc-d59a935871db' }

const anyClaims = z.object({ appid: z.string(), tid: z.string() })
const accessClaims = z.union([
  anyClaims.extend({ roles: z.array(z.string()) }),
  anyClaims.extend({ oid: z.string(), scp: z.string() }),
])

function bearerOf(claims: z.output<typeof accessClaims>): Bearer {
  const { appid: appId, tid: tenantId } = claims
  if ('roles' in claims) return { appId, tenantId, permissions: claims.roles, user: null }
  return { appId, tenantId, permissions: [], user: { id: claims.oid, scopes: claims.scp.split(' ') } }
}

const onBehalfOf = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const tokenRequest = z.object({
  client_id: z.string(),
  scope: z.string(),
  grant_type: z.string(),
  assertion: z.string().optional(),
  client_secret: z.string().optional(),
  client_assertion: z.string().optional(),
  client_assertion_type: z.string().optional(),
})
type TokenRequest = z.output<typeof tokenRequest>

type Deps = { settings: Settings; tokens: AccessTokens; keys: KeySet; users: Users }

/** Where Entra's clients ask for tokens. Error words and AADSTS numbers are Entra's published ones. */
export async function entraRoutes(server: FastifyInstance, { settings, tokens, keys, users }: Deps): Promise<void> {
  server.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, () => new Refusal(400, 'invalid_request', 'The request is not readable.'))
    if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds)
    // Who came with this header is told of it (RFC 6749, 5.2).
    if (refusal.status === 401 && request.headers.authorization !== undefined) reply.header('www-authenticate', 'Basic')
    return reply.status(refusal.status).send(entraError(refusal))
  })

  // Read here only: no other door takes forms, and pages of other sites could send them without asking.
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  server.post<{ Params: { tenant: string } }>(
    '/:tenant/oauth2/v2.0/token',
    { config: { operation: 'token' } },
    async (request) => {
      const body = readTokenRequest(withCredentials(request.body, request.headers.authorization))
      const { app, tenant } = findApp(settings.apps, body, request.params.tenant)
      proveClient(app, body)
      const life = { expires_in: tokenLifeSeconds, ext_expires_in: tokenLifeSeconds }
      if (body.grant_type === onBehalfOf) {
        const { user, scopes } = await findConsent(body, app, tenant, { tokens, users })
        const access_token = await tokens.issueFor(user, app, resources.graph, scopes)
        return { token_type: 'Bearer', scope: scopes.join(' '), ...life, access_token }
      }
      const access_token = await tokens.issue(app, tenant, resourceOf(body.scope))
      return { token_type: 'Bearer', ...life, access_token }
    },
  )

  server.get<{ Params: { tenant: string } }>('/:tenant/v2.0/.well-known/openid-configuration', async (request) =>
    discoveryOf(originOf(request), request.params.tenant),
  )

  server.get('/:tenant/discovery/v2.0/keys', () => keys.jwks())

  server.get<{ Querystring: { authorization_endpoint?: unknown } }>('/common/discovery/instance', async (request) => {
    const { host, query } = request
    const [, tenant = 'common'] = /^https?:\/\/[^/]+\/([^/?#]+)\//.exec(String(query.authorization_endpoint)) ?? []
    return {
      tenant_discovery_endpoint: `${originOf(request)}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    }
  })
}

/**
 * What clients learn of a tenant. Every address is ours, as the one who asks knows us: whoever believes to talk to Entra sends secrets
 * to what stands here, and the emulator must not lead them to Microsoft.
 */
function discoveryOf(origin: string, tenant: string) {
  const authority = `${origin}/${tenant}`
  // The words for any tenant have this in place of one; clients put in the tenant of the token that they look at.
  const issuer = ofNoTenant.has(tenant)
    ? '{tenantid}'
    : tenant === botFrameworkTenant.name
      ? botFrameworkTenant.id
      : tenant
  return {
    issuer: `${origin}/${issuer}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

/**
 * The form with what the header says of the client, which is what many OAuth libraries send unless told otherwise. Id and secret are
 * form-encoded in it (RFC 6749, 2.3.1). Throws a Refusal for a header that says nothing, or not the same as the form.
 */
function withCredentials(body: unknown, authorization: string | undefined): unknown {
  if (authorization === undefined) return body
  const [, encoded = ''] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? []
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const [client_id, client_secret] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecoded)
  if (colon < 1 || !client_id || client_secret === undefined) {
    throw new Refusal(401, 'invalid_client', 'The Authorization header holds no client id and secret.')
  }
  const form = { ...(typeof body === 'object' ? body : {}) }
  const isOther = 'client_id' in form && !sameId(String(form.client_id), client_id)
  // One way to authenticate in each request (RFC 6749, 2.3); what Entra says to two is not known.
  if (isOther || 'client_secret' in form || 'client_assertion' in form) {
    throw new Refusal(400, 'invalid_request', 'The client is named in the form and in the header.')
  }
  return { ...form, client_id, client_secret }
}

/** Undefined for what is not encoded rightly. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function readTokenRequest(body: unknown): TokenRequest {
  const parsed = tokenRequest.safeParse(body)
  if (!parsed.success) {
    const missing = parsed.error.issues[0]?.path.join('.') || 'grant_type'
    throw new Refusal(400, 'invalid_request', `AADSTS900144: The request body must contain the parameter '${missing}'.`)
  }
  if (!['client_credentials', onBehalfOf].includes(parsed.data.grant_type)) {
    throw new Refusal(
      400,
      'unsupported_grant_type',
      'AADSTS70003: The emulator gives tokens for client_credentials and on behalf of a user only.',
    )
  }
  return parsed.data
}

/** The app, and the tenant as the settings spell it. */
function findApp(apps: App[], { client_id, scope }: TokenRequest, asked: string): { app: App; tenant: string } {
  if (ofNoTenant.has(asked)) {
    // A public report has the samples' fallback to `common` failing (contract: auth.json).
    throw new Refusal(400, 'invalid_request', 'AADSTS50059: No tenant-identifying information found in the request.')
  }
  const app = apps.find(({ appId }) => sameId(appId, client_id))
  const isForChat = scope.split(' ').includes(`${resources.botFramework}/.default`)
  if (app && isForChat && asked === botFrameworkTenant.name) return { app, tenant: botFrameworkTenant.id }
  const tenant = app && [app.tenantId, ...app.otherTenants].find((one) => sameId(one, asked))
  if (app && tenant !== undefined) return { app, tenant }
  throw new Refusal(400, 'unauthorized_client', 'AADSTS700016: The application was not found in this directory.')
}

function proveClient(
  app: App,
  { client_id, client_secret, client_assertion, client_assertion_type }: TokenRequest,
): void {
  if (client_assertion !== undefined) {
    // Checked for form only: the emulator has no certificate to check the signature with.
    if (client_assertion_type === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      if (sameId(subjectOf(client_assertion) ?? '', client_id)) return
    }
    throw new Refusal(401, 'invalid_client', 'AADSTS50027: The client assertion is not valid.')
  }
  if (client_secret === undefined) {
    throw new Refusal(401, 'invalid_client', "AADSTS7000216: 'client_assertion' or 'client_secret' is required.")
  }
  if (client_secret !== app.secret) {
    throw new Refusal(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.')
  }
}

function subjectOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

function resourceOf(scope: string): string {
  const resource = scope
    .split(' ')
    .find((one) => one.endsWith('/.default'))
    ?.slice(0, -'/.default'.length)
  if (resource && Object.values(resources).includes(resource)) return resource
  throw new Refusal(400, 'invalid_scope', 'AADSTS70011: The scope must be one known resource with /.default.')
}

/** Whom the assertion speaks for, and which of the scopes asked for that user consented to. The assertion is a token for the app. */
async function findConsent(
  { assertion, scope }: TokenRequest,
  app: App,
  tenant: string,
  { tokens, users }: { tokens: AccessTokens; users: Users },
): Promise<{ user: User; scopes: readonly string[] }> {
  const bearer = await tokens.read(`Bearer ${assertion}`, app.appId).catch(() => null)
  const user = bearer?.user && sameId(bearer.tenantId, tenant) && users.find(tenant, bearer.user.id)
  if (!user)
    throw new Refusal(400, 'invalid_grant', 'AADSTS500131: The assertion is no valid token of a user for this app.')

  const asked = scope
    .split(' ')
    .filter((one) => one && !['openid', 'profile', 'offline_access'].includes(one))
    .map((one) => (one.startsWith(`${resources.graph}/`) ? one.slice(resources.graph.length + 1) : one))
  const scopes = asked.includes('.default') ? user.consents : asked
  const isConsented = scopes.length > 0 && scopes.every((one) => user.consents.includes(one))
  if (isConsented) return { user, scopes }
  throw new Refusal(
    400,
    'invalid_grant',
    'AADSTS65001: The user has not consented to use the application for these scopes.',
  )
}

function entraError({ code, message }: Refusal) {
  const number = /^AADSTS(\d+)/.exec(message)?.[1]
  return {
    error: code,
    error_description: message,
    error_codes: number ? [Number(number)] : [],
    timestamp: new Date().toISOString(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  }
}
