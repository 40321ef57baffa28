import type { Flow } from './flow.ts'
import { comingsOf } from './lines.ts'
import type { BlockView } from './view.ts'

/** Callers who hear nothing for longer think that they are cut off, and hang up. */
const mostMs = 1_000

/**
 * Blocks at which an answered caller hears nothing for more than a second, as far as settings say: the silent blocks right before them
 * are counted in. Whoever rings hears it ring.
 */
export function silencesOf(flow: Flow, views: ReadonlyMap<string, BlockView>): ReadonlySet<string> {
  const ownOf = (id: string) => views.get(id)?.opened?.silence?.ms ?? 0
  const comings = comingsOf(flow, views)
  /** The longest silence with which a caller comes to each block. Beyond the bound nothing is added, so that circles have an end. */
  const before = new Map<string, number>()
  for (const [id, { answered }] of comings) if (answered !== undefined) before.set(id, 0)
  const walk = [...before.keys()]
  for (let id = walk.pop(); id !== undefined; id = walk.pop()) {
    const after = Math.min((before.get(id) ?? 0) + ownOf(id), mostMs)
    if (speaks(views.get(id)) || after === 0) continue
    for (const to of Object.values(flow.blocks[id]?.exits ?? {})) {
      if (after <= (before.get(to) ?? Number.POSITIVE_INFINITY)) continue
      before.set(to, after)
      walk.push(to)
    }
  }
  return new Set([...before].flatMap(([id, ms]) => (ownOf(id) > 0 && ms + ownOf(id) > mostMs ? [id] : [])))
}

/** Whether callers hear something there, be it that they are given to somebody else. What is not understood may say anything. */
const speaks = (view: BlockView | undefined): boolean => {
  const { kind, opened } = view ?? {}
  if (!kind || !opened) return true
  return (
    opened.prompts.length > 0 ||
    kind.asksCaller ||
    opened.records === true ||
    kind.handsOver ||
    opened.enters !== undefined
  )
}
