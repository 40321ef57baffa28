import { lazy, Suspense } from 'react'
import type { FlowSettingsProps } from '../inspector/FlowSettings.tsx'
import type { BlockActions, WantedField } from '../inspector/Inspector.tsx'
import { designerMessages } from '../messages/designer.ts'
import type { Finding } from '../problems/finding.ts'

/** Resolves when the blocks are drawn: the canvas measures itself in a first frame, and draws them in a second. */
const drawn = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))
    // No frames come to a page in the background.
    setTimeout(done, 300)
  })

// The canvas is drawn first, and settings follow at once: much of Fluent is theirs alone.
const Inspector = lazy(async () => {
  await drawn()
  return { default: (await import('../inspector/Inspector.tsx')).Inspector }
})
const FlowSettings = lazy(async () => {
  await drawn()
  return { default: (await import('../inspector/FlowSettings.tsx')).FlowSettings }
})

type Props = FlowSettingsProps & {
  selected: readonly string[]
  wanted: WantedField | null
  clipboard: BlockActions
  onShow(finding: Finding): void
  onRemove(heal: boolean): void
  onClose(): void
}

/** The settings of what is selected: a block, several, or the flow while nothing is. */
export function Settings({ selected, wanted, clipboard, onShow, onRemove, onClose, ...props }: Props) {
  const { drawing, problems, onChange } = props
  const [id] = selected
  const block = selected.length === 1 && id !== undefined ? drawing.flow.blocks[id] : undefined
  return (
    <Suspense fallback={<aside className="settings" aria-label={designerMessages.inspector.title} aria-busy />}>
      <Inspector
        of={
          block && id !== undefined
            ? { type: 'block', editing: { drawing, problems, id, block, onChange } }
            : selected.length > 1
              ? { type: 'several', count: selected.length }
              : { type: 'flow', settings: <FlowSettings {...props} /> }
        }
        wanted={wanted}
        clipboard={clipboard}
        onShow={onShow}
        onRemove={onRemove}
        onClose={onClose}
      />
    </Suspense>
  )
}
