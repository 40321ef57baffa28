import { ViewportPortal } from '@xyflow/react'
import type { Drawing } from '../drawing.ts'
import { Icon, iconNamed } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { heightOf, measures } from './geometry.ts'
import { kindName } from './names.ts'
import { addBehind, kindsToAdd, type NewBlock } from './newBlock.ts'

type Props = { drawing: Drawing; onAdd(added: NewBlock): void }

/** The dashed place below the start of a new flow, with what callers usually hear first. */
export function EmptyPlace({ drawing, onAdd }: Props) {
  const { flow, views } = drawing
  const start = flow.blocks[flow.start]
  if (!start || Object.keys(flow.blocks).length > 1) return null
  const { x, y } = start.position
  const top = y + heightOf(views.get(flow.start)?.exits ?? []) + measures.stackGap
  // What speaks to the caller and keeps them.
  const first = kindsToAdd(flow).filter(({ needsCaller, handsOver }) => needsCaller && !handsOver)
  return (
    <ViewportPortal>
      <div className="empty-place nopan" style={{ transform: `translate(${x}px, ${top}px)` }}>
        <p className="empty-title strong">{designerMessages.empty.title}</p>
        {first.map((kind) => (
          <button
            type="button"
            key={kind.type}
            className="bare kind-choice empty-choice"
            onClick={() => onAdd(addBehind(drawing, kind, flow.start))}
          >
            <span className={`chip small category-${kind.category}`}>
              <Icon name={iconNamed(kind.icon)} size={16} />
            </span>
            {kindName(kind)}
          </button>
        ))}
      </div>
    </ViewportPortal>
  )
}
