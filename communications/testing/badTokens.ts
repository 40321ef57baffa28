import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { newSigner, type Signer, sign, unsigned } from './keyServer.ts'

/** Tokens as Microsoft signs them, and more than fifty kinds that nobody may accept. Keys are made anew for each run. */

export const appId = '0efc74f7-41c3-47a4-8775-7259bfef4241'
export const tid = '1fdd12d0-4620-44ed-baec-459b611f84b2'
export const microsoft = newSigner('microsoft-1', ['msteams'])
/** Somebody who calls a key by Microsoft's name. */
const stranger = newSigner('microsoft-1')

export const seconds = () => Math.floor(Date.now() / 1000)

/** The claims of a good token. */
export const good = () => ({
  iss: 'https://api.botframework.com',
  aud: appId,
  tid,
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 300,
})
export const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(good()).filter(([name]) => !names.includes(name)))

export const bearer = (claims: object, header?: object, signer: Signer = microsoft) =>
  `Bearer ${sign(signer, claims, header)}`

/** Another algorithm, really signed by it. */
function es256(claims: object): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const input = unsigned(claims, { alg: 'ES256', typ: 'JWT', kid: 'microsoft-1' }).slice(0, -1)
  const signature = createSign('SHA256').update(input).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** The old trick: the public key, which everybody has, taken as the secret of an HMAC. */
