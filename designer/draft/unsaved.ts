import * as z from 'zod'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'

/** Where unsaved work is kept; `localStorage` in a browser. */
export type Drawer = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Work that was not saved when its page was left. */
export type Unsaved = { at: string; revision: number; flow: Flow }

const Kept = z.array(z.object({ at: z.string(), revision: z.number(), flow: z.unknown() }))

/**
 * Work on this flow that never reached the server, the latest last. It stays here until it is brought back or discarded:
 * what is kept of later changes has a place of its own.
 */
export function unsavedWork(storage: Drawer, flowId: string, opened: Flow): readonly Unsaved[] {
  const works = [...read(storage, earlierKey(flowId)), ...read(storage, keyOf(flowId))]
  const texts = new Set([writeFlow(opened)])
  const differing = works.filter(({ flow }) => !texts.has(writeFlow(flow)) && texts.add(writeFlow(flow)))
  keepEarlier(storage, flowId, differing)
  forget(storage, flowId)
  return differing
}

/** Work that was brought back or discarded is not offered again. */
export function forgetUnsaved(storage: Drawer, flowId: string, work: Unsaved): void {
  const others = read(storage, earlierKey(flowId)).filter(({ flow }) => writeFlow(flow) !== writeFlow(work.flow))
  keepEarlier(storage, flowId, others)
}

function read(storage: Drawer, key: string): Unsaved[] {
  try {
    const kept = Kept.parse(JSON.parse(storage.getItem(key) ?? '[]'))
    return kept.map((work) => ({ ...work, flow: readFlow(work.flow) }))
  } catch {
    // Nothing that can be read: then there is nothing to offer.
    return []
  }
}

function keepEarlier(storage: Drawer, flowId: string, works: readonly Unsaved[]): void {
  if (works.length === 0) storage.removeItem(earlierKey(flowId))
  else write(storage, earlierKey(flowId), works)
}

function write(storage: Drawer, key: string, works: readonly Unsaved[]): void {
  try {
    storage.setItem(key, JSON.stringify(works))
  } catch {
    // Storage is full or refused: saving on the server goes on, only the safety net is missing.
  }
}

/** Keeps what is being saved, in place of what was kept before. */
export const keep = (storage: Drawer, flowId: string, work: Unsaved) => write(storage, keyOf(flowId), [work])

export const forget = (storage: Drawer, flowId: string) => storage.removeItem(keyOf(flowId))

const keyOf = (flowId: string) => `unsaved:${flowId}`
const earlierKey = (flowId: string) => `unsaved-earlier:${flowId}`
