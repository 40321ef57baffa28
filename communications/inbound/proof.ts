import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, steadyTime } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import { type Soon, whenThere } from '#ground/soon.ts'
import type { Transport } from '../road/http.ts'
import { createKeys, type Keys, KeysUnavailable, type SigningKey } from './keys.ts'

export type ProofReason =
  | 'noToken'
  | 'severalTokens'
  | 'tooLarge'
  | 'malformed'
  | 'wrongAlgorithm'
  | 'forbiddenHeader'
  | 'noKeyId'
  | 'unknownKey'
  | 'keysUnavailable'
  | 'badSignature'
  | 'expired'
  | 'notYetValid'
  | 'livesTooLong'
  | 'missingClaim'
  | 'wrongIssuer'
  | 'wrongAudience'
  | 'noTenant'
  | 'wrongTenant'
  | 'notEndorsed'

/** Microsoft did not send it, as far as can be told. `code` is for our log: whoever sent it gets one answer for all reasons. */
export class ProofError extends Error {
  override readonly name = 'ProofError'
  readonly code: ProofReason

  constructor(code: ProofReason) {
    super(
      `The request carries no proof that Microsoft sent it (${code}). Answer 401 or 403 with the same body for every reason.`,
    )
    this.code = code
  }
}

export type ProofSettings = {
  /** The bot's app id: the only audience. */
  appId: string
  openIdUrl?: string
  issuers?: readonly string[]
  /** The tenants that we serve. */
  tenants?: readonly string[] | 'any'
  /** Calls must name their tenant; messages need not. */
  tenantClaim?: 'required' | 'optional'
  /** The signing key must be endorsed for the channel named at `verify`. */
  requireEndorsement?: boolean
  /** How long a token that was found good is not checked again, in milliseconds: 5 minutes. By 0 each request pays for its signature. */
  trustForMs?: number
  clock?: Pick<Clock, 'now'>
  /** The road to the signing keys. Sockets, unless told otherwise. */
  transport?: Transport
}

export type Proven<Tenant extends string | null = string> = {
  tenantId: Tenant
  /** The whole payload. For messages compare its `serviceurl` with the activity's serviceUrl. */
  claims: Readonly<JWTPayload>
}

export type Proof<Tenant extends string | null = string> = {
  /**
   * Checks the value of the Authorization header, or all values of it: pass Node's `headersDistinct.authorization`, since
   * `headers.authorization` hides a second one. `channelId` is the channel whose endorsement the key must carry. Throws ProofError.
   * One that was checked before is answered at once, without a promise; `await` it all the same.
   */
  verify(authorization: string | readonly string[] | undefined, channel?: { channelId: string }): Soon<Proven<Tenant>>
  /** Loads the signing keys, so that the first request does not wait for them. Throws ProofError `keysUnavailable`: try again in 30 s. */
  load(): Promise<void>
  /** False while no signing key is known, and everybody is refused. */
  readonly ready: boolean
  close(): Promise<void>
}

const callsOpenIdUrl = 'https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration'
const callsIssuers = ['https://api.botframework.com', 'https://graph.microsoft.com']

const mostTokenBytes = 16 * 1024
const clockSkewSeconds = 300
/**
 * Longest life of a token, from `nbf` to `exp`. Those of calls were seen with 5 minutes and those of messages with an hour; a day is
 * the longest that Entra gives an app's. One that lives for years is made by somebody who wants to keep it.
 */
const longestLifeSeconds = 24 * 3_600
const usualTrustForMs = 5 * 60_000
/** Headers by which a token would bring its own key, or its own rules. */
const forbiddenHeaders = ['jwk', 'jku', 'x5c', 'x5u', 'crit']

type Verified = {
  /** The whole value of the header. */
  value: string
  proven: Proven<string | null>
  endorsements: readonly string[]
  /** By the time of the world, as the token says it. */
  expires: number
  /** By the time that never goes back. */
  trustedUntil: number
}

/**
 * Proof that Microsoft sent a request: an RS256 token of the right issuer, for this app, in time, signed by a published key.
 *
 * The defaults are those of the calls webhook (call-notifications page and samples; auth.json of the contract). The messages
 * webhook has its own keys and rules: `openIdUrl` https://login.botframework.com/v1/.well-known/openidconfiguration, `issuers`
 * only https://api.botframework.com, `tenantClaim` optional, `requireEndorsement` true.
 */
