import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import type { Variable } from '#flow/flow.ts'
import { type Value, valueTypes } from '#flow/values.ts'
import type { Edit } from '../canvas/canvasProps.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Finding } from '../problems/finding.ts'
import { problemWords } from '../problems/problemWords.ts'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { asJson, readInitial, written } from './initial.ts'
import { TypeSelect } from './parts.tsx'
import { judgeName } from './variableName.ts'

const { flow: words, inspector } = designerMessages

export type VariablesProps = { drawing: Drawing; problems: readonly Finding[]; onChange: Edit }

/** The variables of a flow: declared, typed, with a first value or none. */
export function VariableList({ drawing, problems, onChange }: VariablesProps) {
  const { flow } = drawing
  const [name, setName] = useState('')
  const judged = judgeName(name, flow)
  const fault = (variable: string) => {
    const found = problems.find(({ code, detail }) => code === 'wrongInitial' && detail === variable)
    return found && problemWords(drawing, found).what
  }
  function add() {
    if (!judged.right) return
    onChange([{ type: 'setVariable', name, variable: { type: 'text' } }])
    setName('')
  }
  return (
    <div className="settings-list">
      <p className="small quiet">{words.variablesHint}</p>
      {Object.entries(flow.variables).map(([one, variable]) => (
        <VariableRow key={one} name={one} variable={variable} fault={fault(one)} onChange={onChange} />
      ))}
      <div className="settings-add-row">
        <Field label={words.variableName} hint={inspector.variableNameHint} {...faultProps(judged.fault)}>
          <Input
            value={name}
            maxLength={64}
            onChange={(_, { value }) => setName(value)}
            onKeyDown={({ key }) => key === 'Enter' && add()}
          />
        </Field>
        <Button disabled={!judged.right} onClick={add}>
          {words.addVariable}
        </Button>
      </div>
    </div>
  )
}

type RowProps = { name: string; variable: Variable; fault: string | undefined; onChange: Edit }

function VariableRow({ name, variable, fault, onChange }: RowProps) {
  const set = (changed: Variable, gesture?: string) =>
    onChange([{ type: 'setVariable', name, variable: changed }], gesture)
  const first = (initial: Value | undefined) =>
    set(initial === undefined ? { type: variable.type } : { type: variable.type, initial }, `first value of ${name}`)
  return (
    <div className="settings-item">
      <div className="row">
        <span className="strong cut">{name}</span>
        <span className="space" />
        <IconButton
          size="small"
          icon="close"
          title={words.removeVariable(name)}
          onClick={() => onChange([{ type: 'removeVariable', name }])}
        />
      </div>
      <div className="settings-two">
        <Field label={words.variableType}>
          <TypeSelect
            value={variable.type}
            types={valueTypes}
            aria-label={words.typeOf(name)}
            onChange={(type) => set({ type })}
          />
        </Field>
        <Field
          label={words.variableFirst}
          hint={asJson.includes(variable.type) ? words.jsonHint : undefined}
          {...faultProps(fault)}
        >
          {variable.type === 'boolean' ? (
            <Select
              value={String(variable.initial ?? '')}
              aria-label={words.firstValueOf(name)}
              onChange={(_, { value }) => first(value === '' ? undefined : value === 'true')}
            >
              <option value="">{words.noFirst}</option>
              <option value="true">{words.yes}</option>
              <option value="false">{words.no}</option>
            </Select>
          ) : (
            <FirstValue key={variable.type} name={name} variable={variable} onChange={first} />
          )}
        </Field>
      </div>
    </div>
  )
}

type FirstProps = { name: string; variable: Variable; onChange(initial: Value | undefined): void }

function FirstValue({ name, variable: { type, initial }, onChange, ...field }: FirstProps) {
  const kept = written(type, initial)
  const [text, setText] = useState(kept)
  // What is typed stands as it is typed; what came from elsewhere, as undo does, takes its place.
  const shown = written(type, readInitial(type, text)) === kept ? text : kept
  return (
    <Input
      {...field}
      aria-label={words.firstValueOf(name)}
      value={shown}
      onChange={(_, { value }) => {
        setText(value)
        onChange(readInitial(type, value))
      }}
    />
  )
}
