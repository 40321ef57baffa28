import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createProof, ProofError, type ProofSettings } from './proof.ts'
import { newSigner, type Signer, serveKeys, sign, unsigned } from './testing/keyServer.ts'

const appId = '0efc74f7-41c3-47a4-8775-7259bfef4241'
const tid = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const microsoft = newSigner('microsoft-1', ['msteams'])
const stranger = newSigner('microsoft-1')

const seconds = () => Math.floor(Date.now() / 1000)
const good = () => ({
  iss: 'https://api.botframework.com',
  aud: appId,
  tid,
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 300,
})
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(good()).filter(([name]) => !names.includes(name)))

let server: Awaited<ReturnType<typeof serveKeys>>
const open: { close(): Promise<void> }[] = []

beforeAll(async () => {
  server = await serveKeys(microsoft)
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((proof) => proof.close()))
})
afterAll(() => server.close())

function proofOf(settings: Partial<Omit<ProofSettings, 'tenantClaim'>> = {}) {
  const proof = createProof({ appId, openIdUrl: server.openIdUrl, ...settings })
  open.push(proof)
  return proof
}

/** The code of the refusal, or 'accepted'. */
async function outcome(authorization: string | string[] | undefined, proof = proofOf()): Promise<string> {
  try {
    await proof.verify(authorization)
    return 'accepted'
  } catch (error) {
    if (error instanceof ProofError) return error.code
    throw error
  }
}

const bearer = (claims: object, header?: object, signer: Signer = microsoft) => `Bearer ${sign(signer, claims, header)}`

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

const bad: [what: string, authorization: () => string | string[] | undefined, code: string][] = [
  ['no header', () => undefined, 'noToken'],
  ['an empty header', () => '', 'noToken'],
  ['an empty list of headers', () => [], 'noToken'],
  ['two headers', () => [bearer(good()), bearer(good())], 'severalTokens'],
  ['two headers joined by a comma', () => `${bearer(good())}, ${bearer(good())}`, 'malformed'],
  ['another scheme', () => bearer(good()).replace('Bearer', 'Basic'), 'malformed'],
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

describe('refused', () => {
  for (const [what, authorization, code] of bad) {
    it(what, async () => {
      expect(await outcome(authorization())).toBe(code)
    })
  }

  it('a tenant that we do not serve', async () => {
    const proof = proofOf({ tenants: ['8a34a46b-3d17-4adc-8dce-dc4e7d572698'] })
    expect(await outcome(bearer(good()), proof)).toBe('wrongTenant')
  })

  it('an empty app id, before anything is served', () => {
    expect(() => createProof({ appId: '' })).toThrow(TypeError)
  })
})

describe('accepted', () => {
  it.each([
    ['the documented issuer', good()],
    ['the issuer of the samples', { ...good(), iss: 'https://graph.microsoft.com' }],
    ['an issuer with one trailing slash', { ...good(), iss: 'https://api.botframework.com/' }],
    ['a clock four minutes behind', { ...good(), exp: seconds() - 240 }],
    ['a clock four minutes ahead', { ...good(), nbf: seconds() + 240 }],
  ])('%s', async (_what, claims) => {
    expect(await proofOf().verify(bearer(claims))).toMatchObject({ tenantId: tid, claims: { aud: appId } })
  })

  it('the cty that Microsoft sends although nothing is nested', async () => {
    expect(await outcome(bearer(good(), { cty: 'JWT' }))).toBe('accepted')
  })

  it('one header in a list, in any case of the scheme, for a tenant that we serve', async () => {
    const proof = proofOf({ tenants: [tid.toUpperCase()] })
    expect(await outcome([bearer(good()).replace('Bearer', 'bearer')], proof)).toBe('accepted')
  })
})

describe('keys', () => {
  it('a rotated key is taken within 60 s, and the old one is refused from then on', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    const old = bearer(good())
    expect(await outcome(old, proof)).toBe('accepted')

    const next = newSigner('microsoft-2')
    keys.state.signers = [next]
    time += 31_000
    expect(await outcome(bearer(good(), {}, next), proof)).toBe('accepted')
    expect(await outcome(old, proof)).toBe('unknownKey')
    await keys.close()
  })

  it('10,000 unknown key ids cause one look at the endpoint', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    await proof.verify(bearer(good()))
    time += 31_000
    const [header, payload, signature] = sign(microsoft, good()).split('.')
    const kid = (n: number) => Buffer.from(JSON.stringify({ alg: 'RS256', kid: `k${n}` })).toString('base64url')
    const codes = await Promise.all(
      Array.from({ length: 10_000 }, (_, n) => outcome(`Bearer ${kid(n)}.${payload}.${signature}`, proof)),
    )
    expect(header).toBeDefined()
    expect(new Set(codes)).toEqual(new Set(['unknownKey']))
    expect(keys.state.fetches).toBe(2)
    await keys.close()
  })

  it('while the endpoint is down for a day, known keys stay good', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    await proof.verify(bearer(good()))
    keys.state.down = true
    for (let hour = 0; hour < 24; hour += 1) {
      time += 3_600_000
      const then = Math.floor(time / 1000)
      expect(await outcome(bearer({ ...good(), nbf: then, exp: then + 300 }), proof)).toBe('accepted')
    }
    await keys.close()
  })

  it('keys are refreshed in the background after an hour', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    await proof.verify(bearer(good()))
    time += 3_601_000
    const then = Math.floor(time / 1000)
    await proof.verify(bearer({ ...good(), nbf: then, exp: then + 300 }))
    await expect.poll(() => keys.state.fetches).toBe(2)
    await keys.close()
  })

  it('without any keys every token is refused, and the endpoint is asked again in a while', async () => {
    const keys = await serveKeys(microsoft)
    keys.state.down = true
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    expect(await outcome(bearer(good()), proof)).toBe('keysUnavailable')
    keys.state.down = false
    expect(await outcome(bearer(good()), proof)).toBe('keysUnavailable')
    time += 6_000
    expect(await outcome(bearer(good()), proof)).toBe('accepted')
    await keys.close()
  })

  it('an empty list of keys does not replace the known ones', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, now: () => time })
    await proof.verify(bearer(good()))
    keys.state.signers = []
    time += 31_000
    expect(await outcome(bearer(good(), { kid: 'nobody' }), proof)).toBe('unknownKey')
    expect(await outcome(bearer({ ...good(), jti: 'another' }), proof)).toBe('accepted')
    await keys.close()
  })

  it('keys are never fetched without TLS from an address that is not surely this machine', async () => {
    const keys = await serveKeys(microsoft)
    const elsewhere = keys.openIdUrl.replace('127.0.0.1', '0.0.0.0') // leads to the same server
    expect(await outcome(bearer(good()), proofOf({ openIdUrl: elsewhere }))).toBe('keysUnavailable')
    expect(keys.heard).toHaveLength(0)
    await keys.close()
  })
})

