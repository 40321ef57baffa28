import { Field, Select } from '@fluentui/react-components'
import { kindOf } from '#flow/kinds.ts'
import { kindName } from '../canvas/names.ts'
import { texts, useEditing } from './context.ts'
import { Options } from './parts.tsx'

const starts = ['incomingCall', 'subFlowStart'] as const

/** Whether a flow answers calls or is called by other flows: its start becomes one of the other kind, and leads where it led. */
export function BeginsAs() {
  const { block, id, onChange } = useEditing()
  const begin = (type: string) => {
    const kind = kindOf(type)
    if (!kind || type === block.type) return
    const name = block.name === kindName(kindOf(block.type)) ? kindName(kind) : block.name
    onChange([{ type: 'changeKind', id, block: { type, name, settings: kind.defaults() } }])
  }
  return (
    <div className="settings-section">
      <Field label={texts.beginsAs}>
        <Select value={block.type} onChange={(_, { value }) => begin(value)}>
          <Options of={starts.map((type) => ({ value: type, label: texts.beginnings[type] }))} />
        </Select>
      </Field>
    </div>
  )
}
