import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { normalId, sameId } from '#ground/ids.ts'

/** An account as settings and the control API name it. Without a tenant it is of the first app's. */
export const userSchema = z.strictObject({
  id: z.string().min(1).default(randomUUID),
  tenantId: z.string().min(1).optional(),
  displayName: z.string().nullable().default(null),
  userPrincipalName: z.string().nullable().default(null),
  mail: z.string().nullable().default(null),
  hasApplicationAccessPolicy: z.boolean().default(true),
  consents: z.array(z.string()).default([]),
})

/** Somebody with an account in a tenant: has meetings, presence and a say in what apps may do in their name. */
export type User = {
  readonly id: string
  readonly tenantId: string
  readonly displayName: string | null
  readonly userPrincipalName: string | null
  readonly mail: string | null
  /**
   * Whether an application access policy lets apps work with this user's meetings. The real one names apps and takes up to 30
   * minutes to be in force (contract: limits.json); here it is for all apps, and at once.
   */
  readonly hasApplicationAccessPolicy: boolean
  /** Delegated permissions that were consented to for this user. */
  readonly consents: readonly string[]
}

export type Users = ReturnType<typeof createUsers>

/** Those who are `given` are there again when all others are forgotten. */
export function createUsers(given: readonly User[] = []) {
  const keyOf = (tenantId: string, id: string) => `${normalId(tenantId)} ${normalId(id)}`
  const fresh = () => given.map((user) => [keyOf(user.tenantId, user.id), user] as const)
  const users = new Map<string, User>(fresh())
  const isNamed = (user: User, name: string) => user.userPrincipalName?.toLowerCase() === name.toLowerCase()

  return {
    put: (user: User) => void users.set(keyOf(user.tenantId, user.id), user),
    /** By object id (without regard to case and hyphens) or by user principal name. Nobody is seen from another tenant. */
    find: (tenantId: string, idOrName: string): User | undefined =>
      users.get(keyOf(tenantId, idOrName)) ??
      [...users.values()].find((user) => sameId(user.tenantId, tenantId) && isNamed(user, idOrName)),
    /** Everybody of a tenant. */
    of: (tenantId: string) => [...users.values()].filter((user) => sameId(user.tenantId, tenantId)),
    list: () => [...users.values()],
    forget(): void {
      users.clear()
      for (const [key, user] of fresh()) users.set(key, user)
    },
  }
}
