import type { Change } from '#flow/edit.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'
import { sideOf } from '../canvas/geometry.ts'
import { blockName, exitName, portName } from '../canvas/names.ts'
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
    case 'addBlocks': {
      const [only, ...others] = Object.values(change.blocks)
      return others.length === 0 ? done.added(blockName(only)) : done.addedMany(others.length + 1)
    }
    case 'insertBlock':
      return describeInsert(change, port(change.after.block, change.after.exit), nextOf(flow, change.after))
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

/** What is put into a link takes what came next along with it, or leaves it behind: which of both is said. */
function describeInsert({ block, through }: Inserted, port: string, next: Block | undefined): string {
  const [name, nextName] = [blockName(block), blockName(next)]
  if (!next) return done.addedAfter(name, port)
  if (through === null) return `${done.addedAfter(name, port)} ${done.leadsNowhereYet(name, nextName)}`
  const exits = kindOf(block.type)?.face(block.settings).exits ?? []
  const between = done.addedBetween(name, port, nextName)
  const exit = exits.find((one) => one.name === through) ?? { name: through }
  return sideOf(exits) === 'below' ? between : `${between} ${done.goesOnBy(exitName(exit), nextName)}`
}

type Inserted = Extract<Change, { type: 'insertBlock' }>

const nextOf = (flow: Flow, { block, exit }: Inserted['after']): Block | undefined =>
  flow.blocks[flow.blocks[block]?.exits[exit] ?? '']

/** True for what may surprise and is shown for that reason: a link in place of another one, or a block put into one. */
export const surprises = (flow: Flow, change: Change): boolean => {
  if (change.type === 'insertBlock') return nextOf(flow, change.after) !== undefined
  if (change.type !== 'connect') return false
  const before = flow.blocks[change.block]?.exits[change.exit]
  return before !== undefined && before !== change.to && flow.blocks[before] !== undefined
}
