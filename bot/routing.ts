import { BoundedMap } from '#ground/boundedMap.ts'
import { withTimeout } from '#ground/timeout.ts'
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

/** Routes are loaded again behind the calls when they are older than this, even if no change was heard of. */
const freshForMs = 10_000
/** How long a new call waits for routes that are known to have changed. */
const patienceMs = 1000
/** How long it waits to see whether an address that nobody knows has just been given a route. */
const missPatienceMs = 500
const mostMisses = 10_000
/** Compiled versions that are kept; the least recently used goes first. */
const mostPrograms = 500

/**
 * Which version answers. Routes are kept in memory and loaded again when the database tells of a change, so that calls
 * cost it nothing, and are answered while it is away or hangs.
 */
export function createRouting({ loadRouting, loadProgram, onChange, now = Date.now }: RoutingParts) {
  const programs = new BoundedMap<string, Promise<Program>>(mostPrograms)
  let routes: ReadonlyMap<string, RoutingEntry> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: { done: Promise<void>; since: number } | undefined
  /** A change was told and is not loaded yet. */
  let changed = true
  /** Addresses that were looked for in the database and have no route. */
  const misses = new Set<string>()
  const forget = onChange(() => {
    changed = true
    misses.clear()
    // Nothing is known yet, and the database is there again: that no call has come is no reason to wait for one.
    if (routes === undefined) load().done.catch(() => {})
  })

  const keyOf = (tenantId: string, called: string | null) => `${tenantId} ${called?.toLowerCase() ?? ''}`

  function load(): { done: Promise<void>; since: number } {
    loading ??= { done: read().finally(() => (loading = undefined)), since: now() }
    return loading
  }

  async function read() {
    changed = false
    try {
      const entries = await loadRouting()
      routes = new Map(entries.map((entry) => [keyOf(entry.tenantId, entry.called), entry]))
      loadedAt = now()
    } catch (error) {
      changed = true
      throw error
    }
  }

  /** Waits for what is being loaded, counted from its beginning: a database that hangs holds up nobody for longer. */
  async function refresh(limitMs: number): Promise<void> {
    const { done, since } = load()
    if (routes === undefined) return done
    const rest = since + limitMs - now()
    if (rest <= 0) return void done.catch(() => {})
    await withTimeout(
      done.catch(() => {}),
      rest,
      () => {},
    )
  }

  const find = (tenantId: string, dialled: readonly string[]): RoutingEntry | undefined =>
    dialled.map((called) => routes?.get(keyOf(tenantId, called))).find((entry) => entry !== undefined)

  function program({ tenantId, versionId }: RoutingEntry): Promise<Program> {
    const known = programs.use(versionId)
    if (known) return known
    const loading = loadProgram(tenantId, versionId)
    programs.set(versionId, loading)
    loading.catch(() => programs.delete(versionId))
    return loading
  }

  return {
    /** The version for the first of the addresses that has a route, else the tenant's default; null when there is none. */
    async route(tenantId: string, dialled: readonly string[]): Promise<Routed | null> {
      if (routes === undefined || changed) await refresh(patienceMs)
      else if (now() - loadedAt > freshForMs) load().done.catch(() => {})
      let entry = find(tenantId, dialled)
      const unknown = dialled.map((called) => keyOf(tenantId, called)).filter((key) => !misses.has(key))
      if (!entry && unknown.length > 0) {
        // It may have been given a route this very moment, for a test call.
        await refresh(missPatienceMs)
        entry = find(tenantId, dialled)
        if (!entry && misses.size < mostMisses) for (const key of unknown) misses.add(key)
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
      await load().done
      const published = [...(routes?.values() ?? [])].filter(({ test }) => !test)
      await Promise.allSettled(published.slice(0, mostPrograms).map(program))
    },
    close: forget,
  }
}

export type Routing = ReturnType<typeof createRouting>
