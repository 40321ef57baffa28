import { type BlockView, viewBlocks } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'

/** A flow, and each of its blocks as its kind shows it. */
export type Viewed = { readonly flow: Flow; readonly views: ReadonlyMap<string, BlockView> }

/** A flow with the views of its blocks; those of blocks that are the same objects as before are taken over. */
export function viewedOf(flow: Flow, before: Viewed | null = null): Viewed {
  if (before?.flow === flow) return before
  if (!before || before.flow.variables !== flow.variables || before.flow.timeZone !== flow.timeZone)
    return { flow, views: viewBlocks(flow) }
  const changed = Object.entries(flow.blocks).filter(([id, block]) => block !== before.flow.blocks[id])
  const fresh = viewBlocks({ ...flow, blocks: Object.fromEntries(changed) })
  const views = new Map<string, BlockView>()
  for (const id of Object.keys(flow.blocks)) {
    const view = fresh.get(id) ?? before.views.get(id)
    if (view) views.set(id, view)
  }
  return { flow, views }
}