function hs256(claims: object): string {
  const input = unsigned(claims, { alg: 'HS256', typ: 'JWT', kid: 'microsoft-1' }).slice(0, -1)
  const secret = microsoft.publicKey.export({ type: 'spki', format: 'pem' })
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function tampered(): string {
  const [header, , signature] = sign(microsoft, good()).split('.')
  const payload = Buffer.from(JSON.stringify({ ...good(), tid: 'another-tenant' })).toString('base64url')
  return `${header}.${payload}.${signature}`
}

const strangerJwk = stranger.publicKey.export({ format: 'jwk' })

/** What is wrong, the value or values of the Authorization header, and the code of the refusal. */
export const badTokens: [what: string, authorization: () => string | string[] | undefined, code: string][] = [
  ['no header', () => undefined, 'noToken'],
  ['an empty header', () => '', 'noToken'],
  ['an empty list of headers', () => [], 'noToken'],
  ['two headers', () => [bearer(good()), bearer(good())], 'severalTokens'],
  ['two headers joined by a comma', () => `${bearer(good())}, ${bearer(good())}`, 'malformed'],
  ['another scheme', () => bearer(good()).replace('Bearer', 'Basic'), 'malformed'],
  ['a life of ten years (B23)', () => bearer({ ...good(), exp: seconds() + 10 * 365 * 86_400 }), 'livesTooLong'],
  ['one that began ten years ago', () => bearer({ ...good(), nbf: seconds() - 10 * 365 * 86_400 }), 'livesTooLong'],
  ['a bare token', () => sign(microsoft, good()), 'malformed'],
  ['text that is no JWT', () => 'Bearer hello', 'malformed'],
  ['three dots of nothing', () => 'Bearer e30.e30.e30', 'wrongAlgorithm'],
  ['a header that is no JSON', () => 'Bearer !!!.e30.e30'.replace('!!!', 'aGVsbG8'), 'malformed'],
  ['a payload that is a list', () => bearer(['x']), 'malformed'],
  ['a token of 100 kB', () => bearer({ ...good(), stuff: 'x'.repeat(100_000) }), 'tooLarge'],
  ['another key under the same kid', () => bearer(good(), {}, stranger), 'badSignature'],
  ['a changed payload', () => `Bearer ${tampered()}`, 'badSignature'],
  ['a signature cut off', () => `Bearer ${sign(microsoft, good()).replace(/[^.]*$/, '')}`, 'badSignature'],
  ['alg none', () => `Bearer ${unsigned(good(), { alg: 'none', kid: 'microsoft-1' })}`, 'wrongAlgorithm'],
  ['alg None', () => `Bearer ${unsigned(good(), { alg: 'None', kid: 'microsoft-1' })}`, 'wrongAlgorithm'],
  ['HS256 with the public key', () => `Bearer ${hs256(good())}`, 'wrongAlgorithm'],
  ['RS512', () => `Bearer ${sign(microsoft, good(), { alg: 'RS512' }, 'RSA-SHA512')}`, 'wrongAlgorithm'],
  ['ES256', () => `Bearer ${es256(good())}`, 'wrongAlgorithm'],
  ['the RSA256 of the discovery document', () => bearer(good(), { alg: 'RSA256' }), 'wrongAlgorithm'],
  ['no kid', () => bearer(good(), { kid: undefined }), 'noKeyId'],
  ['an empty kid', () => bearer(good(), { kid: '' }), 'noKeyId'],
  ['a kid that is a number', () => bearer(good(), { kid: 1 }), 'noKeyId'],
  ['an unknown kid', () => bearer(good(), { kid: 'nobody' }), 'unknownKey'],
  ['a kid that is a path', () => bearer(good(), { kid: '../../etc/passwd' }), 'unknownKey'],
  ['a kid that is SQL', () => bearer(good(), { kid: "' or 1=1 --" }), 'unknownKey'],
  ['a kid of 8,000 letters', () => bearer(good(), { kid: 'k'.repeat(8000) }), 'unknownKey'],
  ['a kid that every object has', () => bearer(good(), { kid: '__proto__' }), 'unknownKey'],
  ['its own key as jwk', () => bearer(good(), { jwk: strangerJwk }, stranger), 'forbiddenHeader'],
  [
    'the address of its own keys as jku',
    () => bearer(good(), { jku: 'https://evil.example/k' }, stranger),
    'forbiddenHeader',
  ],
  ['its own certificate as x5c', () => bearer(good(), { x5c: ['MII'] }, stranger), 'forbiddenHeader'],
  ['the address of its certificate as x5u', () => bearer(good(), { x5u: 'https://evil.example/c' }), 'forbiddenHeader'],
  ['a critical extension', () => bearer(good(), { crit: ['exp'] }), 'forbiddenHeader'],
  ['expired beyond the skew', () => bearer({ ...good(), exp: seconds() - 301 }), 'expired'],
  ['not valid yet, beyond the skew', () => bearer({ ...good(), nbf: seconds() + 310 }), 'notYetValid'],
  ['no exp', () => bearer(without('exp')), 'missingClaim'],
  ['no nbf', () => bearer(without('nbf')), 'missingClaim'],
  ['no iss', () => bearer(without('iss')), 'missingClaim'],
  ['no aud', () => bearer(without('aud')), 'missingClaim'],
  ['an exp that is text', () => bearer({ ...good(), exp: String(seconds() + 300) }), 'malformed'],
  ['an audience that is another app', () => bearer({ ...good(), aud: tid }), 'wrongAudience'],
  ['a list of audiences with us in it', () => bearer({ ...good(), aud: [appId] }), 'wrongAudience'],
  ['an audience that begins like ours', () => bearer({ ...good(), aud: `${appId}x` }), 'wrongAudience'],
  ['an audience that ours begins with', () => bearer({ ...good(), aud: appId.slice(0, -1) }), 'wrongAudience'],
  ['an audience in capitals', () => bearer({ ...good(), aud: appId.toUpperCase() }), 'wrongAudience'],
  ['an issuer in other case', () => bearer({ ...good(), iss: 'https://API.botframework.com' }), 'wrongIssuer'],
  ['an issuer with two slashes', () => bearer({ ...good(), iss: 'https://api.botframework.com//' }), 'wrongIssuer'],
  ['an issuer without TLS', () => bearer({ ...good(), iss: 'http://api.botframework.com' }), 'wrongIssuer'],
  [
    'an issuer below ours',
    () => bearer({ ...good(), iss: 'https://api.botframework.com.evil.example' }),
    'wrongIssuer',
  ],
  ['the issuer of another cloud', () => bearer({ ...good(), iss: 'https://api.botframework.us' }), 'wrongIssuer'],
  [
    'the issuer of user tokens',
    () => bearer({ ...good(), iss: `https://login.microsoftonline.com/${tid}/v2.0` }),
    'wrongIssuer',
  ],
  ['no tid', () => bearer(without('tid')), 'noTenant'],
  ['an empty tid', () => bearer({ ...good(), tid: '' }), 'noTenant'],
  ['a tid that is a list', () => bearer({ ...good(), tid: [tid] }), 'noTenant'],
]
