import { normalId, sameId } from '#ground/ids.ts'

/** Somebody with an account in a tenant: has meetings, presence and a say in what apps may do in their name. */
export type User = {
  readonly id: string
  readonly tenantId: string
  readonly displayName: string | null
  readonly userPrincipalName: string | null
  /**
   * Whether an application access policy lets apps work with this user's meetings. The real one names apps and takes up to 30
   * minutes to be in force (contract: limits.json); here it is for all apps, and at once.
   */
  readonly hasApplicationAccessPolicy: boolean
  /** Delegated permissions that were consented to for this user. */
  readonly consents: readonly string[]
}

export type Users = ReturnType<typeof createUsers>

export function createUsers() {
  const users = new Map<string, User>()
  const keyOf = (tenantId: string, id: string) => `${normalId(tenantId)} ${normalId(id)}`
  const isNamed = (user: User, name: string) => user.userPrincipalName?.toLowerCase() === name.toLowerCase()

  return {
    put: (user: User) => void users.set(keyOf(user.tenantId, user.id), user),
    /** By object id (without regard to case and hyphens) or by user principal name. Nobody is seen from another tenant. */
    find: (tenantId: string, idOrName: string): User | undefined =>
      users.get(keyOf(tenantId, idOrName)) ??
      [...users.values()].find((user) => sameId(user.tenantId, tenantId) && isNamed(user, idOrName)),
    list: () => [...users.values()],
    forget: () => users.clear(),
  }
}
