import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { KeySet } from './keys.ts'

/** Where the bot finds the keys of those who call it: one set for call notifications, another for chat messages. */
export async function openidRoutes(
  server: FastifyInstance,
  { callKeys, messageKeys }: { callKeys: KeySet; messageKeys: KeySet },
): Promise<void> {
  // The path as it stands at https://api.aps.skype.com (contract: auth.json, inbound).
  server.get('/v1/.well-known/OpenIdConfiguration', async (request) => metadata(request, '/v1/keys'))
  server.get('/v1/keys', () => callKeys.jwks())

  // As at https://login.botframework.com/v1; moved below /messages because both live on one server here.
  server.get('/messages/v1/.well-known/openidconfiguration', async (request) => metadata(request, '/messages/v1/keys'))
  server.get('/messages/v1/keys', () => messageKeys.jwks())
}

const metadata = (request: FastifyRequest, keysPath: string) => ({
  issuer: 'https://api.botframework.com',
  jwks_uri: originOf(request) + keysPath,
  // Not a JWA name, but what the real document says; the keys are RS256.
  id_token_signing_alg_values_supported: ['RSA256'],
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
})

/** This server as the one who asks knows it. */
export const originOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`
