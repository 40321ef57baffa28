import type { Change } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { sideOf } from '../canvas/geometry.ts'
import { blockName, portName } from '../canvas/names.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Viewed } from '../views.ts'

const { done } = designerMessages

/** What changes did to a flow that was `before`, in words for screen readers; null for what the person hears anyway while typing. */
export function describeChanges(before: Viewed, changes: readonly Change[]): string | null {
  const last = changes.at(-1)
  return last ? describe(before, last) : null
}

function describe({ flow, views }: Viewed, change: Change): string | null {
  const name = (id: string) => blockName(flow.blocks[id])
  const port = (block: string, exit: string) => {
    const exits = views.get(block)?.exits ?? []
    return portName(name(block), exits.find((one) => one.name === exit) ?? { name: exit }, sideOf(exits) === 'below')
  }
  switch (change.type) {
    case 'addBlock':
      return done.added(blockName(change.block))
    case 'insertBlock':
      return done.addedAfter(blockName(change.block), port(change.after.block, change.after.exit))
    case 'removeBlocks':
      return change.ids.length === 1 ? done.removed(name(change.ids[0] ?? '')) : done.removedMany(change.ids.length)
    case 'moveBlocks': {
      const ids = Object.keys(change.positions)
      return ids.length === 1 ? done.moved(name(ids[0] ?? '')) : done.movedMany(ids.length)
    }
    case 'connect': {
      const before = flow.blocks[change.block]?.exits[change.exit]
      const from = port(change.block, change.exit)
      if (before === undefined || !flow.blocks[before]) return done.connected(from, name(change.to))
      return done.reconnected(from, name(change.to), name(before))
    }
    case 'disconnect':
      return done.disconnected(port(change.block, change.exit))
    case 'renameBlock':
      return done.renamed(name(change.id), change.name)
    default:
      return null
  }
}

/** True when a link is drawn in place of another one, which the person should be told. */
export const replacesLink = (flow: Flow, change: Change): boolean => {
  if (change.type !== 'connect') return false
  const before = flow.blocks[change.block]?.exits[change.exit]
  return before !== undefined && before !== change.to && flow.blocks[before] !== undefined
}
