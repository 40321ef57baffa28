import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import type { Change } from '#flow/edit.ts'
import { type ValueType, valueTypes } from '#flow/values.ts'
import { faultProps } from '../shell/faultProps.ts'
import { texts, useEditing } from './context.ts'
import { type Option, Options, TypeSelect } from './parts.tsx'
import { judgeName } from './variableName.ts'

type Props = {
  value: string
  /** Types that fit; none given: all. */
  types: readonly string[]
  name?: string
  /** Other things to choose that are no variables. */
  others?: readonly Option[]
  /** `declared` comes first when the variable is a new one. */
  onChoose(name: string, declared: readonly Change[]): void
}

/** Chooses a variable of the flow, or declares a new one. */
export function VariableSelect({ value, types, name, others = [], onChoose }: Props) {
  const { flow } = useEditing().drawing
  const [declaring, setDeclaring] = useState(false)
  // In the order of the block: what suits it best comes first, and is what a new variable becomes.
  const fitting =
    types.length === 0 ? valueTypes : types.flatMap((one) => valueTypes.find((type) => type === one) ?? [])
  const names = Object.entries(flow.variables)
    .filter(([, variable]) => fitting.includes(variable.type))
    .map(([one]) => one)
    .sort()
  const known = names.includes(value) || others.some((other) => other.value === value)
  if (declaring) {
    return (
      <Declare
        types={fitting}
        onCancel={() => setDeclaring(false)}
        onDeclare={(declared, type) => {
          setDeclaring(false)
          onChoose(declared, [{ type: 'setVariable', name: declared, variable: { type } }])
        }}
      />
    )
  }
  return (
    <Select
      value={value}
      {...(name === undefined ? {} : { 'aria-label': name })}
      onChange={(_, data) => (data.value === declareNew ? setDeclaring(true) : onChoose(data.value, []))}
    >
      {!known && <option value={value}>{value || texts.chooseVariable}</option>}
      <Options of={[...names.map((one) => ({ value: one, label: one })), ...others]} />
      <option value={declareNew}>{texts.newVariable}</option>
    </Select>
  )
}

const declareNew = 'new variable'

type DeclareProps = { types: readonly ValueType[]; onCancel(): void; onDeclare(name: string, type: ValueType): void }

function Declare({ types, onCancel, onDeclare }: DeclareProps) {
  const { flow } = useEditing().drawing
  const [name, setName] = useState('')
  const [type, setType] = useState(types[0] ?? 'text')
  const { right, fault } = judgeName(name, flow)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a small group of fields inside a larger form.
    <div className="settings-declare" role="group" aria-label={texts.newVariable}>
      <Field label={texts.variableName} hint={texts.variableNameHint} {...faultProps(fault)}>
        <Input
          autoFocus
          value={name}
          maxLength={64}
          onChange={(_, data) => setName(data.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && right) onDeclare(name, type)
            if (event.key === 'Escape') {
              event.stopPropagation()
              onCancel()
            }
          }}
        />
      </Field>
      <Field label={texts.variableType}>
        <TypeSelect value={type} types={types} onChange={setType} />
      </Field>
      <div className="row">
        <Button disabled={!right} onClick={() => onDeclare(name, type)}>
          {texts.declare}
        </Button>
        <Button appearance="subtle" onClick={onCancel}>
          {texts.cancel}
        </Button>
      </div>
    </div>
  )
}
