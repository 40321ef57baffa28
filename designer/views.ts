import { anywhereType } from '#flow/anywhere.ts'
import type { Block, Flow } from '#flow/flow.ts'
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
  const look = (which?: (id: string) => boolean) => viewBlocks(flow, rules?.surroundingsOf(flow), which)
  if (!known || !isAroundAlike(known.flow, flow)) return { flow, views: look(), rules }
  const fresh = look((id) => flow.blocks[id] !== known.flow.blocks[id])
  const views = new Map<string, BlockView>()
  for (const id of Object.keys(flow.blocks)) {
    const view = fresh.get(id) ?? known.views.get(id)
    if (view) views.set(id, view)
  }
  return { flow, views, rules }
}

/** Whether all is as before that blocks see of the flow around them. */
function isAroundAlike(before: Flow, now: Flow): boolean {
  const [keys, earlier] = [before, now].map(({ blocks }) =>
    Object.values(blocks).filter(({ type }) => type === anywhereType),
  ) as [Block[], Block[]] // of two
  return (
    before.variables === now.variables &&
    before.timeZone === now.timeZone &&
    keys.length === earlier.length &&
    keys.every((block, n) => block === earlier[n])
  )
}
