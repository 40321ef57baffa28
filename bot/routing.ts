import type { RoutingEntry } from '#store/routes.ts'
import type { Program } from './program.ts'

export type RoutingParts = {
  /** All routes of all tenants. */
  loadRouting(): Promise<RoutingEntry[]>
  /** One version, compiled, with its prompts. */
  loadProgram(tenantId: string, versionId: string): Promise<Program>
  /** Calls back whenever routes have changed somewhere. */
  onChange(listener: () => void): () => void
  now?: () => number
}

/** What answers a call; `test` for a call that somebody makes to try a flow. */
export type Routed = { program: Program; test: boolean }

/** Routes are asked for again when they are older than this, even if no change was heard of. */
const freshForMs = 1000
/** How long a new call waits for the database before it is answered with what is known. */
const patienceMs = 3000
/** Compiled versions that are kept; the least recently used goes first. */
const mostPrograms = 500

/**
 * Which version answers. Routes are kept in memory and loaded again when they change, so that no call waits for the
 * database and calls are answered while it is away.
 */
export function createRouting({ loadRouting, loadProgram, onChange, now = Date.now }: RoutingParts) {
  const programs = new Map<string, Promise<Program>>()
  let routes: ReadonlyMap<string, RoutingEntry> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  let stale = true
  const forget = onChange(() => {
    stale = true
  })

  const keyOf = (tenantId: string, called: string | null) => `${tenantId} ${called?.toLowerCase() ?? ''}`

  function load(): Promise<void> {
    loading ??= (async () => {
      stale = false
      try {
        const entries = await loadRouting()
        routes = new Map(entries.map((entry) => [keyOf(entry.tenantId, entry.called), entry]))
        loadedAt = now()
      } catch (problem) {
        stale = true
        throw problem
      } finally {
        loading = undefined
      }
    })()
    return loading
  }

  /** Waits for fresh routes only so long; old ones are better than none. @throws what the database throws, without any */
  async function refresh(): Promise<void> {
    const fresh = load()
    if (routes === undefined) return fresh
    await Promise.race([fresh.catch(() => {}), new Promise((done) => setTimeout(done, patienceMs).unref())])
  }

  const find = (tenantId: string, dialled: readonly string[]): RoutingEntry | undefined =>
    dialled.map((called) => routes?.get(keyOf(tenantId, called))).find((entry) => entry !== undefined)

  function program({ tenantId, versionId }: RoutingEntry): Promise<Program> {
    const known = programs.get(versionId)
    const loadingProgram = known ?? loadProgram(tenantId, versionId)
    programs.delete(versionId)
    programs.set(versionId, loadingProgram)
    loadingProgram.catch(() => programs.delete(versionId))
    if (programs.size > mostPrograms) {
      const [oldest] = programs.keys()
      if (oldest !== undefined) programs.delete(oldest)
    }
    return loadingProgram
  }

  return {
    /** The version for the first of the addresses that has a route, else the tenant's default; null when there is none. */
    async route(tenantId: string, dialled: readonly string[]): Promise<Routed | null> {
      if (stale || now() - loadedAt > freshForMs) await refresh()
      let entry = find(tenantId, dialled)
      // An address without a route of its own may have been given one this very moment, for a test call.
      if (!entry && dialled.length > 0 && now() > loadedAt) {
        await refresh()
        entry = find(tenantId, dialled)
      }
      entry ??= routes?.get(keyOf(tenantId, null))
      return entry ? { program: await program(entry), test: entry.test } : null
    },
    /** True once routes were loaded: calls can be answered. */
    get ready() {
      return routes !== undefined
    },
    /** Loads routes, and makes ready what they lead to, so that the first call does not wait for it. */
    async warm(): Promise<void> {
      await load()
      const published = [...(routes?.values() ?? [])].filter(({ test }) => !test)
      await Promise.allSettled(published.slice(0, mostPrograms).map(program))
    },
    close: forget,
  }
}

export type Routing = ReturnType<typeof createRouting>
