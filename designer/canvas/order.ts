import type { Flow } from '#flow/flow.ts'
import type { Viewed } from '../views.ts'

/**
 * Blocks in the order in which a call may come to them: from the start by each exit in turn, then the failure and
 * hang-up paths, then what nothing leads to, from top to bottom.
 */
export function callOrder({ flow, views }: Viewed): string[] {
  const order = new Set<string>()
  const loose = Object.entries(flow.blocks)
    .sort(([, a], [, b]) => a.position.y - b.position.y || a.position.x - b.position.x)
    .map(([id]) => id)
  for (const root of [flow.start, flow.onError, flow.onHangUp, ...loose]) {
    const walk = root === null ? [] : [root]
    for (let id = walk.pop(); id !== undefined; id = walk.pop()) {
      const block = flow.blocks[id]
      if (!block || order.has(id)) continue
      order.add(id)
      const next = (views.get(id)?.exits ?? []).flatMap(({ name }) => block.exits[name] ?? [])
      walk.push(...next.reverse())
    }
  }
  return [...order]
}

/** The first block, in call order, that leads to this one. */
export const comesBefore = (flow: Flow, order: readonly string[], id: string): string | undefined =>
  order.find((other) => other !== id && Object.values(flow.blocks[other]?.exits ?? {}).includes(id))
