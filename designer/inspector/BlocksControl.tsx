import { Checkbox } from '@fluentui/react-components'
import * as z from 'zod'
import { isEntry, kindOf } from '#flow/kinds.ts'
import { blockName } from '../canvas/names.ts'
import { type ControlProps, useEditing } from './context.ts'

/** Some of the flow's blocks: of those at which a caller may be and go on. */
export function BlocksControl({ field, title, value, problem, onChange }: ControlProps) {
  const { flow, order } = useEditing().drawing
  const chosen = new Set(z.array(z.string()).safeParse(value).data ?? [])
  const listed = order.filter((id) => {
    const kind = kindOf(flow.blocks[id]?.type ?? '')
    return kind?.needsCaller && !kind.ends && !isEntry(flow, id)
  })
  const choose = (id: string, isChosen: boolean) =>
    onChange(listed.filter((other) => (other === id ? isChosen : chosen.has(other))))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-blocks" role="group" aria-label={title} data-field={field.name}>
      <span className="settings-title">{title}</span>
      {listed.map((id) => (
        <Checkbox
          key={id}
          label={blockName(flow.blocks[id])}
          checked={chosen.has(id)}
          onChange={(_, { checked }) => choose(id, checked === true)}
        />
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
    </div>
  )
}
