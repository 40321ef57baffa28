import { ConfidentialClientApplication, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node'
import { Agent } from 'undici'
import { BoundedMap } from './boundedMap.ts'
import { GraphError } from './error.ts'
import { exchange, json, originOf } from './http.ts'

export type Credential =
  | { secret: string }
  | { certificate: { thumbprintSha256: string /** PEM. */; privateKey: string } }

export type TokenSettings = {
  appId: string
  credential: Credential
  /** Another address for https://login.microsoftonline.com, such as the emulator's. */
  loginUrl?: string
  timeoutMs?: number
}

export type Tokens = {
  /**
   * An app token of that tenant, from memory when there is a good one. `refused` is a token that was just answered with 401: a
   * new one is had in its place, at most every 30 s. Throws GraphError `noToken`.
   */
  forTenant(tenantId: string, scope?: string, refused?: string): Promise<string>
  close(): Promise<void>
}

type Held = { token: string; since: number; expires: number; renewAt: number }
type Slot = { held: Held | null; flight: Promise<Held> | null; triedAt: number }

const graphScope = 'https://graph.microsoft.com/.default'
const login = 'https://login.microsoftonline.com'
const renewBeforeMs = 5 * 60_000
const pauseMs = 30_000

/** App tokens by client credentials (msal-node), one flight for many waiters, renewed in the background 5 minutes ahead of expiry. */
export function createTokens({ appId, credential, loginUrl = login, timeoutMs = 10_000 }: TokenSettings): Tokens {
  const agent = new Agent({ connections: 4, pipelining: 1 })
  const networkClient = leadTo(loginUrl, agent, timeoutMs)
  const apps = new BoundedMap<string, ConfidentialClientApplication>(1000)
  const slots = new BoundedMap<string, Slot>(2000)

  function appOf(tenantId: string): ConfidentialClientApplication {
    const known = apps.get(tenantId)
    if (known) return known
    const app = new ConfidentialClientApplication({
      auth: {
        clientId: appId,
        authority: `${login}/${tenantId}`,
        ...('secret' in credential
          ? { clientSecret: credential.secret }
          : { clientCertificate: credential.certificate }),
      },
      system: { networkClient },
    })
    apps.set(tenantId, app)
    return app
  }

  async function ask(tenantId: string, scope: string): Promise<Held> {
    try {
      // Our own slot decides when a new token is due, so msal's cache is passed by.
      const result = await appOf(tenantId).acquireTokenByClientCredential({ scopes: [scope], skipCache: true })
      if (!result?.accessToken) throw new Error('The login service answered without a token.')
      const since = Date.now()
      const expires = result.expiresOn?.getTime() ?? since + 60_000
      // A short-lived token is renewed at half of its life.
      const renewAt = Math.max(expires - renewBeforeMs, since + (expires - since) / 2)
      return { token: result.accessToken, since, expires, renewAt }
    } catch (error) {
      throw noToken(error)
    }
  }

  function renew(slot: Slot, tenantId: string, scope: string): Promise<Held> {
    slot.triedAt = Date.now()
    slot.flight ??= ask(tenantId, scope)
      .then((held) => {
        slot.held = held
        return held
      })
      .finally(() => {
        slot.flight = null
      })
    return slot.flight
  }

  return {
    async forTenant(tenantId, scope = graphScope, refused) {
      // The tenant becomes part of an address.
      if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(tenantId)) {
        throw new GraphError(
          { code: 'badRequest', operation: 'token' },
          'token was not asked for: the tenant id is neither a GUID nor a domain name. Pass the tenant of the call.',
        )
      }
      const key = `${tenantId.toLowerCase()} ${scope}`
      let slot = slots.get(key)
      if (!slot) {
        slot = { held: null, flight: null, triedAt: 0 }
        slots.set(key, slot)
      }
      const { held } = slot
      const now = Date.now()
      if (!held || now >= held.expires) return (await renew(slot, tenantId, scope)).token
      if (refused === held.token && now - held.since >= pauseMs) return (await renew(slot, tenantId, scope)).token
      // The held one still serves, so a failure here only means trying again in a while.
      if (now >= held.renewAt && now - slot.triedAt >= pauseMs) renew(slot, tenantId, scope).catch(() => {})
      return held.token
    },
    close: () => agent.close(),
  }
}

/** msal-node insists on the https address of Entra: it keeps that, and what it sends goes to `loginUrl`. */
function leadTo(loginUrl: string, dispatcher: Agent, timeoutMs: number): INetworkModule {
  const target = originOf(loginUrl)
  const send = async (method: 'GET' | 'POST', url: string, options?: NetworkRequestOptions) => {
    const { origin, pathname, search } = new URL(url)
    const address = origin === login ? `${target}${pathname}${search}` : url
    const { status, headers, text } = await exchange(address, {
      method,
      headers: options?.headers ?? {},
      ...(options?.body === undefined ? {} : { body: options.body }),
      timeoutMs,
      maxBytes: 1_048_576,
      dispatcher,
    })
    return { status, headers, body: json(text) }
  }
  // `as`: msal's interface is generic in a body type that nobody can check before the answer is there; msal checks it afterwards.
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  } as INetworkModule
}

/** msal's errors hold the tenant's and the app's ids and Entra's prose; ours holds the code words only. */
function noToken(error: unknown): GraphError {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null
  const word = error instanceof Error && 'errorCode' in error ? String(error.errorCode) : ''
  const aadsts = /AADSTS(\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  if (!aadsts && status === null) return new GraphError({ code: 'noToken', operation: 'token', cause: error })
  return new GraphError(
    { code: 'noToken', operation: 'token', status, subcode: aadsts ? Number(aadsts) : null },
    `token failed. The login service refused: ${[word, aadsts && `AADSTS${aadsts}`].filter(Boolean).join(', ')}. ` +
      'Check the app id, its secret or certificate, and the tenant.',
  )
}
