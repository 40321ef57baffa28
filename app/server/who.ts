import { isLoopbackHost } from '#ground/loopback.ts'
import { AppError } from './appError.ts'
import type { Settings } from './settings.ts'

/** Who asks, and for which tenant. Every question to the store is asked with this tenant. */
export type Who = { name: string; tenantId: string; local: boolean }

/**
 * Says who sent a request. In local mode that is whoever sits at this machine; a request by another host name (DNS
 * rebinding) is refused. Otherwise nobody is let in: sign-in with a Teams token is not part of this version.
 * @throws AppError `signInNeeded`, `foreignHost`
 */
export function whoAsks(request: Request, settings: Settings): Who {
  if (!settings.local) throw new AppError('signInNeeded')
  if (!isLoopbackHost(request.headers.get('host') ?? '')) throw new AppError('foreignHost')
  return { name: 'Local user', tenantId: settings.tenantId, local: true }
}
