import { Button, Field, type FieldProps, Select } from '@fluentui/react-components'
import type { Flow } from '#flow/flow.ts'
import { isEntry } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { ValueType } from '#flow/values.ts'
import { blockName } from '../canvas/names.ts'
import { Icon } from '../icons.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { type ControlProps, texts } from './context.ts'

/** The title of a field; what must be filled in says so in words. */
export function TitleOf({ title, required }: { title: string; required: boolean }) {
  return (
    <>
      <span className="settings-title">{title}</span>
      {required && <span className="settings-required"> {texts.required}</span>}
    </>
  )
}

type SettingProps = Pick<ControlProps, 'field' | 'title' | 'hint' | 'problem'> & Pick<FieldProps, 'children'>

/** A setting: its title, its hint and what is wrong with it, around what it is edited with. */
export const Setting = ({ field, title, hint, problem, children }: SettingProps) => (
  <Field label={<TitleOf title={title} required={field.required} />} hint={hint} {...faultProps(problem)}>
    {children}
  </Field>
)

export type Option = { value: string; label: string }

export const Options = ({ of }: { of: readonly Option[] }) =>
  of.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ))

/** The blocks that a link may lead to, by their names. */
export const targetsIn = (flow: Flow): Option[] =>
  Object.entries(flow.blocks)
    .filter(([id]) => !isEntry(flow, id))
    .map(([id, block]) => ({ value: id, label: blockName(block) }))
    .sort((a, b) => a.label.localeCompare(b.label))

type TypeProps = {
  value: ValueType
  types: readonly ValueType[]
  onChange(type: ValueType): void
  'aria-label'?: string
}

export const TypeSelect = ({ value, types, onChange, ...field }: TypeProps) => (
  <Select {...field} value={value} onChange={(_, data) => onChange(types.find((type) => type === data.value) ?? value)}>
    <Options of={types.map((type) => ({ value: type, label: flowMessages.valueTypes[type] }))} />
  </Select>
)

export const Add = ({ label, onClick }: { label: string; onClick(): void }) => (
  <Button appearance="subtle" className="settings-add" icon={<Icon name="plus" size={16} />} onClick={onClick}>
    {label}
  </Button>
)
