import type { Secret } from '#flow/named.ts'
import type { openRequester } from '#outbound/requester.ts'

/** What flows reach besides Graph, and what they name without having it. */
export type Services = {
  send: ReturnType<typeof openRequester>['send']
  /** Null for one that there is not. Waits a moment for the database only if it was never heard of. */
  secret(tenantId: string, name: string): Promise<Secret | null>
  /** The values of the environment, as they are known now. */
  values(tenantId: string): Readonly<Record<string, string>>
}

export const noServices: Services = {
  send: async () => {
    throw new Error('Nothing was given to this bot by which flows could ask services.')
  },
  secret: async () => null,
  values: () => ({}),
}
