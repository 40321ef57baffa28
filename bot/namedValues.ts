import type { NamedInEnvironment } from '#ground/settings.ts'
import { withTimeout } from '#ground/timeout.ts'
import type { NamedValues } from '#store/namedValues.ts'
import type { Services } from './services.ts'

type Deps = {
  /** All of a tenant, opened. */
  load(tenantId: string): Promise<NamedValues>
  /** Calls back whenever some of a tenant have changed, or may have. */
  onChange(listener: () => void): () => void
  tenantId: string
  /** Those of the process's environment, which come first. They are this tenant's. */
  fixed: NamedInEnvironment
  onTrouble(error: unknown): void
}

/** How long a request waits for a secret that nobody has heard of: it may have been set this very moment. */
const patienceMs = 500

/**
 * The secrets and values that flows name, kept in memory so that no call waits for the database: loaded at the start, and again when one
 * has changed. While the database is away those known last are used.
 */
export function keepNamedValues({ load, onChange, tenantId, fixed, onTrouble }: Deps) {
  let known: NamedValues = { values: {}, secrets: new Map() }
  let loading: Promise<void> | undefined
  const fixedValues = Object.fromEntries(fixed.values)

  function refresh(): Promise<void> {
    loading = load(tenantId).then(
      (now) => {
        known = now
      },
      (error) => onTrouble(error),
    )
    return loading
  }
  const forget = onChange(() => void refresh())
  const own = (asked: string): boolean => asked === tenantId
  return {
    async secret(asked, name) {
      if (!own(asked)) return null
      const there = () => fixed.secrets.get(name) ?? known.secrets.get(name) ?? null
      if (there() === null) await withTimeout(refresh(), patienceMs, () => {})
      return there()
    },
    values: (asked) => (own(asked) ? { ...known.values, ...fixedValues } : {}),
    warm: refresh,
    close: forget,
  } satisfies Omit<Services, 'send'> & { warm(): Promise<void>; close(): void }
}
