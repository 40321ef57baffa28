import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { App } from '../settings.ts'

/** Who somebody is. */

/** Without Graph's type names: { user: { id, displayName } }. */
export type PlainIdentity = Record<string, { id: string | null; displayName: string | null }>

export function plainIdentity(identity: IdentitySet | undefined): PlainIdentity {
  const plain: PlainIdentity = {}
  for (const [kind, one] of Object.entries(identity ?? {})) {
    if (one && typeof one === 'object') plain[kind] = { id: one.id ?? null, displayName: one.displayName ?? null }
  }
  return plain
}

/** The user or number that an identity names. */
export const personId = (identity: IdentitySet | undefined): string | null =>
  identity?.phone?.id ?? identity?.user?.id ?? identity?.applicationInstance?.id ?? identity?.application?.id ?? null

/** Whether two identities are of one user, number or app. */
export function isSame(one: IdentitySet, other: IdentitySet): boolean {
  const ids = plainIdentity(other)
  return Object.entries(plainIdentity(one)).some(([kind, { id }]) => id && sameId(id, ids[kind]?.id ?? ''))
}

/** Whether somebody stands in a list twice. */
export const hasTwice = (identities: readonly IdentitySet[]): boolean =>
  identities.some((one, place) => identities.slice(place + 1).some((other) => isSame(one, other)))

type Named = { id: string; displayName?: string | null | undefined }
type Who =
  | { phone: string }
  | { user: Named }
  | { guest: Named }
  | { application: Named }
  | { applicationInstance: Named }

/** Who somebody is, in Graph's words. */
export function identityOf(who: Who, tenantId: string): IdentitySet {
  const identities = Object.entries(who).map(([kind, one]) => {
    const named = typeof one === 'string' ? { id: one } : { id: one.id, displayName: one.displayName ?? null, tenantId }
    return [kind, { '@odata.type': '#microsoft.graph.identity', ...named }]
  })
  return { '@odata.type': '#microsoft.graph.identitySet', ...Object.fromEntries(identities) }
}

export const applicationIdentity = ({ appId: id, displayName, tenantId }: App): IdentitySet =>
  identityOf({ application: { id, displayName } }, tenantId)
