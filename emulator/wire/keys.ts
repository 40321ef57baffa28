import { randomBytes } from 'node:crypto'
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { BoundedMap } from '#ground/boundedMap.ts'

type SigningKey = { privateKey: CryptoKey; published: JWK }

/** Keys that one part of the service signs with, and publishes. */
export type KeySet = ReturnType<typeof createKeySet>

/** Makes the first key when it is first needed. `published` are members that each published key carries besides its own. */
export function createKeySet(published: Partial<JWK> & { endorsements?: string[] } = {}) {
  let keys: Promise<[SigningKey, ...SigningKey[]]> | null = null
  const current = () => {
    keys ??= createKey(published).then((key) => [key])
    return keys
  }
  /** Proving a signature is dear, and one token comes with many requests. By audience and token. */
  const proven = new BoundedMap<string, JWTPayload>(1000)
  const jwks = async () => ({ keys: (await current()).map((key) => key.published) })

  return {
    /** The published keys, newest first. */
    jwks,
    async sign(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
      const [key] = await current()
      const { kid = '' } = key.published
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, x5t: kid, ...header })
        .sign(key.privateKey)
    },
    /** The claims, if one of the published keys signed the token. Rejects with jose's errors. */
    async verify(
      token: string,
      { audience, currentDate }: { audience: string; currentDate: Date },
    ): Promise<JWTPayload> {
      const key = `${audience} ${token}`
      const known = proven.get(key)
      const seconds = currentDate.getTime() / 1000
      if (known && (known.nbf ?? 0) <= seconds && seconds < (known.exp ?? 0)) return known
      const { payload } = await jwtVerify(token, createLocalJWKSet(await jwks()), {
        algorithms: ['RS256'],
        audience,
        currentDate,
      })
      proven.set(key, payload)
      return payload
    },
    /** From now on a new key signs; the one before stays published. Gives the new key's id. */
    async rotate(): Promise<string> {
      const [previous] = await current()
      const next = await createKey(published)
      keys = Promise.resolve([next, previous])
      proven.clear()
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
