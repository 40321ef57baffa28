import { isEntry, type KnownKind } from '#flow/kinds.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Viewed } from '../views.ts'
import { type Point, sideOf } from './geometry.ts'
import { rankOf } from './kindWords.ts'
import type { Choice, ChoiceGroup } from './LinkList.tsx'
import { blockName, kindName, portName } from './names.ts'
import { kindsToInsert, kindsToLink } from './newBlock.ts'

const { list: words } = designerMessages

/** A list that is open at a port: to choose where it leads, to insert into its link, or to add where a drag ended. */
export type OpenList = {
  purpose: 'link' | 'insert' | 'add'
  block: string
  exit: string
  /** Where it opens, in pixels of the canvas on the screen. */
  at: Point
  /** Where a new block goes, on the canvas itself. */
  spot?: Point
}

/** What the list of a port offers: `to:<block>` and `new:<kind>`. */
export function choicesOf(
  { purpose, block, exit }: OpenList,
  { flow, views }: Viewed,
): { title: string; groups: ChoiceGroup[]; current: string | undefined } {
  const exits = views.get(block)?.exits ?? []
  const found = exits.find(({ name }) => name === exit) ?? { name: exit }
  const port = portName(blockName(flow.blocks[block]), found, sideOf(exits) === 'below')
  const to = flow.blocks[block]?.exits[exit]
  const linked = to !== undefined && flow.blocks[to] !== undefined
  const kinds = linked ? kindsToInsert(flow) : kindsToLink(flow)
  const added: ChoiceGroup = { label: linked ? words.insertBlocks : words.newBlocks, choices: kinds.map(kindChoice) }
  if (purpose !== 'link') {
    return { title: purpose === 'insert' ? words.insert(port) : words.add(port), groups: [added], current: undefined }
  }
  const own = `to:${block}`
  const blocks = Object.keys(flow.blocks)
    .filter((id) => !isEntry(flow, id))
    .map((id): Choice => {
      const kind = views.get(id)?.kind
      const icon = kind?.icon ?? 'info'
      return {
        id: `to:${id}`,
        label: blockName(flow.blocks[id]),
        hint: kindName(kind),
        icon,
        category: kind?.category ?? null,
      }
    })
    // Hardly anybody leads a block back to itself, so that comes last.
    .sort((a, b) => Number(a.id === own) - Number(b.id === own) || a.label.localeCompare(b.label))
  return {
    title: words.leadsTo(port),
    groups: [{ label: words.blocks, choices: blocks }, added],
    current: linked ? `to:${to}` : undefined,
  }
}

const kindChoice = (kind: KnownKind): Choice => ({
  id: `new:${kind.type}`,
  label: words.newOf(kindName(kind)),
  rank: (text) => rankOf(kind, text),
  icon: kind.icon,
  category: kind.category,
})
