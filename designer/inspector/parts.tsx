import { Button, Field, type FieldProps, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import type { Flow } from '#flow/flow.ts'
import { isEntry } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { ValueType } from '#flow/values.ts'
import { blockName } from '../canvas/names.ts'
import { Icon } from '../icons.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, type Together, texts } from './context.ts'

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

type RowListProps<Row> = Pick<ControlProps, 'field' | 'title' | 'problem' | 'onChange'> & {
  rows: readonly Row[]
  words: { row(number: number): string; remove(number: number): string; add: string }
  /** What a new row begins with. */
  empty: Row
  /** The fields of a row; what changes in it is given to `set`. */
  children(row: Row, set: (row: Row, and?: Together) => void): ReactNode
}

/** Rows of one form that are added, edited and removed. */
export function RowList<Row extends Readonly<Record<string, string>>>(props: RowListProps<Row>) {
  const { field, title, problem, rows, words, empty, children, onChange } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      {rows.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <div className="row">
            <span className="strong">{words.row(n + 1)}</span>
            <span className="space" />
            <IconButton
              size="small"
              icon="close"
              title={words.remove(n + 1)}
              onClick={() => onChange(rows.toSpliced(n, 1))}
            />
          </div>
          {children(row, (next, and) => onChange(rows.with(n, next), and))}
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={words.add} onClick={() => onChange([...rows, empty])} />
    </div>
  )
}
