import { type Flow, writeFlow } from '#flow/flow.ts'
import { ApiError, refusal } from '../shell/error.ts'
import type { ErrorDetails, Saved } from '../wire.ts'
import { type Drawer, forget, keep } from './unsaved.ts'

type Theirs = ErrorDetails['changedMeanwhile']

/** How the draft stands against what the server has. */
export type SaveState =
  | { type: 'saved'; at: string }
  | { type: 'saving' }
  | { type: 'offline' }
  | { type: 'failed'; error: unknown }
  | { type: 'conflict'; theirs: Theirs }

/** The draft could not be saved because somebody else had changed it. */
class SaveConflict extends Error {
  override readonly name = 'SaveConflict'
  readonly code = 'changedMeanwhile'
}

type Deps = {
  flowId: string
  opened: { flow: Flow; revision: number; updatedAt: string }
  save(flow: Flow, revision: number): Promise<Saved>
  onState(state: SaveState): void
  storage: Drawer
  now?(): string
}

type State = {
  current: Flow
  /** What the server has: its revision, and the text of the flow. */
  revision: number
  savedText: string
  timer: ReturnType<typeof setTimeout> | undefined
  inFlight: Promise<void> | null
  conflict: Theirs | null
  closed: boolean
}

const restMs = 800
const retryMs = 5000

/** Saves a draft by itself: one request at a time, never what did not change, and never over somebody else's work. */
export function createSaver(deps: Deps) {
  const { flow: current, revision } = deps.opened
  const saving = { timer: undefined, inFlight: null, conflict: null, closed: false }
  const state: State = { current, revision, savedText: writeFlow(current), ...saving }
  return {
    /** Takes note of a change; it is saved when nothing more came for a moment. */
    changed(flow: Flow) {
      if (flow === state.current) return
      state.current = flow
      state.closed = false
      later(state, deps, restMs)
    },
    /** Saves what is not saved yet and waits for it. @throws ApiError or SaveConflict when it could not be saved. */
    saveNow: () => run(state, deps),
    /** Saves over what somebody else saved meanwhile. */
    async overwrite() {
      if (state.conflict) state.revision = state.conflict.revision
      state.conflict = null
      // Theirs is what the server has now, so ours has to be sent even if it is what we had saved before.
      state.savedText = ''
      await run(state, deps)
    },
    /** Gives up what is not saved. */
    discard() {
      clearTimeout(state.timer)
      state.savedText = writeFlow(state.current)
      forget(deps.storage, deps.flowId)
    },
    /** The revision that the server has of us. */
    revision: () => state.revision,
    /** The page is left: what is not saved yet is kept here and sent. Nothing is tried again until something changes. */
    close() {
      state.closed = true
      clearTimeout(state.timer)
      if (writeFlow(state.current) === state.savedText) return
      keepHere(state, deps)
      void run(state, deps).catch(() => {})
    },
  }
}

function keepHere({ revision, current }: State, { storage, flowId, now = () => new Date().toISOString() }: Deps): void {
  keep(storage, flowId, { at: now(), revision, flow: current })
}

function later(state: State, deps: Deps, ms: number): void {
  clearTimeout(state.timer)
  if (!state.closed) state.timer = setTimeout(() => void run(state, deps).catch(() => {}), ms)
}

async function run(state: State, deps: Deps): Promise<void> {
  clearTimeout(state.timer)
  if (state.inFlight) {
    await state.inFlight.catch(() => {})
    return run(state, deps)
  }
  if (state.conflict) throw new SaveConflict()
  const flow = state.current
  const text = writeFlow(flow)
  if (text === state.savedText) return forget(deps.storage, deps.flowId)
  keepHere(state, deps)
  state.inFlight = send(state, deps, flow, text)
  try {
    await state.inFlight
  } finally {
    state.inFlight = null
  }
  if (state.current !== flow) later(state, deps, restMs)
}

async function send(state: State, deps: Deps, flow: Flow, text: string): Promise<void> {
  const { save, onState, storage, flowId } = deps
  onState({ type: 'saving' })
  try {
    const saved = await save(flow, state.revision)
    state.revision = saved.revision
    state.savedText = text
    if (state.current === flow) forget(storage, flowId)
    onState({ type: 'saved', at: saved.updatedAt })
  } catch (error) {
    const theirs = refusal(error, 'changedMeanwhile')
    if (theirs) {
      state.conflict = theirs
      onState({ type: 'conflict', theirs })
      throw new SaveConflict()
    }
    if (error instanceof ApiError && error.status === 0) {
      onState({ type: 'offline' })
      later(state, deps, retryMs)
    } else onState({ type: 'failed', error })
    throw error
  }
}
