import { randomBytes } from 'node:crypto'
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  SignJWT,
} from 'jose'

type SigningKey = { privateKey: CryptoKey; published: JWK }

/** Keys that one part of the service signs with, and publishes. */
export type KeySet = {
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** The claims, if one of the published keys signed the token. Rejects with jose's errors. */
  verify(token: string, options?: JWTVerifyOptions): Promise<JWTPayload>
  /** The published keys, newest first. */
  jwks(): Promise<{ keys: JWK[] }>
  /** From now on a new key signs; the one before stays published. Gives the new key's id. */
  rotate(): Promise<string>
}

/** Makes the first key when it is first needed. `published` are members that each published key carries besides its own. */
export function createKeySet(published: Partial<JWK> & { endorsements?: string[] } = {}): KeySet {
  let keys: Promise<[SigningKey, ...SigningKey[]]> | null = null
  const current = () => {
    keys ??= createKey(published).then((key) => [key])
    return keys
  }
  const jwks = async () => ({ keys: (await current()).map((key) => key.published) })

  return {
    jwks,
    async sign(claims, header = {}) {
      const [key] = await current()
      const { kid = '' } = key.published
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, x5t: kid, ...header })
        .sign(key.privateKey)
    },
    async verify(token, options) {
      const { payload } = await jwtVerify(token, createLocalJWKSet(await jwks()), { algorithms: ['RS256'], ...options })
      return payload
    },
    async rotate() {
      const [previous] = await current()
      const next = await createKey(published)
      keys = Promise.resolve([next, previous])
      return next.published.kid ?? ''
    },
  }
}

async function createKey(published: Partial<JWK>): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = randomBytes(20).toString('base64url')
  const { n, e, kty } = await exportJWK(publicKey)
  return { privateKey, published: { kty, use: 'sig', alg: 'RS256', kid, x5t: kid, n, e, ...published } }
}
