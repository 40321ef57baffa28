import { type CryptoKey as ImportedKey, importJWK } from 'jose'
import { type Clock, steadyTime } from '#ground/clock.ts'
import { json } from '#ground/json.ts'
import { openTransport, originOf, type Transport } from '../road/http.ts'
import { isBag, text } from '../wire/read.ts'

export type SigningKey = { key: ImportedKey; endorsements: readonly string[] }

export type Keys = ReturnType<typeof createKeys>

/** No key could be had since the start. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

const refreshAfterMs = 3_600_000
/**
 * From one fetch to the next, also while there are no keys yet. Ids that nobody knows must not become requests, nor must all the
 * processes that wait for an endpoint to come back; a rotated key is taken after this at the latest.
 */
export const betweenFetchesMs = 30_000

/** No publisher has as many; a longer list is taken for a fault. */
const mostKeys = 200

const none = () => new KeysUnavailable('No signing keys could be loaded. Check the network and the OpenID address.')

type ListedKey = { kid: string; n: string; e: string; endorsements: readonly string[] }

/** An RSA key for signatures; undefined for any other. */
function readKey(raw: unknown): ListedKey | undefined {
  if (!isBag(raw) || raw.kty !== 'RSA' || (raw.use !== undefined && raw.use !== 'sig')) return undefined
  const kid = text(raw.kid)
  const n = text(raw.n)
  const e = text(raw.e)
  if (!kid || n === undefined || e === undefined) return undefined
  const endorsements: unknown[] = Array.isArray(raw.endorsements) ? raw.endorsements : []
  return { kid, n, e, endorsements: endorsements.every((one) => typeof one === 'string') ? endorsements : [] }
}

async function fetchJson(transport: Transport, url: string): Promise<unknown> {
  originOf(url) // refuses addresses that somebody between could answer for
  const { status, text: answer } = await transport(url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: 5_000,
    maxBytes: 512 * 1024,
  })
  if (status !== 200) throw new Error(`The address of the signing keys answered ${status}.`)
  return json(answer)
}

/** The keys that an OpenID configuration leads to. */
async function fetchKeys(transport: Transport, openIdUrl: string): Promise<ListedKey[]> {
  const openId = await fetchJson(transport, openIdUrl)
  const jwksUri = isBag(openId) ? text(openId.jwks_uri) : undefined
  if (jwksUri === undefined) throw new Error('The OpenID configuration does not say where the signing keys are.')
  const jwks = await fetchJson(transport, jwksUri)
  const listed = isBag(jwks) && Array.isArray(jwks.keys) && jwks.keys.length <= mostKeys ? jwks.keys : []
  return listed.flatMap((raw) => readKey(raw) ?? [])
}

/** Throws when there is none. */
async function imported(listed: readonly ListedKey[]): Promise<Map<string, SigningKey>> {
  const keys = new Map<string, SigningKey>()
  for (const { kid, n, e, endorsements } of listed) {
    const key = await importJWK({ kty: 'RSA', n, e }, 'RS256').catch(() => null) // one broken key must not cost the others
    if (key instanceof CryptoKey) keys.set(kid, { key, endorsements })
  }
  // An empty list is taken for a fault of the endpoint, not for the wish that nobody be heard.
  if (keys.size === 0) throw new Error('The address of the signing keys lists none.')
  return keys
}

/**
 * Microsoft's signing keys from an OpenID configuration, imported once and kept until they are replaced: while the endpoint is
 * down, known keys stay good. Refreshed in the background after an hour.
 */
export function createKeys({
  openIdUrl,
  clock,
  transport: given,
  onChange,
}: {
  openIdUrl: string
  clock: Pick<Clock, 'now'>
  transport?: Transport | undefined
  onChange: () => void
}) {
  const { transport, close } = openTransport(given, { connections: 2 })
  const now = steadyTime(clock)
  let keys = new Map<string, SigningKey>()
  let fingerprint = ''
  let loadedAt = 0
  let triedAt = Number.NEGATIVE_INFINITY
  let flight: Promise<void> | null = null

  async function load(): Promise<void> {
    const listed = await fetchKeys(transport, openIdUrl)
    const found = JSON.stringify(listed)
    if (found === fingerprint) {
      loadedAt = now()
      return
    }
    keys = await imported(listed)
    fingerprint = found
    loadedAt = now()
    onChange()
  }

  /** One flight for many waiters; none at all shortly after the last. A failure leaves the known keys as they are. */
  function refresh(): Promise<void> {
    if (flight) return flight
    if (now() - triedAt < betweenFetchesMs) return Promise.resolve()
    triedAt = now()
    flight = load()
      .catch(() => {})
      .finally(() => {
        flight = null
      })
    return flight
  }

  return {
    /** Looks for keys if there are none yet, at most every 30 s. Throws KeysUnavailable when there are none then either. */
    async load(): Promise<void> {
      if (keys.size === 0) await refresh()
      if (keys.size === 0) throw none()
    },
    get ready() {
      return keys.size > 0
    },
    /** The key of that id, after a look at the endpoint if the id is new. Null when there is none. Throws KeysUnavailable. */
    async find(kid: string): Promise<SigningKey | null> {
      const known = keys.get(kid)
      if (known) {
        if (now() - loadedAt > refreshAfterMs) void refresh()
        return known
      }
      await refresh()
      if (keys.size === 0) throw none()
      return keys.get(kid) ?? null
    },
    close,
  }
}