describe('verified tokens', () => {
  it('the same token is checked once, also for many at once', async () => {
    const proof = proofOf()
    const token = bearer(good())
    const all = await Promise.all(Array.from({ length: 50 }, () => proof.verify(token)))
    expect(new Set(all).size).toBe(1) // the very same object: one check
    expect(await proof.verify(token)).toBe(all[0])
  })

  it('a remembered token is refused once its life and the skew are over', async () => {
    let time = Date.now()
    const proof = proofOf({ now: () => time })
    const token = bearer(good())
    await proof.verify(token)
    time += 299_000
    expect(await outcome(token, proof)).toBe('accepted')
    time += 302_000
    expect(await outcome(token, proof)).toBe('expired')
  })
})

describe('the messages webhook', () => {
  const messages = (endorsements?: string[]) => {
    const signer = { ...microsoft, kid: 'messages-1', ...(endorsements && { endorsements }) }
    return {
      signer,
      async proof() {
        const keys = await serveKeys(signer)
        const proof = createProof({
          appId,
          openIdUrl: keys.openIdUrl,
          issuers: ['https://api.botframework.com'],
          tenantClaim: 'optional',
          requireEndorsement: true,
        })
        open.push(proof, keys)
        return proof
      },
    }
  }
  const claims = () => ({ ...without('tid'), serviceurl: 'https://smba.trafficmanager.net/emea/' })

  it('needs no tenant, and hands over the serviceurl', async () => {
    const { signer, proof } = messages(['msteams'])
    const proven = await (await proof()).verify(bearer(claims(), {}, signer), { channelId: 'msteams' })
    expect(proven).toMatchObject({ tenantId: null, claims: { serviceurl: 'https://smba.trafficmanager.net/emea/' } })
  })

  it.each([
    ['a channel that the key is not endorsed for', { channelId: 'slack' }],
    ['an empty channel', { channelId: '' }],
    ['no channel', undefined],
  ])('refuses %s', async (_what, channel) => {
    const { signer, proof } = messages(['msteams'])
    await expect((await proof()).verify(bearer(claims(), {}, signer), channel)).rejects.toMatchObject({
      code: 'notEndorsed',
    })
  })

  it('refuses the issuer and the keys of calls', async () => {
    const { signer, proof } = messages(['msteams'])
    const gate = await proof()
    const other = bearer({ ...claims(), iss: 'https://graph.microsoft.com' }, {}, signer)
    await expect(gate.verify(other, { channelId: 'msteams' })).rejects.toMatchObject({ code: 'wrongIssuer' })
    await expect(gate.verify(bearer(good()), { channelId: 'msteams' })).rejects.toMatchObject({ code: 'unknownKey' })
  })
})
