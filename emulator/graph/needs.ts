import type { Settings } from '../settings.ts'
import type { Bearer } from '../wire/entra.ts'
import { Refusal } from '../wire/refusal.ts'

/**
 * What an operation needs: any one of these will do. Application permissions count for an app by itself, scopes for an app with a
 * signed-in user (contract: operations.json, which operations.test.ts compares with).
 */
export type Needs = {
  readonly application: readonly string[]
  readonly delegated: readonly string[]
  /** Asked for in this reading only, where Microsoft's pages, catalogue and samples disagree (setting permissionReading). */
  readonly reading?: Settings['permissionReading']
  /** How Graph refuses who has none of them, where it is known. */
  readonly code?: string
}

/** Of calls, which no signed-in user's app may touch. */
export const calling = (...application: string[]): Needs => ({ application, delegated: [] })

/**
 * The same, in the newest reading only: what the permission catalogue alone asks for, and what Microsoft's service-hosted IVR sample
 * claims not to need.
 */
export const callingAsNewest = (...application: string[]): Needs => ({ ...calling(...application), reading: 'newest' })

/** To join a group. */
export const join = ['Calls.JoinGroupCall.All', 'Calls.JoinGroupCallAsGuest.All']
export const groups = ['Calls.InitiateGroupCall.All', 'Calls.JoinGroupCall.All']

/**
 * Throws a Refusal 403 when the token holds nothing of what one of these asks for. 7504 is the one code that is known for missing
 * consent; it was observed with calls (contract: result-codes.json), the pages name none for other resources. The directory has its own:
 * https://learn.microsoft.com/graph/resolve-auth-errors
 */
export function requireNeeds(
  { bearer: { user, permissions }, world }: { bearer: Bearer; world: { settings: Settings } },
  ...all: (Needs | undefined)[]
): void {
  for (const needs of all) {
    if (!needs || (needs.reading && needs.reading !== world.settings.permissionReading)) continue
    const [held, oneOf] = user ? [user.scopes, needs.delegated] : [permissions, needs.application]
    if (!oneOf.some((one) => held.includes(one))) throw lacksPermission(needs.code)
  }
}

export const lacksPermission = (code = '7504') =>
  new Refusal(403, code, 'Insufficient tenant permissions for this operation.')
