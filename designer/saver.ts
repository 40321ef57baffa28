import * as z from 'zod'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'
import type { ChangedMeanwhile, Saved } from './shell/api.ts'
import { ApiError } from './shell/error.ts'

/** How the draft stands against what the server has. */
export type SaveState =
  | { type: 'saved'; at: string }
  | { type: 'saving' }
  | { type: 'offline' }
  | { type: 'failed'; error: unknown }
  | { type: 'conflict'; theirs: ChangedMeanwhile }

export type Saver = {
  /** Takes note of a change; it is saved when nothing more came for a moment. */
  changed(flow: Flow): void
  /** Saves what is not saved yet and waits for it. @throws ApiError or SaveConflict when it could not be saved. */
  saveNow(): Promise<void>
  /** Saves over what somebody else saved meanwhile. */
  overwrite(): Promise<void>
  /** Gives up what is not saved. */
  discard(): void
  /** The revision that the server has of us. */
  revision(): number
  close(): void
}

/** The draft could not be saved because somebody else had changed it. */
export class SaveConflict extends Error {
  override readonly name = 'SaveConflict'
  readonly code = 'changedMeanwhile'
}

type Options = {
  flowId: string
  opened: { flow: Flow; revision: number; updatedAt: string }
  save(flow: Flow, revision: number): Promise<Saved>
  onState(state: SaveState): void
  /** Where unsaved work is kept; `localStorage` in a browser. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  now?(): string
}

const restMs = 800
const retryMs = 5000

/** Saves a draft by itself: one request at a time, never what did not change, and never over somebody else's work. */
export function saver({
  flowId,
  opened,
  save,
  onState,
  storage,
  now = () => new Date().toISOString(),
}: Options): Saver {
  let current = opened.flow
  let revision = opened.revision
  let savedText = writeFlow(opened.flow)
  let timer: ReturnType<typeof setTimeout> | undefined
  let inFlight: Promise<void> | null = null
  let conflict: ChangedMeanwhile | null = null

  const later = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void run().catch(() => {}), ms)
  }

  async function run(): Promise<void> {
    clearTimeout(timer)
    if (inFlight) {
      await inFlight.catch(() => {})
      return run()
    }
    if (conflict) throw new SaveConflict()
    const flow = current
    const text = writeFlow(flow)
    if (text === savedText) {
      forget(storage, flowId)
      return
    }
    keep(storage, flowId, { at: now(), revision, flow })
    inFlight = send(flow, text)
    try {
      await inFlight
    } finally {
      inFlight = null
    }
    if (current !== flow) later(restMs)
  }

  async function send(flow: Flow, text: string): Promise<void> {
    onState({ type: 'saving' })
    try {
      const saved = await save(flow, revision)
      revision = saved.revision
      savedText = text
      if (current === flow) forget(storage, flowId)
      onState({ type: 'saved', at: saved.updatedAt })
    } catch (problem) {
      const { status, code, detail } = problem instanceof ApiError ? problem : { status: -1, code: '', detail: null }
      if (code === 'changedMeanwhile') {
        // The route answers with this very type (wire.ts).
        conflict = detail as ChangedMeanwhile
        onState({ type: 'conflict', theirs: conflict })
        throw new SaveConflict()
      }
      if (status === 0) {
        onState({ type: 'offline' })
        later(retryMs)
      } else onState({ type: 'failed', error: problem })
      throw problem
    }
  }

  return {
    changed(flow) {
      if (flow === current) return
      current = flow
      later(restMs)
    },
    saveNow: run,
    async overwrite() {
      if (conflict) revision = conflict.revision
      conflict = null
      // Theirs is what the server has now, so ours has to be sent even if it is what we had saved before.
      savedText = ''
      await run()
    },
    discard() {
      clearTimeout(timer)
      savedText = writeFlow(current)
      forget(storage, flowId)
    },
    revision: () => revision,
    close() {
      clearTimeout(timer)
      if (writeFlow(current) !== savedText) keep(storage, flowId, { at: now(), revision, flow: current })
    },
  }
}

/** Work that was not saved when its page was left. */
export type Unsaved = { at: string; revision: number; flow: Flow }

const Kept = z.object({ at: z.string(), revision: z.number(), flow: z.unknown() })

/** The unsaved work of this flow, if it differs from what the server has. */
export function unsavedWork(storage: Options['storage'], flowId: string, opened: Flow): Unsaved | null {
  try {
    const kept = Kept.parse(JSON.parse(storage.getItem(keyOf(flowId)) ?? 'null'))
    const flow = readFlow(kept.flow)
    return writeFlow(flow) === writeFlow(opened) ? null : { ...kept, flow }
  } catch {
    // Nothing there, or nothing that can be read: then there is nothing to offer.
    return null
  }
}

export function forget(storage: Options['storage'], flowId: string): void {
  storage.removeItem(keyOf(flowId))
}

function keep(storage: Options['storage'], flowId: string, unsaved: Unsaved): void {
  try {
    storage.setItem(keyOf(flowId), JSON.stringify(unsaved))
  } catch {
    // Storage is full or refused: saving on the server goes on, only the safety net is missing.
  }
}

const keyOf = (flowId: string) => `unsaved:${flowId}`
