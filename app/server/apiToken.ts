import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from './appError.ts'
import type { Settings } from './settings.ts'
import { type Who, whoAsks } from './who.ts'

/**
 * Says who starts a call: a program with the token of the settings, or in local mode without any whoever is on this machine. Asked before
 * the body is read.
 * @throws AppError `tokenNeeded`, `signInNeeded`, `foreignHost`
 */
export function whoStarts(request: Request, settings: Settings): Who {
  const given = request.headers.get('authorization')
  if (given === null && (settings.local || settings.apiToken === null)) return whoAsks(request, settings)
  if (settings.apiToken === null || !isSame(given ?? '', `Bearer ${settings.apiToken}`))
    throw new AppError('tokenNeeded')
  return { name: 'API', tenantId: settings.tenantId, local: false }
}

/** Takes as long whatever is given: the digests of all texts are of one length. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
const digest = (text: string) => createHash('sha256').update(text).digest()
