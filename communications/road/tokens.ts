import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type INetworkModule,
  ManagedIdentityApplication,
  type NetworkRequestOptions,
  type NodeAuthOptions,
} from '@azure/msal-node'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, steadyTime } from '#ground/clock.ts'
import { json } from '#ground/json.ts'
import { GraphError } from './error.ts'
import { openTransport, originOf, retryAfterMs, type Transport } from './http.ts'
import { mostObeyedMs } from './retry.ts'

export type Credential =
  | { secret: string }
  | { certificate: { thumbprintSha256: string /** PEM. */; privateKey: string } }
  /**
   * A signed assertion of another issuer that the app trusts (workload identity federation), asked for anew for each token. A
   * managed identity can be that issuer, so that an app of many tenants needs no secret: see README.md.
   */
  | { assertion: () => Promise<string> }
  /**
   * The identity of the Azure resource on which this runs: the user-assigned one of that client id, else the system-assigned one.
   * Its tokens are of its own tenant, whichever tenant is asked for, so it suits a bot of one tenant.
   */
  | { managedIdentity: { clientId?: string } }

export type TokenSettings = {
  appId: string
  credential: Credential
  /** The login service of the cloud: https://login.microsoftonline.com, unless told otherwise (clouds.ts). */
  authority?: string
  /** For requests that name none: Graph's of the public cloud, unless told otherwise. */
  scope?: string
  /** Where the authority is really found, such as the emulator's address. */
  loginUrl?: string
  timeoutMs?: number
  /** Sockets, unless told otherwise. A managed identity is always asked over sockets: its endpoint is part of the machine. */
  transport?: Transport
  clock?: Pick<Clock, 'now'>
}

export type Tokens = ReturnType<typeof createTokens>

type Held = { token: string; since: number; expires: number; renewAt: number }
type Slot = {
  held: Held | null
  flight: Promise<Held> | null
  triedAt: number
  /** The login service wants none of this tenant before that. */
  barredUntil: number
}

const graphScope = 'https://graph.microsoft.com/.default'
const login = 'https://login.microsoftonline.com'
/** Entra's words for users of any tenant. A report has an app's token by `common` failing (auth.json of the contract). */
const ofNoTenant = new Set(['common', 'organizations', 'consumers'])
const renewBeforeMs = 5 * 60_000
const pauseMs = 30_000

/** App tokens by client credentials (msal-node), one flight for many waiters, renewed in the background 5 minutes ahead of expiry. */
export function createTokens({
  appId,
  credential,
  authority = login,
  scope: usualScope = graphScope,
  loginUrl = authority,
  timeoutMs = 10_000,
  transport: given,
  clock = realClock,
}: TokenSettings) {
  originOf(loginUrl) // throws for one that secrets may not travel to
  const { transport, close } = openTransport(given, { connections: 4, pipelining: 1 })
  const managed = 'managedIdentity' in credential
  const askFor = managed
    ? askIdentity(credential.managedIdentity, timeoutMs)
    : askApp({ clientId: appId, ...proofOf(credential) }, originOf(authority), (onAnswer) =>
        leadTo(authority, loginUrl, transport, timeoutMs, onAnswer),
      )
  const slots = new BoundedMap<string, Slot>(2000)
  const now = steadyTime(clock)
  return {
    /**
     * An app token of that tenant, from memory when there is a good one. `refused` is a token that was just answered with 401: a
     * new one is had in its place, at most every 30 s. Throws GraphError `noToken`, with the Retry-After of the login service.
     */
    async forTenant(tenantId: string, scope = usualScope, refused?: string): Promise<string> {
      refuseNoTenant(tenantId)
      const key = managed ? scope : `${tenantId.toLowerCase()} ${scope}`
      const slot = slots.use(key) ?? { held: null, flight: null, triedAt: longAgo, barredUntil: longAgo }
      slots.set(key, slot)
      return tokenOf(slot, { now, clock, ask: () => askFor(tenantId, scope) }, refused)
    },
    close,
  }
}

const longAgo = Number.NEGATIVE_INFINITY

/** The tenant becomes part of an address. Throws GraphError `badRequest`. */
function refuseNoTenant(tenantId: string): void {
  const isTenant = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(tenantId)
  if (isTenant && !ofNoTenant.has(tenantId.toLowerCase())) return
  const why = isTenant
    ? `"${tenantId.toLowerCase()}" stands for no single tenant`
    : 'the tenant id is neither a GUID nor a domain name'
  throw new GraphError(
    { code: 'badRequest', operation: 'token' },
    `token was not asked for: ${why}. Pass the tenant of the call.`,
  )
}

type Source = {
  ask: () => Promise<AuthenticationResult>
  /** A time that never goes back, beside that of the world. */
  now: () => number
  clock: Pick<Clock, 'now'>
}

/** The token in a slot while it is good, else a new one. */
async function tokenOf(slot: Slot, source: Source, refused?: string): Promise<string> {
  const { held, barredUntil } = slot
  const now = source.now()
  const isNeeded = !held || now >= held.expires
  if (isNeeded && now < barredUntil) {
    throw new GraphError({ code: 'noToken', operation: 'token', retryAfterMs: barredUntil - now })
  }
  if (isNeeded) return (await renew(slot, source)).token
  if (refused === held.token && now - held.since >= pauseMs) return (await renew(slot, source)).token
  // The held one still serves, so a failure here only means trying again in a while.
  if (now >= held.renewAt && now - slot.triedAt >= pauseMs) renew(slot, source).catch(() => {})
  return held.token
}

