import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { KeySet } from './keys.ts'

/** Where the bot finds the keys of those who call it: one set for call notifications, another for chat messages. */
export async function openidRoutes(
  server: FastifyInstance,
  { callKeys, messageKeys }: { callKeys: KeySet; messageKeys: KeySet },
): Promise<void> {
  // The path as it stands at https://api.aps.skype.com (contract: auth.json, inbound). Not a JWA name, but what the real document
  // says; the keys are RS256.
  server.get('/v1/.well-known/OpenIdConfiguration', async (request) => metadata(request, '/v1/keys', 'RSA256'))
  server.get('/v1/keys', () => callKeys.jwks())

  // As at https://login.botframework.com/v1, which differs from the path above in its letters only; so it stands below /messages
  // too, for clients that can be told where to ask.
  for (const [folder, keys] of [
    ['/v1', '/v1/.well-known/keys'],
    ['/messages/v1', '/messages/v1/keys'],
  ] as const) {
    server.get(`${folder}/.well-known/openidconfiguration`, async (request) => ({
      ...metadata(request, keys, 'RS256'),
      authorization_endpoint: 'https://invalid.botframework.com',
    }))
    server.get(keys, () => messageKeys.jwks())
  }
}

const metadata = (request: FastifyRequest, keysPath: string, algorithm: string) => ({
  issuer: 'https://api.botframework.com',
  jwks_uri: originOf(request) + keysPath,
  id_token_signing_alg_values_supported: [algorithm],
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
})

/** This server as the one who asks knows it: by the Host header of the request, and by no header of a proxy. */
export const originOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`
