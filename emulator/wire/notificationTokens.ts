import { randomUUID } from 'node:crypto'
import type { Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { createKeySet, type KeySet } from './keys.ts'

/** The life of a real notification token, as a public report has it (bot-docs 2242). */
const tokenLifeSeconds = 300
/** A token is used again until this long before its end. */
const tokenRestSeconds = 60

/** Claim `appid` of the service that sends notifications, as seen in the same report. */
const callingServiceAppId = '26a18ebc-cdf7-4a6a-91cb-beb352805e81'

/** How a token is not right: a key that is not published, or one of the claims or the signature. */
export type Flaw = 'key' | 'signature' | 'expired' | 'audience' | 'issuer'

/** What proves to a bot that a notification comes from the service. */
export type NotificationTokens = ReturnType<typeof createNotificationTokens>

type Deps = { settings: Settings; clock: Clock; keys: KeySet }

export function createNotificationTokens({ settings, clock, keys }: Deps) {
  const tokens = new Map<string, { token: Promise<string>; renewAt: number }>()
  const strangerKeys = createKeySet()

  return {
    /** Signing is the dearest thing the emulator does: one token serves all calls of an app for some minutes. */
    tokenFor({ appId, tenantId }: { appId: string; tenantId: string }, flaw: Flaw | null): Promise<string> {
      const now = Math.floor(clock.now() / 1000)
      const key = `${appId} ${tenantId} ${flaw ?? ''}`
      const known = tokens.get(key)
      if (known && known.renewAt > now) return known.token
      const made = flaw === 'expired' ? now - 2 * tokenLifeSeconds : now
      const claims = {
        iss: flaw === 'issuer' ? 'https://issuer.invalid' : settings.issuer,
        aud: flaw === 'audience' ? randomUUID() : appId,
        appid: callingServiceAppId,
        tid: tenantId,
        iat: made,
        nbf: made,
        exp: made + tokenLifeSeconds,
      }
      const signed = (flaw === 'key' ? strangerKeys : keys).sign(claims, { cty: 'JWT' })
      const token = flaw === 'signature' ? signed.then(withBrokenSignature) : signed
      tokens.set(key, { token, renewAt: now + tokenLifeSeconds - tokenRestSeconds })
      return token
    },
    /** Makes new tokens from now on. */
    forget: () => tokens.clear(),
  }
}

/** Another letter in the midst of the signature; the last one may hold bits that do not count. */
function withBrokenSignature(token: string): string {
  const place = token.length - 20
  return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)
}
