import { type CryptoKey as ImportedKey, importJWK } from 'jose'
import * as z from 'zod'
import { type Clock, steadyTime } from '#ground/clock.ts'
import { json } from '#ground/json.ts'
import { openTransport, originOf, type Transport } from '../road/http.ts'

export type SigningKey = { key: ImportedKey; endorsements: readonly string[] }

export type Keys = {
  /** The key of that id, after a look at the endpoint if the id is new. Null when there is none. Throws KeysUnavailable. */
  find(kid: string): Promise<SigningKey | null>
  close(): Promise<void>
}

/** No key could be had since the start. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

const refreshAfterMs = 3_600_000
/** Ids that nobody knows must not become requests; a rotated key is taken after this at the latest. */
const pauseMs = 30_000
/** Until the first keys are there every call is refused, so ask sooner. */
const firstPauseMs = 5_000

const OpenId = z.object({ jwks_uri: z.string() })
const Jwks = z.object({ keys: z.array(z.unknown()).max(200) })
const RsaKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
  use: z.literal('sig').optional(),
  endorsements: z.array(z.string()).optional().catch(undefined),
})

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
}): Keys {
  const { transport, close } = openTransport(given, { connections: 2 })
  const now = steadyTime(clock)
  let keys = new Map<string, SigningKey>()
  let fingerprint = ''
  let loadedAt = 0
  let triedAt = Number.NEGATIVE_INFINITY
  let flight: Promise<void> | null = null

  async function read(url: string): Promise<unknown> {
    originOf(url) // refuses addresses that somebody between could answer for
    const { status, text } = await transport(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      timeoutMs: 5_000,
      maxBytes: 512 * 1024,
    })
    if (status !== 200) throw new Error(`The address of the signing keys answered ${status}.`)
    return json(text)
  }

  async function load(): Promise<void> {
    const { jwks_uri } = OpenId.parse(await read(openIdUrl))
    const listed = Jwks.parse(await read(jwks_uri)).keys.flatMap((key) => RsaKey.safeParse(key).data ?? [])
    const found = JSON.stringify(listed)
    if (found === fingerprint) {
      loadedAt = now()
      return
    }
    const imported = new Map<string, SigningKey>()
    for (const { kid, kty, n, e, endorsements = [] } of listed) {
      const key = await importJWK({ kty, n, e }, 'RS256').catch(() => null) // one broken key must not cost the others
      if (key instanceof CryptoKey) imported.set(kid, { key, endorsements })
    }
    // An empty list is taken for a fault of the endpoint, not for the wish that nobody be heard.
    if (imported.size === 0) throw new Error('The address of the signing keys lists none.')
    keys = imported
    fingerprint = found
    loadedAt = now()
    onChange()
  }

  /** One flight for many waiters; none at all shortly after the last. A failure leaves the known keys as they are. */
  function refresh(): Promise<void> {
    if (flight) return flight
    if (now() - triedAt < (keys.size > 0 ? pauseMs : firstPauseMs)) return Promise.resolve()
    triedAt = now()
    flight = load()
      .catch(() => {})
      .finally(() => {
        flight = null
      })
    return flight
  }

  return {
    async find(kid) {
      const known = keys.get(kid)
      if (known) {
        if (now() - loadedAt > refreshAfterMs) void refresh()
        return known
      }
      await refresh()
      if (keys.size === 0)
        throw new KeysUnavailable('No signing keys could be loaded. Check the network and the OpenID address.')
      return keys.get(kid) ?? null
    },
    close,
  }
}
