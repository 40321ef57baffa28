import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { type AccessTokens, resources } from './entra.ts'
import { Refusal } from './refusal.ts'

/** The service's own limits: so many requests in a fixed window, counted per app and tenant, or per app over all tenants. */
export type Throttle = {
  /** Counts a request to this path. Throws a Refusal 429 with the seconds until the window is over when there were too many. */
  admit(path: string, who: { appId: string; tenantId: string }): void
}

type Window = { number: number; count: number }

/**
 * Whether Microsoft counts in fixed or sliding windows is not documented; fixed ones cost the same for any number of requests.
 * Who asks has proved to be a known app, so there are no more windows than apps and their tenants.
 */
export function createThrottle({ limits }: Settings, clock: Clock): Throttle {
  const windows = new Map<string, Window>()

  function count(key: string, { requests, perSeconds }: Settings['limits']['calls']): void {
    const length = perSeconds * 1000
    const now = clock.now()
    const number = Math.floor(now / length)
    let window = windows.get(key)
    if (window?.number !== number) {
      window = { number, count: 0 }
      windows.set(key, window)
    }
    window.count += 1
    if (window.count <= requests) return
    const retryAfterSeconds = Math.ceil(((number + 1) * length - now) / 1000)
    throw new Refusal(429, 'TooManyRequests', 'Please retry again later.', { retryAfterSeconds })
  }

  return {
    admit(path, { appId, tenantId }) {
      const kind = kindOf(path)
      if (kind) count(`${kind} ${appId} ${tenantId}`, limits[kind])
      count(`overall ${appId}`, limits.overall)
    },
  }
}

/** Counts what apps ask of Graph. Who is not known is refused by the door itself, and not counted. */
export function throttleRequests(
  server: FastifyInstance,
  { throttle, tokens }: { throttle: Throttle; tokens: AccessTokens },
): void {
  server.addHook('preHandler', async ({ url, headers }) => {
    if (!/^\/(v1\.0|beta)\//.test(url)) return
    const bearer = await tokens.read(headers.authorization, resources.graph).catch(() => null)
    if (bearer) throttle.admit(url, bearer)
  })
}

/** Which limit a path of Graph comes under besides the one for all. */
function kindOf(path: string): 'calls' | 'presence' | null {
  if (path.includes('/communications/calls')) return 'calls'
  return /\/(presences|getPresencesByUserId)\b|\/presence\b/i.test(path) ? 'presence' : null
}
