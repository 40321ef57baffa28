import { lazy, Suspense } from 'react'
import { designerMessages } from '../messages/designer.ts'
import { drawn } from '../shell/drawn.ts'
import type { Work } from './useWork.ts'

// The canvas is drawn first, and settings follow at once: much of Fluent is theirs alone.
const Inspector = lazy(async () => {
  await drawn()
  return { default: (await import('../inspector/Inspector.tsx')).Inspector }
})
const FlowSettings = lazy(async () => {
  await drawn()
  return { default: (await import('../inspector/FlowSettings.tsx')).FlowSettings }
})

/** The settings of what is selected: a block, several, or the flow while nothing is. */
export function Settings({ work }: { work: Work }) {
  const { opened, drawing, problems, selection, clipboard, actions, edit: onChange, show, reloadNames } = work
  const { selected, wanted, remove, clear } = selection
  const [id] = selected
  const block = selected.length === 1 && id !== undefined ? drawing.flow.blocks[id] : undefined
  const { answers, setAnswers } = actions
  return (
    <Suspense fallback={<aside className="settings" aria-label={designerMessages.inspector.title} aria-busy />}>
      <Inspector
        of={
          block && id !== undefined
            ? { type: 'block', editing: { drawing, problems, id, block, onChange, reloadNames } }
            : selected.length > 1
              ? { type: 'several', count: selected.length }
              : {
                  type: 'flow',
                  settings: (
                    <FlowSettings
                      flowId={opened.id}
                      {...{ drawing, problems, answers, onChange }}
                      onAnswers={setAnswers}
                    />
                  ),
                }
        }
        wanted={wanted}
        clipboard={clipboard}
        onShow={show}
        onRemove={remove}
        onClose={clear}
      />
    </Suspense>
  )
}
