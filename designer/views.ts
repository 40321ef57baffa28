import type { Flow } from '#flow/flow.ts'
import { type BlockView, viewBlocks } from '#flow/view.ts'
import type { Rules } from './useRules.ts'

/** A flow, and each of its blocks as its kind shows it; by what rules, null while expressions are not read. */
export type Viewed = {
  readonly flow: Flow
  readonly views: ReadonlyMap<string, BlockView>
  readonly rules: Rules | null
}

/** A flow with the views of its blocks; those of blocks that are the same objects as before are taken over. */
export function viewedOf(flow: Flow, before: Viewed | null = null, rules = before?.rules ?? null): Viewed {
  const known = before?.rules === rules ? before : null
  if (known?.flow === flow) return known
  const look = (at: Flow) => viewBlocks(at, rules?.surroundingsOf(at))
  if (!known || known.flow.variables !== flow.variables || known.flow.timeZone !== flow.timeZone)
    return { flow, views: look(flow), rules }
  const changed = Object.entries(flow.blocks).filter(([id, block]) => block !== known.flow.blocks[id])
  const fresh = look({ ...flow, blocks: Object.fromEntries(changed) })
  const views = new Map<string, BlockView>()
  for (const id of Object.keys(flow.blocks)) {
    const view = fresh.get(id) ?? known.views.get(id)
    if (view) views.set(id, view)
  }
  return { flow, views, rules }
}
