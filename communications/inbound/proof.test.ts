import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appId, badTokens, bearer, good, microsoft, seconds, tid, without } from '../testing/badTokens.ts'
import { newSigner, serveKeys, sign } from '../testing/keyServer.ts'
import { createProof, ProofError, type ProofSettings } from './proof.ts'

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

describe('refused', () => {
  for (const [what, authorization, code] of badTokens) {
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
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
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
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
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
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
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
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
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
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
    expect(await outcome(bearer(good()), proof)).toBe('keysUnavailable')
    keys.state.down = false
    time += 29_999
    expect(await outcome(bearer(good()), proof)).toBe('keysUnavailable')
    time += 1
    expect(await outcome(bearer(good()), proof)).toBe('accepted')
    await keys.close()
  })

  it('are loaded ahead of the first request, and one look serves all that wait for the first (B10)', async () => {
    const keys = await serveKeys(microsoft)
    keys.state.down = true
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
    expect(proof.ready).toBe(false)
    for (let n = 0; n < 100; n++) await expect(proof.load()).rejects.toMatchObject({ code: 'keysUnavailable' })
    expect(keys.heard).toHaveLength(1)
    keys.state.down = false
    time += 30_000
    await Promise.all(Array.from({ length: 100 }, () => proof.load()))
    expect([proof.ready, keys.state.fetches]).toEqual([true, 1])
    // Nothing more is to be loaded, and the first request waits for nothing.
    await proof.load()
    keys.state.down = true
    expect(await outcome(bearer(good()), proof)).toBe('accepted')
    expect(keys.state.fetches).toBe(1)
    await keys.close()
  })

  it('are fetched once in 30 s at most, whoever asks and whether there are any or not (R15)', async () => {
    let time = Date.now()
    const fetched: number[] = []
    // Away for three minutes from the start, then there, then away again.
    const isAway = (minute: number) => minute < 3 || minute >= 6
    const proof = proofOf({
      clock: { now: () => time },
      async transport(url) {
        if (!url.endsWith('/keys')) fetched.push(time)
        if (isAway((time - start) / 60_000)) throw new Error('away')
        const key = { ...microsoft.publicKey.export({ format: 'jwk' }), kid: microsoft.kid }
        const answer = url.endsWith('/keys') ? { keys: [key] } : { jwks_uri: 'https://keys.example/keys' }
        return { status: 200, headers: {}, text: JSON.stringify(answer) }
      },
      openIdUrl: 'https://keys.example/openid',
    })
    const start = time
    const known: string[] = []
    for (let second = 0; second < 600; second += 1) {
      await proof.load().catch(() => {})
      await outcome(bearer(good(), { kid: 'nobody' }), proof)
      known.push(await outcome(bearer(good()), proof))
      time += 1_000
    }
    const between = fetched.slice(1).map((at, n) => at - (fetched[n] ?? 0))
    expect(Math.min(...between)).toBe(30_000)
    expect(fetched).toHaveLength(20)
    // Whoever is known is not refused any more, whatever comes.
    expect(known.indexOf('accepted')).toBe(180)
    expect(new Set(known.slice(180))).toEqual(new Set(['accepted']))
  })

  it('an empty list of keys does not replace the known ones', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
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

describe('when the clock is set back', () => {
  it('a rotated key is taken as soon as it would have been', async () => {
    const keys = await serveKeys(microsoft)
    let time = Date.now()
    const proof = proofOf({ openIdUrl: keys.openIdUrl, clock: { now: () => time } })
    await proof.verify(bearer(good()))
    const next = newSigner('microsoft-2')
    keys.state.signers = [next]
    time -= 120_000
    const now = Math.floor(time / 1000)
    const rotated = bearer({ ...good(), nbf: now, exp: now + 600 }, {}, next)
    expect(await outcome(rotated, proof)).toBe('unknownKey')
    time += 31_000
    expect(await outcome(rotated, proof)).toBe('accepted')
    await keys.close()
  })

  it('a remembered token is checked again as soon as it would have been', async () => {
    let time = Date.now()
    const proof = proofOf({ clock: { now: () => time } })
    const token = bearer({ ...good(), nbf: seconds() - 3_600, exp: seconds() + 3_600 })
    const first = await proof.verify(token)
    time -= 1_800_000
    expect(await proof.verify(token)).toBe(first)
    time += 301_000
    expect(await proof.verify(token)).not.toBe(first)
  })
})

describe('verified tokens', () => {
  it('are checked anew after five minutes', async () => {
    let time = Date.now()
    const proof = proofOf({ clock: { now: () => time } })
    const token = bearer({ ...good(), exp: seconds() + 3_600 })
    const first = await proof.verify(token)
    time += 299_000
    expect(await proof.verify(token)).toBe(first)
    time += 2_000
    const second = await proof.verify(token)
    expect(second).not.toBe(first)
    expect(second).toEqual(first)
  })

  it('are checked each time by who trusts none', async () => {
    const proof = proofOf({ trustForMs: 0 })
    const token = bearer(good())
    const first = await proof.verify(token)
    const second = await proof.verify(token)
    expect(second).not.toBe(first)
    expect(second).toEqual(first)
  })

  it('the same token is checked once, also for many at once', async () => {
    const proof = proofOf()
    const token = bearer(good())
    const all = await Promise.all(Array.from({ length: 50 }, () => proof.verify(token)))
    expect(new Set(all).size).toBe(1) // the very same object: one check
    expect(await proof.verify(token)).toBe(all[0])
  })

  it('are answered at once, and what only begins or is cased like them is checked or refused', async () => {
    const proof = proofOf()
    const token = bearer(good())
    const first = proof.verify(token)
    expect(first).toBeInstanceOf(Promise)
    const proven = await first
    expect(proof.verify([token])).toBe(proven)
    expect(() => proof.verify([token, token])).toThrow(new ProofError('severalTokens'))
    expect(await outcome(token.slice(0, -1), proof)).not.toBe('accepted')
    const [, signature = ''] = /([^.]+)$/.exec(token) ?? []
    for (const claims of [
      { ...good(), tid: 'another' },
      { ...good(), exp: seconds() + 600 },
    ])
      expect(await outcome(bearer(claims).replace(/[^.]+$/, signature), proof)).toBe('badSignature')
    expect(proof.verify(token)).toBe(proven)
    expect(await outcome(`${token} `, proof)).toBe('malformed')
    expect(await proof.verify(token.replace('Bearer', 'BEARER'))).toEqual(proven)
  })

  it('a remembered token is refused once its life and the skew are over', async () => {
    let time = Date.now()
    const proof = proofOf({ clock: { now: () => time } })
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