export function createProof(settings: ProofSettings & { tenantClaim: 'optional' }): Proof<string | null>
export function createProof(settings: ProofSettings & { tenantClaim?: 'required' }): Proof
export function createProof({
  appId,
  openIdUrl = callsOpenIdUrl,
  issuers = callsIssuers,
  tenants = 'any',
  tenantClaim = 'required',
  requireEndorsement = false,
  trustForMs = usualTrustForMs,
  clock = realClock,
  transport,
}: ProofSettings): Proof<string | null> {
  // An empty app id must not become "any audience".
  if (!appId)
    throw new TypeError('Proof needs the app id of the bot. Set it; without it nobody could be told from Microsoft.')

  const trusted = new Set(issuers.map(withoutSlash))
  /** By the end of the header's value, which is of the signature: to hash all of a value costs 2 µs a notification. */
  const verified = new BoundedMap<string, Verified>(1000)
  const flights = new Map<string, Promise<Verified>>()
  let keySet = 0
  const keys = createKeys({
    openIdUrl,
    clock,
    transport,
    onChange() {
      verified.clear()
      keySet += 1
    },
  })
  const rules: Rules = { appId, trusted, tenants, tenantClaim }
  const now = steadyTime(clock)

  async function check(value: string): Promise<Verified> {
    const token = bearerOf(value)
    const signer = await signerOf(token, keys)
    const signedWith = keySet
    const payload = await payloadOf(token, signer, clock.now())
    const entry: Verified = {
      value,
      proven: { tenantId: tenantIn(payload, rules), claims: Object.freeze(payload) },
      endorsements: signer.endorsements,
      expires: (payload.exp ?? 0) * 1000,
      trustedUntil: now() + trustForMs,
    }
    // Keys that changed meanwhile may no longer hold this one.
    if (signedWith === keySet) verified.set(endOf(value), entry)
    return entry
  }

  /** Many notifications arrive with the same token at once: it is checked once. */
  const checkOnce = (value: string) => inFlight(flights, value, check)

  return {
    verify(authorization, channel) {
      const value = onlyOf(authorization)
      const known = verified.get(endOf(value))
      // Whoever sends the same again, letter by letter, has sent what was found good.
      const isGood = known?.value === value && clock.now() < known.expires && now() < known.trustedUntil
      return whenThere(isGood ? known : checkOnce(value), (entry) =>
        requireEndorsement ? endorsedFor(channel, entry) : entry.proven,
      )
    },
    load: () => keys.load().catch(inOurWords),
    get ready() {
      return keys.ready
    },
    close: keys.close,
  }
}

function inFlight<T>(flights: Map<string, Promise<T>>, name: string, begin: (name: string) => Promise<T>): Promise<T> {
  const flight = flights.get(name) ?? begin(name).finally(() => flights.delete(name))
  flights.set(name, flight)
  return flight
}

function inOurWords(error: unknown): never {
  throw error instanceof KeysUnavailable ? new ProofError('keysUnavailable') : error
}

type Rules = Required<Pick<ProofSettings, 'appId' | 'tenants' | 'tenantClaim'>> & { trusted: ReadonlySet<string> }

async function signerOf(token: string, keys: Keys): Promise<SigningKey> {
  const signer = await keys.find(kidOf(token)).catch(inOurWords)
  if (!signer) throw new ProofError('unknownKey')
  return signer
}

async function payloadOf(token: string, { key }: SigningKey, now: number): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, key, {
    algorithms: ['RS256'],
    clockTolerance: clockSkewSeconds,
    requiredClaims: ['iss', 'aud', 'exp', 'nbf'],
    currentDate: new Date(now),
  }).catch((error) => {
    throw new ProofError(reasonOf(error))
  })
  const { nbf = 0, exp = Number.POSITIVE_INFINITY } = payload
  if (exp - nbf > longestLifeSeconds) throw new ProofError('livesTooLong')
  return payload
}

/** The tenant that it speaks for, if it is for us and by whom we trust. */
function tenantIn({ aud, iss, tid }: JWTPayload, { appId, trusted, tenants, tenantClaim }: Rules): string | null {
  // Exactly ours: a list that contains us is not what Microsoft sends.
  if (aud !== appId) throw new ProofError('wrongAudience')
  if (typeof iss !== 'string' || !trusted.has(withoutSlash(iss))) throw new ProofError('wrongIssuer')
  if (typeof tid === 'string' && tid !== '') {
    if (tenants !== 'any' && !tenants.some((tenant) => sameId(tenant, tid))) throw new ProofError('wrongTenant')
    return tid
  }
  if (tid !== undefined || tenantClaim === 'required') throw new ProofError('noTenant')
  return null
}

function endorsedFor(channel: { channelId: string } | undefined, { proven, endorsements }: Verified) {
  if (!(channel?.channelId && endorsements.includes(channel.channelId))) throw new ProofError('notEndorsed')
  return proven
}

const endOf = (value: string): string => value.slice(-32)

function onlyOf(authorization: string | readonly string[] | undefined): string {
  if (Array.isArray(authorization) && authorization.length > 1) throw new ProofError('severalTokens')
  const value = typeof authorization === 'string' ? authorization : authorization?.[0]
  if (!value) throw new ProofError('noToken')
  return value
}

function bearerOf(value: string): string {
  if (value.length > mostTokenBytes) throw new ProofError('tooLarge')
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(value)?.[1]
  if (!token) throw new ProofError('malformed')
  return token
}

/** Which key it says that it was signed by, if its header breaks no rule. */
function kidOf(token: string): string {
  let header: ReturnType<typeof decodeProtectedHeader>
  try {
    header = decodeProtectedHeader(token)
  } catch {
    throw new ProofError('malformed')
  }
  if (header.alg !== 'RS256') throw new ProofError('wrongAlgorithm')
  if (forbiddenHeaders.some((name) => name in header)) throw new ProofError('forbiddenHeader')
  if (typeof header.kid !== 'string' || header.kid === '') throw new ProofError('noKeyId')
  return header.kid
}

function reasonOf(error: unknown): ProofReason {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'badSignature'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return 'missingClaim'
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'notYetValid'
  }
  return 'malformed'
}

/** One national cloud was seen with a trailing slash (auth.json); nothing else of the text may differ. */
function withoutSlash(issuer: string): string {
  return issuer.endsWith('/') ? issuer.slice(0, -1) : issuer
}
