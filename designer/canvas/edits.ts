import { isEntry } from '#flow/kinds.ts'
import { designerMessages } from '../messages/designer.ts'
import type { SurfaceProps } from './canvasProps.ts'
import type { Point } from './geometry.ts'
import type { Spot } from './keys.ts'
import { type ExitRef, insertExisting, type NewBlock } from './newBlock.ts'

export type Edits = ReturnType<typeof editsOf>

/** What hands and keys can change on the canvas. What is selected and the keyboard's focus go along. */
export function editsOf(props: SurfaceProps, focusOn: (spot: Spot) => void) {
  const { drawing, selected, onSelect, onChange, onRefuse } = props
  const { flow, order } = drawing
  const linkOf = ({ block, exit }: ExitRef) => flow.blocks[block]?.exits[exit]

  return {
    linkOf,
    connect(from: ExitRef, to: string) {
      if (to === flow.start) onRefuse?.(designerMessages.canvas.callOnce)
      else if (isEntry(flow, to)) onRefuse?.(designerMessages.canvas.keysOnly)
      else if (linkOf(from) !== to) onChange?.([{ type: 'connect', block: from.block, exit: from.exit, to }])
    },
    disconnect(from: ExitRef) {
      if (linkOf(from) !== undefined) onChange?.([{ type: 'disconnect', block: from.block, exit: from.exit }])
    },
    add({ id, changes }: NewBlock) {
      onChange?.(changes)
      onSelect([id])
      focusOn({ block: id })
    },
    /** A block that is there already comes into a link. */
    insert(block: string, after: ExitRef) {
      onChange?.(insertExisting(drawing, block, after))
    },
    /** What is selected goes, or what has the focus; never the start. */
    remove(focused: string, heal: boolean) {
      const chosen = selected.length > 0 ? selected : [focused]
      const ids = chosen.filter((id) => id !== flow.start && flow.blocks[id])
      if (ids.length === 0) return
      const next = order[order.indexOf(ids[0] ?? '') - 1] ?? flow.start
      onChange?.([{ type: 'removeBlocks', ids, heal }])
      onSelect([])
      focusOn({ block: ids.includes(next) ? flow.start : next })
    },
    /** Steps of a key; those that follow soon are one undo step. */
    moveBy(focused: string, by: Point) {
      const ids = selected.length > 0 ? selected : [focused]
      const positions = Object.fromEntries(
        ids.flatMap((id) => {
          const at = flow.blocks[id]?.position
          return at ? [[id, { x: at.x + by.x, y: at.y + by.y }]] : []
        }),
      )
      onChange?.([{ type: 'moveBlocks', positions }], `move ${ids.join(' ')}`)
    },
    /** Where a hand has put blocks; those that stand where they stood are left out. */
    moveTo(placed: readonly { id: string; position: Point }[]) {
      const positions = Object.fromEntries(
        placed.flatMap(({ id, position }) => {
          const before = flow.blocks[id]?.position
          const now = { x: Math.round(position.x), y: Math.round(position.y) }
          return before && (before.x !== now.x || before.y !== now.y) ? [[id, now]] : []
        }),
      )
      if (Object.keys(positions).length > 0) onChange?.([{ type: 'moveBlocks', positions }])
    },
    /** Null, or nothing, leaves the name as it was. */
    rename(block: string, name: string | null) {
      const text = name?.trim()
      if (text && text !== flow.blocks[block]?.name) onChange?.([{ type: 'renameBlock', id: block, name: text }])
      focusOn({ block })
    },
  }
}
