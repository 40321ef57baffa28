import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { type AccessTokens, resources } from './entra.ts'
import { Refusal } from './refusal.ts'

type Window = { number: number; count: number }
type Deps = { settings: Settings; clock: Clock; tokens: AccessTokens }

/**
 * The service's own limits on what apps ask of Graph: so many requests in a window, counted per app and tenant, or per app over all
 * tenants; then a Refusal 429 with the seconds until the window is over. Whether Microsoft counts in fixed or sliding windows is not
 * documented; fixed ones cost the same for any number of requests. Who is not known is refused by the door itself, and not counted,
 * so there are no more windows than apps and their tenants.
 */
export function throttleRequests(server: FastifyInstance, { settings: { limits }, clock, tokens }: Deps): void {
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

  server.addHook('preHandler', async ({ url, headers }) => {
    if (!/^\/(v1\.0|beta)\//.test(url)) return
    const bearer = await tokens.read(headers.authorization, resources.graph).catch(() => null)
    if (!bearer) return
    const kind = kindOf(url)
    if (kind) count(`${kind} ${bearer.appId} ${bearer.tenantId}`, limits[kind])
    count(`overall ${bearer.appId}`, limits.overall)
  })
}

/** Which limit a path of Graph comes under besides the one for all. */
function kindOf(path: string): 'calls' | 'presence' | null {
  if (path.includes('/communications/calls')) return 'calls'
  return /\/(presences|getPresencesByUserId)\b|\/presence\b/i.test(path) ? 'presence' : null
}