function renew(slot: Slot, source: Source): Promise<Held> {
  slot.triedAt = source.now()
  slot.flight ??= fetchToken(source)
    .then((held) => {
      slot.held = held
      return held
    })
    .catch((error) => {
      const { retryAfterMs: wait } = error as GraphError // the only one that `fetchToken` throws
      if (wait !== null) slot.barredUntil = source.now() + Math.min(wait, mostObeyedMs)
      throw error
    })
    .finally(() => {
      slot.flight = null
    })
  return slot.flight
}

async function fetchToken({ ask, now, clock }: Source): Promise<Held> {
  try {
    const result = await ask()
    const since = now()
    // msal reckons by the time of this machine, which need not be that of the clock.
    const lifeMs = result.expiresOn ? result.expiresOn.getTime() - Date.now() : 60_000
    const expires = since + lifeMs
    // A short-lived token is renewed at half of its life.
    const renewAt = Math.max(expires - renewBeforeMs, since + (expires - since) / 2)
    return { token: result.accessToken, since, expires, renewAt }
  } catch (error) {
    throw noToken(error, clock.now())
  }
}

function proofOf(credential: Exclude<Credential, { managedIdentity: object }>) {
  if ('secret' in credential) return { clientSecret: credential.secret }
  if ('certificate' in credential) return { clientCertificate: credential.certificate }
  return { clientAssertion: () => credential.assertion() }
}

type Ask = (tenantId: string, scope: string) => Promise<AuthenticationResult>

/** msal takes an answer without a token for a success. */
function withToken(result: AuthenticationResult | null): AuthenticationResult {
  if (result?.accessToken) return result
  throw new Error('The login service answered without a token.')
}

// Our own slots decide when a new token is due, so both pass msal's caches by.

type LastAnswer = { status: number; retryAfter: string | undefined }
/** Told of each answer; null when one is being asked for. */
type OnAnswer = (answer: LastAnswer | null) => void

/** msal has one application for each tenant. */
function askApp(
  auth: Omit<NodeAuthOptions, 'authority'>,
  authority: string,
  networkFor: (onAnswer: OnAnswer) => INetworkModule,
): Ask {
  const apps = new BoundedMap<string, { app: ConfidentialClientApplication; last: LastAnswer | null }>(1000)

  function appOf(tenantId: string) {
    const networkClient = networkFor((answer) => {
      one.last = answer
    })
    const app = new ConfidentialClientApplication({
      auth: { ...auth, authority: `${authority}/${tenantId}` },
      system: { networkClient },
    })
    const one: { app: typeof app; last: LastAnswer | null } = { app, last: null }
    apps.set(tenantId, one)
    return one
  }

  return async (tenantId, scope) => {
    const one = apps.use(tenantId) ?? appOf(tenantId)
    try {
      return withToken(await one.app.acquireTokenByClientCredential({ scopes: [scope], skipCache: true }))
    } catch (error) {
      // After one 429 or 5xx this application would ask nobody for a minute, whatever Retry-After says, while callers ring.
      apps.delete(tenantId)
      if (!(error instanceof Error) || !one.last) throw error
      const { status, retryAfter } = one.last
      // An error without the word for it is none to msal, and so has no status.
      throw Object.assign(error, { retryAfter, ...(status >= 400 && { status }) })
    }
  }
}

/** msal keeps the first way to the identity endpoint for the whole process, so it must outlive every `close`. */
const toIdentity = openTransport(undefined, { connections: 2 }).transport

function askIdentity({ clientId }: { clientId?: string }, timeoutMs: number): Ask {
  const identity = new ManagedIdentityApplication({
    ...(clientId !== undefined && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    system: { networkClient: leadTo(login, login, toIdentity, timeoutMs) },
  })
  return async (_tenantId, scope) => withToken(await identity.acquireToken({ resource: scope, forceRefresh: true }))
}

/** msal-node insists on the https address of Entra: it keeps that, and what it sends there goes to `loginUrl`. */
function leadTo(
  authority: string,
  loginUrl: string,
  transport: Transport,
  timeoutMs: number,
  onAnswer: OnAnswer = () => {},
): INetworkModule {
  const login = originOf(authority)
  const target = originOf(loginUrl)
  const send = async (method: 'GET' | 'POST', url: string, options?: NetworkRequestOptions) => {
    const { origin, pathname, search } = new URL(url)
    const address = origin === login ? `${target}${pathname}${search}` : url
    onAnswer(null)
    const { status, headers, text } = await transport(address, {
      method,
      headers: options?.headers ?? {},
      ...(options?.body === undefined ? {} : { body: options.body }),
      timeoutMs,
      maxBytes: 1_048_576,
    })
    onAnswer({ status, retryAfter: headers['retry-after'] })
    return { status, headers, body: json(text) }
  }
  // `as`: msal's interface is generic in a body type that nobody can check before the answer is there; msal checks it afterwards.
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  } as INetworkModule
}

/** msal's errors hold the tenant's and the app's ids and Entra's prose; ours holds the code words only. */
function noToken(error: unknown, now: number): GraphError {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null
  const word = error instanceof Error && 'errorCode' in error ? String(error.errorCode) : ''
  const aadsts = /AADSTS(\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  const header = error instanceof Error && 'retryAfter' in error ? String(error.retryAfter ?? '') : ''
  const wait = retryAfterMs(header, now)
  if (!aadsts && status === null) {
    return new GraphError({ code: 'noToken', operation: 'token', retryAfterMs: wait, cause: error })
  }
  const words = [word, aadsts && `AADSTS${aadsts}`].filter(Boolean).join(', ')
  const itsOwnFault = words === '' && status !== null && (status === 429 || status >= 500)
  return new GraphError(
    { code: 'noToken', operation: 'token', status, subcode: aadsts ? Number(aadsts) : null, retryAfterMs: wait },
    `token failed. The login service refused: ${words || status}. ` +
      (itsOwnFault ? 'Try again later.' : 'Check the app id, its secret or certificate, and the tenant.'),
  )
}
