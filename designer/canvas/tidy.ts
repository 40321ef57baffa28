import { type Change, edit } from '#flow/edit.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { isEntry } from '#flow/kinds.ts'
import { type Viewed, viewedOf } from '../views.ts'
import { type Place, placeAfter } from './place.ts'

type Link = { block: string; exit: string }

/** More than these are moved as they stand: a hand must not wait for it. */
const mostTidied = 100

/**
 * The place of a block with rows that is put into a link. What only that link leads to comes beside its row `through`, and is placed anew, one
 * block after the other as if it were drawn now; the rest gives way. Null where that cannot be.
 */
export function placeTidied(viewed: Viewed, block: Block, after: Link, through: string): Place | null {
  const { flow } = viewed
  const to = flow.blocks[after.block]?.exits[after.exit]
  const moved = to === undefined ? new Set<string>() : onlyBy(flow, after, to)
  if (to === undefined || !moved.has(to) || moved.size > mostTidied) return null

  const id = crypto.randomUUID()
  const views = new Map([...viewed.views, ...viewedOf({ ...flow, blocks: { [id]: block } }).views])
  let now = edit(flow, { type: 'removeBlocks', ids: [...moved] })
  const put = (from: Link, id: string, { type, name, settings }: Block) => {
    const { position, moves } = placeAfter({ ...viewed, flow: now, views }, from, views.get(id)?.exits ?? [])
    const changes: Change[] = [
      { type: 'moveBlocks', positions: moves },
      { type: 'addBlock', id, block: { type, name, settings, position, exits: {} } },
      { type: 'connect', ...from, to: id },
    ]
    now = changes.reduce(edit, now)
  }
  put(after, id, block)
  const next: [from: Link, id: string][] = [[{ block: id, exit: through }, to]]
  for (let one = next.shift(); one; one = next.shift()) {
    const block = flow.blocks[one[1]]
    if (!block || now.blocks[one[1]]) continue
    put(one[0], one[1], block)
    for (const { name: exit } of views.get(one[1])?.exits ?? []) {
      const there = block.exits[exit]
      if (there !== undefined && moved.has(there)) next.push([{ block: one[1], exit }, there])
    }
  }
  const positions = Object.entries(now.blocks).flatMap(([other, { position }]) => {
    const before = flow.blocks[other]?.position
    return before && (before.x !== position.x || before.y !== position.y) ? [[other, position] as const] : []
  })
  const position = now.blocks[id]?.position
  return position ? { position, moves: Object.fromEntries(positions) } : null
}

/** What a call comes to by this link and in no other way. */
function onlyBy(flow: Flow, cut: Link, to: string): ReadonlySet<string> {
  const reach = (roots: readonly (string | null)[], isOpen: (block: string, exit: string) => boolean) => {
    const reached = new Set(roots.filter((id) => id !== null && flow.blocks[id] !== undefined))
    for (const id of reached) {
      for (const [exit, next] of Object.entries(flow.blocks[id ?? '']?.exits ?? {})) {
        if (flow.blocks[next] && isOpen(id ?? '', exit)) reached.add(next)
      }
    }
    return reached
  }
  const others = reach(
    [flow.onError, flow.onHangUp, ...Object.keys(flow.blocks).filter((id) => isEntry(flow, id))],
    (block, exit) => block !== cut.block || exit !== cut.exit,
  )
  const behind = reach([to], () => true)
  return new Set([...behind].flatMap((id) => (id === null || others.has(id) ? [] : id)))
}
