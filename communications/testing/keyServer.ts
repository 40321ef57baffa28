import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { reply, serve } from './server.ts'

export type Signer = { kid: string; privateKey: KeyObject; publicKey: KeyObject; endorsements?: string[] }

export function newSigner(kid: string, endorsements?: string[]): Signer {
  return { kid, ...(endorsements && { endorsements }), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token put together by hand, so that it can be wrong in every way. */
export function sign(signer: Signer, claims: object, header: object = {}, hash = 'RSA-SHA256'): string {
  const input = `${part({ alg: 'RS256', typ: 'JWT', kid: signer.kid, x5t: signer.kid, ...header })}.${part(claims)}`
  return `${input}.${createSign(hash).update(input).sign(signer.privateKey).toString('base64url')}`
}

export const unsigned = (claims: object, header: object) => `${part(header)}.${part(claims)}.`

/** Publishes keys as Microsoft does. `state` can be changed while it runs. */
export async function serveKeys(...signers: Signer[]) {
  const state = { signers, down: false, fetches: 0 }
  const server = await serve(({ path }, response) => {
    if (state.down) return reply(response, 503)
    if (path.endsWith('/keys')) {
      state.fetches += 1
      const keys = state.signers.map(({ kid, publicKey, endorsements }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        ...(endorsements && { endorsements }),
      }))
      return reply(response, 200, { keys })
    }
    reply(response, 200, { issuer: 'https://api.botframework.com', jwks_uri: `${server.url}/v1/keys` })
  })
  return { ...server, state, openIdUrl: `${server.url}/v1/.well-known/OpenIdConfiguration` }
}
