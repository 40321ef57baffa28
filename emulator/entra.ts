import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import type { Clock } from '#communications/clock.ts'
import type { KeySet } from './keys.ts'
import { Refusal } from './refusal.ts'
import type { App, Settings } from './settings.ts'

/** Entra ID as far as an app without a user needs it: access tokens for client credentials (contract: auth.json, outbound). */

const tokenLifeSeconds = 3599

/** What we give tokens for: Graph, and the Bot Framework connector that takes chat replies. */
export const resources = { graph: 'https://graph.microsoft.com', botFramework: 'https://api.botframework.com' }

/** Whom an access token belongs to. */
export type Bearer = { appId: string; tenantId: string; permissions: string[] }

/** Issues access tokens, and reads them again. */
export function createAccessTokens({ clock, keys }: { clock: Clock; keys: KeySet }) {
  return {
    issue(app: App, tenantId: string, resource: string): Promise<string> {
      const now = Math.floor(clock.now() / 1000)
      return keys.sign({
        aud: resource,
        iss: `https://sts.windows.net/${tenantId}/`,
        appid: app.appId,
        tid: tenantId,
        roles: app.permissions,
        iat: now,
        nbf: now,
        exp: now + tokenLifeSeconds,
        ver: '1.0',
      })
    },
    /** Throws a Refusal 401/7501 for whatever is not a token of ours for this resource (sister service's code). */
    async read(authorization: string | undefined, resource: string): Promise<Bearer> {
      const [scheme, token] = authorization?.split(' ') ?? []
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw new Refusal(401, '7501', 'Access token is missing.')
      try {
        const options = { audience: resource, currentDate: new Date(clock.now()) }
        const { appid, tid, roles } = await keys.verify(token, options)
        return accessClaims.parse({ appId: appid, tenantId: tid, permissions: roles })
      } catch {
        throw new Refusal(401, '7501', 'Access token is invalid, has expired or is meant for another service.')
      }
    },
  }
}
export type AccessTokens = ReturnType<typeof createAccessTokens>

const accessClaims = z.object({ appId: z.string(), tenantId: z.string(), permissions: z.array(z.string()) })

const tokenRequest = z.object({
  client_id: z.string(),
  scope: z.string(),
  grant_type: z.string(),
  client_secret: z.string().optional(),
  client_assertion: z.string().optional(),
  client_assertion_type: z.string().optional(),
})
type TokenRequest = z.output<typeof tokenRequest>

type Deps = { settings: Settings; tokens: AccessTokens; keys: KeySet }

/** Where Entra's clients ask for tokens. Error words and AADSTS numbers are Entra's published ones. */
export async function entraRoutes(server: FastifyInstance, { settings, tokens, keys }: Deps): Promise<void> {
  server.setErrorHandler((error, _request, reply) => {
    const refusal =
      error instanceof Refusal ? error : new Refusal(400, 'invalid_request', 'The request is not readable.')
    if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds)
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
      const { tenant } = request.params
      const body = readTokenRequest(request.body)
      const app = findApp(settings.apps, body.client_id, tenant)
      proveClient(app, body)
      const access_token = await tokens.issue(app, tenant, resourceOf(body.scope))
      return { token_type: 'Bearer', expires_in: tokenLifeSeconds, ext_expires_in: tokenLifeSeconds, access_token }
    },
  )

  // The addresses say login.microsoftonline.com because that is whom the client believes to talk to.
  server.get<{ Params: { tenant: string } }>('/:tenant/v2.0/.well-known/openid-configuration', async (request) => {
    const authority = `https://login.microsoftonline.com/${request.params.tenant}`
    return {
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      response_types_supported: ['code', 'id_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  })

  server.get('/:tenant/discovery/v2.0/keys', () => keys.jwks())

  server.get('/common/discovery/instance', async () => {
    const host = 'login.microsoftonline.com'
    return {
      tenant_discovery_endpoint: `https://${host}/common/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    }
  })
}

function readTokenRequest(body: unknown): TokenRequest {
  const parsed = tokenRequest.safeParse(body)
  if (!parsed.success) {
    const missing = parsed.error.issues[0]?.path.join('.') || 'grant_type'
    throw new Refusal(400, 'invalid_request', `AADSTS900144: The request body must contain the parameter '${missing}'.`)
  }
  if (parsed.data.grant_type !== 'client_credentials') {
    throw new Refusal(
      400,
      'unsupported_grant_type',
      'AADSTS70003: The emulator gives tokens for client_credentials only.',
    )
  }
  return parsed.data
}

function findApp(apps: App[], clientId: string, tenant: string): App {
  if (tenant === 'common' || tenant === 'organizations') {
    // A public report has the samples' fallback to `common` failing (contract: auth.json).
    throw new Refusal(400, 'invalid_request', 'AADSTS50059: No tenant-identifying information found in the request.')
  }
  const app = apps.find(({ appId }) => appId === clientId)
  if (app && [app.tenantId, ...app.otherTenants].includes(tenant)) return app
  throw new Refusal(400, 'unauthorized_client', 'AADSTS700016: The application was not found in this directory.')
}

function proveClient(
  app: App,
  { client_id, client_secret, client_assertion, client_assertion_type }: TokenRequest,
): void {
  if (client_assertion !== undefined) {
    // Checked for form only: the emulator has no certificate to check the signature with.
    if (client_assertion_type === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      if (subjectOf(client_assertion) === client_id) return
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
