import { type Flow, writeFlow } from '#flow/flow.ts'
import { same } from '../same.ts'
import { ApiError, refusal } from '../shell/error.ts'
import type { ErrorDetails, Saved } from '../wire.ts'
import { type Drawer, forget, keep, noteSaved } from './unsaved.ts'

type Theirs = ErrorDetails['changedMeanwhile']

/** How the draft stands against what the server has. `kept`: what is not saved would survive the end of the page. */
export type SaveState =
  | { type: 'saved'; at: string }
  /** Also while the hand has not come to rest yet: there is something that is not saved. */
  | { type: 'saving' }
  | { type: 'offline'; kept: boolean }
  | { type: 'failed'; error: unknown }
  | { type: 'conflict'; theirs: Theirs }

/** The draft could not be saved because somebody else had changed it. */
class SaveConflict extends Error {
  override readonly name = 'SaveConflict'
  readonly code = 'changedMeanwhile'
}

type Deps = {
  flowId: string
  /** Names this page among all of the browser. */
  page: string
  opened: { flow: Flow; revision: number; updatedAt: string }
  save(flow: Flow, revision: number): Promise<Saved>
  onState(state: SaveState): void
  storage: Drawer
  /** Milliseconds since 1970. */
  now?(): number
}

type State = {
  current: Flow
  /** What the server has: its revision, the flow, and since when. Null: somebody else's, which ours has to take the place of. */
  revision: number
  saved: Flow | null
  savedAt: string
  timer: ReturnType<typeof setTimeout> | undefined
  /** When the first change must be on its way that no save holds yet. */
  dueAt: number | null
  inFlight: Promise<void> | null
  /** Hashes of what was sent and never answered: the server may have it all the same. */
  unanswered: Promise<string>[]
  kept: boolean
  told: SaveState
  conflict: Theirs | null
  closed: boolean
}

/** Saved when nothing more came for so long... */
const restMs = 800
/** ...and so long after the first change at the latest, so that whoever types without a rest is saved every 2 s. */
const mostMs = 1500
const retryMs = 5000
/** Beyond these tries a save of one's own may be taken for somebody else's. */
const mostUnanswered = 1000

/**
 * Saves a draft by itself: one request at a time, never what did not change, and never over somebody else's work. What is not saved yet is
 * kept in the browser with every change.
 */
export function createSaver(deps: Deps) {
  const { flow: current, revision, updatedAt: savedAt } = deps.opened
  const state: State = {
    current,
    revision,
    saved: current,
    savedAt,
    timer: undefined,
    dueAt: null,
    inFlight: null,
    unanswered: [],
    kept: true,
    told: { type: 'saved', at: savedAt },
    conflict: null,
    closed: false,
  }
  return {
    /** Takes note of a change: kept here at once, and saved when nothing more came for a moment. */
    changed(flow: Flow) {
      if (flow === state.current) return
      state.current = flow
      state.closed = false
      keepHere(state, deps)
      const { type } = state.told
      if (type === 'saved') tell(state, deps, { type: 'saving' })
      if (type === 'offline') tell(state, deps, { type, kept: state.kept })
      soon(state, deps)
    },
    /** Saves what is not saved yet and waits for it. @throws ApiError or SaveConflict when it could not be saved. */
    saveNow: () => run(state, deps),
    /** Saves over what somebody else saved meanwhile. */
    async overwrite() {
      if (state.conflict) state.revision = state.conflict.revision
      state.conflict = null
      state.saved = null
      await run(state, deps)
    },
    /** Gives up what is not saved. */
    discard() {
      clearTimeout(state.timer)
      state.saved = state.current
      forget(deps.storage, deps.flowId, deps.page)
    },
    /** The revision that the server has of us. */
    revision: () => state.revision,
    /** False: if the page went now, work would be lost, because the browser did not keep it. */
    isSafe: () => state.kept || same(state.current, state.saved),
    /** The page is left: what is not saved yet is kept here and sent. Nothing is tried again until something changes. */
    close() {
      state.closed = true
      clearTimeout(state.timer)
      if (same(state.current, state.saved)) return
      keepHere(state, deps)
      void run(state, deps).catch(() => {})
    },
  }
}

