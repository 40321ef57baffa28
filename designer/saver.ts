import * as z from 'zod'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'
import { ApiError, refusal } from './shell/error.ts'
import type { ErrorDetails, Saved } from './wire.ts'

/** How the draft stands against what the server has. */
export type SaveState =
  | { type: 'saved'; at: string }
  | { type: 'saving' }
  | { type: 'offline' }
  | { type: 'failed'; error: unknown }
  | { type: 'conflict'; theirs: ErrorDetails['changedMeanwhile'] }

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
  /** The page is left: what is not saved yet is kept here and sent. Nothing is tried again until something changes. */
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
  let conflict: ErrorDetails['changedMeanwhile'] | null = null
  let closed = false

  const later = (ms: number) => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void run().catch(() => {}), ms)
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
    } catch (error) {
      const theirs = refusal(error, 'changedMeanwhile')
      if (theirs) {
        conflict = theirs
        onState({ type: 'conflict', theirs })
        throw new SaveConflict()
      }
      if (error instanceof ApiError && error.status === 0) {
        onState({ type: 'offline' })
        later(retryMs)
      } else onState({ type: 'failed', error })
      throw error
    }
  }

  return {
    changed(flow) {
      if (flow === current) return
      current = flow
      closed = false
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
      closed = true
      clearTimeout(timer)
      if (writeFlow(current) === savedText) return
      keep(storage, flowId, { at: now(), revision, flow: current })
      void run().catch(() => {})
    },
  }
}

/** Work that was not saved when its page was left. */
export type Unsaved = { at: string; revision: number; flow: Flow }

const Kept = z.array(z.object({ at: z.string(), revision: z.number(), flow: z.unknown() }))

/**
 * Work on this flow that never reached the server, the latest last. It stays here until it is brought back or discarded:
 * what is kept of later changes has a place of its own.
 */
export function unsavedWork(storage: Options['storage'], flowId: string, opened: Flow): readonly Unsaved[] {
  const works = [...read(storage, earlierKey(flowId)), ...read(storage, keyOf(flowId))]
  const texts = new Set([writeFlow(opened)])
  const differing = works.filter(({ flow }) => !texts.has(writeFlow(flow)) && texts.add(writeFlow(flow)))
  keepEarlier(storage, flowId, differing)
  forget(storage, flowId)
  return differing
}

/** Work that was brought back or discarded is not offered again. */
export function forgetUnsaved(storage: Options['storage'], flowId: string, work: Unsaved): void {
  const others = read(storage, earlierKey(flowId)).filter(({ flow }) => writeFlow(flow) !== writeFlow(work.flow))
  keepEarlier(storage, flowId, others)
}

function read(storage: Options['storage'], key: string): Unsaved[] {
  try {
    const kept = Kept.parse(JSON.parse(storage.getItem(key) ?? '[]'))
    return kept.map((work) => ({ ...work, flow: readFlow(work.flow) }))
  } catch {
    // Nothing that can be read: then there is nothing to offer.
    return []
  }
}

function keepEarlier(storage: Options['storage'], flowId: string, works: readonly Unsaved[]): void {
  if (works.length === 0) storage.removeItem(earlierKey(flowId))
  else write(storage, earlierKey(flowId), works)
}

function write(storage: Options['storage'], key: string, works: readonly Unsaved[]): void {
  try {
    storage.setItem(key, JSON.stringify(works))
  } catch {
    // Storage is full or refused: saving on the server goes on, only the safety net is missing.
  }
}

const keep = (storage: Options['storage'], flowId: string, work: Unsaved) => write(storage, keyOf(flowId), [work])
const forget = (storage: Options['storage'], flowId: string) => storage.removeItem(keyOf(flowId))

const keyOf = (flowId: string) => `unsaved:${flowId}`
const earlierKey = (flowId: string) => `unsaved-earlier:${flowId}`
