import type { Flow } from '#flow/flow.ts'
import { type Link, planLinks } from './canvas/links.ts'
import { callOrder } from './canvas/order.ts'
import { same } from './same.ts'
import { type Viewed, viewedOf } from './views.ts'

/** A flow as it is drawn: all that the parts of the designer need to know of it, reckoned once and passed as one value. */
export type Drawing = Viewed & {
  /** The blocks in the order of a call. */
  readonly order: readonly string[]
  readonly links: readonly Link[]
}

/** The drawing of a flow. What is as it was in the drawing `before` is the same object, so that nobody has to look at it again. */
export function drawingOf(flow: Flow, before: Drawing | null = null, rules = before?.rules ?? null): Drawing {
  const viewed = viewedOf(flow, before, rules)
  if (before && viewed === before) return before
  if (before && hasShapeOf(before, viewed)) return { ...viewed, order: before.order, links: before.links }
  return { ...viewed, order: callOrder(viewed), links: planLinks(viewed) }
}

/** True when all is equal that order and links depend on: not so the texts that are typed. */
function hasShapeOf(before: Viewed, now: Viewed): boolean {
  const [ids, earlier] = [Object.keys(now.flow.blocks), Object.keys(before.flow.blocks)]
  return (
    (['start', 'onError', 'onHangUp'] as const).every((root) => before.flow[root] === now.flow[root]) &&
    ids.length === earlier.length &&
    ids.every((id, n) => id === earlier[n] && same(shapeOf(before, id), shapeOf(now, id)))
  )
}

const shapeOf = ({ flow, views }: Viewed, id: string) => {
  const { position, exits } = flow.blocks[id] ?? {}
  return { position, exits, names: views.get(id)?.exits.map(({ name }) => name) }
}
