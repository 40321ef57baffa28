import { nobodyId } from '#flow/nobodyAnswers.ts'
import { type Incoming, routeFor, spelled } from '#flow/routing.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import type { Clock } from '#ground/clock.ts'
import { withTimeout } from '#ground/timeout.ts'
import type { RoutingEntry } from '#store/routes.ts'
import type { Program } from './program.ts'
import { backgroundClock } from './timers.ts'

type Deps = {
  /** All routes of all tenants. */
  loadRouting(): Promise<RoutingEntry[]>
  /** One version, compiled, with its prompts. */
  loadProgram(tenantId: string, versionId: string): Promise<Program>
  /** Calls back whenever routes have changed somewhere. */
  onChange(listener: () => void): () => void
  clock?: Clock
}

/** What answers a call; `test` for a call that somebody makes to try a flow, which alone may take it for so much later than it is. */
export type Routed = { program: Program; test: boolean; movedMs?: number; data?: RoutingEntry['data'] }

/** Routes are loaded again behind the calls when they are older than this, even if no change was heard of. */
const freshForMs = 10_000
/** How long a new call waits for routes that are known to have changed. */
const patienceMs = 1000
/** How long it waits to see whether an address that nobody knows has just been given a route. */
const missPatienceMs = 500
const mostMisses = 10_000
/** Compiled versions that are kept; the least recently used goes first. */
const mostPrograms = 500

type State = Deps & {
  readonly clock: Clock
  /** By version; made anew where what its flow shares with others has changed since. */
  readonly programs: BoundedMap<string, { program: Promise<Program>; sharedRevision: number }>
  /** By tenant and what is dialled; those for anything dialled by the tenant alone. */
  routes: ReadonlyMap<string, readonly RoutingEntry[]> | undefined
  loadedAt: number
  loading: { done: Promise<void>; since: number } | undefined
  /** A change was told and is not loaded yet. */
  changed: boolean
  /** Addresses that were looked for in the database and have no route. */
  readonly misses: Set<string>
}

/**
 * Which version answers. Routes are kept in memory and loaded again when the database tells of a change, so that calls
 * cost it nothing, and are answered while it is away or hangs.
 */
export function createRouting(deps: Deps) {
  const state: State = {
    ...deps,
    clock: deps.clock ?? backgroundClock,
    programs: new BoundedMap(mostPrograms),
    routes: undefined,
    loadedAt: Number.NEGATIVE_INFINITY,
    loading: undefined,
    changed: true,
    misses: new Set(),
  }
  const forget = deps.onChange(() => {
    state.changed = true
    state.misses.clear()
    // Nothing is known yet, and the database is there again: that no call has come is no reason to wait for one.
    if (state.routes === undefined) load(state).done.catch(() => {})
  })
  return {
    /** The version by the first rule that fits, else by the tenant's default; where there is none, what says that nobody answers. */
    async route(tenantId: string, call: Calling): Promise<Routed> {
      const entry = (await find(state, tenantId, call)) ?? nobodyIn(tenantId)
      const { test, movedSeconds, data } = entry
      const program = await programOf(state, entry)
      return { program, test, ...(test && { movedMs: movedSeconds * 1000 }), ...(data && { data }) }
    },
    /** True once routes were loaded: calls can be answered. */
    get ready() {
      return state.routes !== undefined
    },
    /** Loads routes, and makes ready what they lead to, so that the first call does not wait for it. */
    async warm(): Promise<void> {
      await load(state).done
      const published = [...(state.routes?.values() ?? [])].flat().filter(({ test }) => !test)
      await Promise.allSettled(published.slice(0, mostPrograms).map((entry) => programOf(state, entry)))
    },
    close: forget,
  }
}

/** What is told of a call before it is answered; the time is the bot's. */
type Calling = Omit<Incoming, 'at'>

/** Callers hear that nobody answers, and not nothing. */
const nobodyIn = (tenantId: string): RoutingEntry => ({
  ...{ tenantId, flowId: nobodyId, versionId: nobodyId, test: false, movedSeconds: 0, sharedRevision: 0 },
  ...{ called: null, caller: null, when: null, position: 0 },
})

/** Graph may spell an account in capitals, and a number with `tel:`; the table has the one spelling. */
const keyOf = (tenantId: string, called: string | null) => `${tenantId} ${called ? spelled(called) : ''}`

function load(state: State): { done: Promise<void>; since: number } {
  state.loading ??= {
    done: read(state).finally(() => {
      state.loading = undefined
    }),
    since: state.clock.now(),
  }
  return state.loading
}

async function read(state: State): Promise<void> {
  state.changed = false
  try {
    const entries = await state.loadRouting()
    state.routes = byKey(entries)
    state.loadedAt = state.clock.now()
  } catch (error) {
    state.changed = true
    throw error
  }
}

function byKey(entries: readonly RoutingEntry[]) {
  const routes = new Map<string, RoutingEntry[]>()
  for (const entry of entries) {
    const key = keyOf(entry.tenantId, entry.called)
    const others = routes.get(key)
    if (others) others.push(entry)
    else routes.set(key, [entry])
  }
  return routes
}

/** Waits for what is being loaded, counted from its beginning: a database that hangs holds up nobody for longer. */
async function refresh(state: State, limitMs: number): Promise<void> {
  const { done, since } = load(state)
  if (state.routes === undefined) return done
  const rest = since + limitMs - state.clock.now()
  const quiet = done.catch(() => {})
  if (rest > 0) await withTimeout(quiet, rest, () => {}, state.clock)
}

async function find(state: State, tenantId: string, { dialled, caller }: Calling): Promise<RoutingEntry | undefined> {
  const { misses } = state
  const routesOf = (called: string | null) => state.routes?.get(keyOf(tenantId, called)) ?? []
  if (state.routes === undefined || state.changed) await refresh(state, patienceMs)
  else if (state.clock.now() - state.loadedAt > freshForMs) load(state).done.catch(() => {})
  const isKnown = () => dialled.some((called) => routesOf(called).length > 0)
  const unknown = dialled.map((called) => keyOf(tenantId, called)).filter((key) => !misses.has(key))
  if (!isKnown() && unknown.length > 0) {
    // It may have been given a route this very moment, for a test call.
    await refresh(state, missPatienceMs)
    if (!isKnown() && misses.size < mostMisses) for (const key of unknown) misses.add(key)
  }
  const candidates = [...dialled.flatMap(routesOf), ...routesOf(null)]
  return routeFor(candidates, { dialled, caller, at: state.clock.now() }, ({ calendar }) => calendar)
}

function programOf(state: State, { tenantId, versionId, sharedRevision }: RoutingEntry): Promise<Program> {
  const { programs, loadProgram, clock } = state
  // What says that nobody answers is one version for all tenants, and its audio each tenant's own.
  const key = `${tenantId} ${versionId}`
  const known = programs.use(key)
  if (known?.sharedRevision === sharedRevision) return known.program
  const loading = loadProgram(tenantId, versionId)
  if (known) {
    // Hours as they were a moment ago are better than a caller who waits for a database that hangs, or is not answered.
    const old = () => known.program
    const program = withTimeout(loading.catch(old), patienceMs, old, clock).then((one) => one)
    programs.set(key, { program, sharedRevision })
    loading.then(
      () => programs.set(key, { program: loading, sharedRevision }),
      () => programs.set(key, known),
    )
    return program
  }
  programs.set(key, { program: loading, sharedRevision })
  loading.catch(() => programs.delete(key))
  return loading
}