function keepHere(state: State, { storage, flowId, page, now = Date.now }: Deps): void {
  state.kept = keep(storage, flowId, { page, at: new Date(now()).toISOString(), flow: state.current })
}

function tell(state: State, { onState }: Deps, told: SaveState): void {
  const before = state.told
  const known =
    told.type === before.type &&
    (told.type === 'saving' || ('kept' in told && 'kept' in before && told.kept === before.kept))
  state.told = told
  if (!known) onState(told)
}

/** After a moment's rest, but not later than `mostMs` after the first change. */
function soon(state: State, deps: Deps): void {
  const now = (deps.now ?? Date.now)()
  state.dueAt ??= now + mostMs
  later(state, deps, Math.max(0, Math.min(restMs, state.dueAt - now)))
}

function later(state: State, deps: Deps, ms: number): void {
  clearTimeout(state.timer)
  if (state.closed) return
  state.timer = setTimeout(() => {
    // What changes while a save is under way follows when that one has ended.
    if (!state.inFlight) void run(state, deps).catch(() => {})
  }, ms)
}

async function run(state: State, deps: Deps): Promise<void> {
  clearTimeout(state.timer)
  if (state.inFlight) {
    await state.inFlight.catch(() => {})
    return run(state, deps)
  }
  if (state.conflict) throw new SaveConflict()
  const flow = state.current
  state.dueAt = null
  if (same(flow, state.saved)) return settled(state, deps)
  state.inFlight = send(state, deps, flow)
  try {
    await state.inFlight
  } finally {
    state.inFlight = null
    if (state.current !== flow) soon(state, deps)
  }
}

/** All that there is stands on the server. */
function settled(state: State, deps: Deps): void {
  forget(deps.storage, deps.flowId, deps.page)
  state.kept = true
  tell(state, deps, { type: 'saved', at: state.savedAt })
}

async function send(state: State, deps: Deps, flow: Flow): Promise<void> {
  // Trying again is no news: it is told when it has worked.
  if (state.told.type !== 'offline') tell(state, deps, { type: 'saving' })
  try {
    const { revision, updatedAt } = await deps.save(flow, state.revision)
    Object.assign(state, { revision, savedAt: updatedAt, saved: flow })
    state.unanswered = []
    noteSaved(deps.storage, deps.flowId, revision)
    if (state.current === flow) settled(state, deps)
    else tell(state, deps, { type: 'saving' })
  } catch (error) {
    const theirs = refusal(error, 'changedMeanwhile')
    if (theirs?.hash && (await Promise.all(state.unanswered)).includes(theirs.hash)) {
      // What is there is our own, of which we never heard that it had arrived.
      state.unanswered = []
      state.revision = theirs.revision
      return send(state, deps, flow)
    }
    if (theirs) {
      state.conflict = theirs
      tell(state, deps, { type: 'conflict', theirs })
      throw new SaveConflict()
    }
    failed(state, deps, error, flow)
    throw error
  }
}

/** Not reached, or not well: it is tried again by itself. What was refused for good waits for a change. */
function failed(state: State, deps: Deps, error: unknown, flow: Flow): void {
  const status = error instanceof ApiError ? error.status : null
  const unwell = status === 0 || status === 429 || (status !== null && status >= 500)
  if (status === 0) tell(state, deps, { type: 'offline', kept: state.kept })
  else tell(state, deps, { type: 'failed', error })
  if (!unwell) return
  later(state, deps, retryMs)
  state.unanswered = [...state.unanswered, hashOf(flow)].slice(-mostUnanswered)
}

/** The hash by which the server knows a document, see store/document.ts: SHA-256 as hex; nothing on a page that is not served securely. */
async function hashOf(flow: Flow): Promise<string> {
  if (!crypto.subtle) return ''
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(writeFlow(flow)))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
