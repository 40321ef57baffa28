import * as z from 'zod'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'

/** Where unsaved work is kept. `set` is false when nothing was kept: storage is full, or refused to this page. */
export type Drawer = {
  get(key: string): string | null
  set(key: string, text: string): boolean
  remove(key: string): void
  keys(): readonly string[]
}

/** Work that was not saved when its page was left. Each page keeps its own, so two tabs never overwrite each other's. */
export type Unsaved = { page: string; at: string; flow: Flow }

const Kept = z.object({ at: z.string(), flow: z.unknown() })

/** What nobody ever decides about must not fill the storage. */
const mostWorks = 10

/**
 * Work on this flow that never reached the server, the latest last. It stays until it is brought back or discarded. What pages keep that are
 * still open is theirs: they will save it themselves.
 */
export function unsavedWork(
  storage: Drawer,
  { flowId, opened, openPages }: { flowId: string; opened: Flow; openPages: ReadonlySet<string> },
): readonly Unsaved[] {
  const works = storage
    .keys()
    .filter((key) => key.startsWith(keyOf(flowId, '')) && !openPages.has(pageOf(key, flowId)))
    .map((key) => ({ key, work: read(storage, key, pageOf(key, flowId)) }))
    .sort((a, b) => ((a.work?.at ?? '') < (b.work?.at ?? '') ? -1 : 1))
  const texts = new Set([writeFlow(opened)])
  const differing = new Map(
    works
      .flatMap(({ key, work }): [string, Unsaved][] => {
        const text = work && writeFlow(work.flow)
        return text === null || texts.has(text) || !texts.add(text) ? [] : [[key, work as Unsaved]]
      })
      .slice(-mostWorks),
  )
  for (const { key } of works) if (!differing.has(key)) storage.remove(key)
  return [...differing.values()]
}

function read(storage: Drawer, key: string, page: string): Unsaved | null {
  try {
    const { at, flow } = Kept.parse(JSON.parse(storage.get(key) ?? 'null'))
    return { page, at, flow: readFlow(flow) }
  } catch {
    // Nothing that can be read: then there is nothing to offer.
    return null
  }
}

/** Keeps what a page has not saved, in place of what it kept before. False: it could not be kept. */
export const keep = (storage: Drawer, flowId: string, { page, at, flow }: Unsaved): boolean =>
  storage.set(keyOf(flowId, page), JSON.stringify({ at, flow }))

/** Work that was saved, brought back or discarded is not offered again. */
export const forget = (storage: Drawer, flowId: string, page: string) => storage.remove(keyOf(flowId, page))

const keyOf = (flowId: string, page: string) => `unsaved:${flowId}:${page}`
const pageOf = (key: string, flowId: string) => key.slice(keyOf(flowId, '').length)

/** What the pages of this browser saved last of a flow: so that a person is not told of somebody else who is themselves. */
export const noteSaved = (storage: Drawer, flowId: string, revision: number) =>
  storage.set(savedKey(flowId), String(revision))

/** True when this very revision was saved in this browser. */
export const wasSavedHere = (storage: Drawer, flowId: string, revision: number): boolean =>
  storage.get(savedKey(flowId)) === String(revision)

const savedKey = (flowId: string) => `saved-here:${flowId}`
