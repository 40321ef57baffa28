import { Field, Input, Select, Switch } from '@fluentui/react-components'
import { phoneKeys } from '#flow/keypad.ts'
import { type ControlProps, texts } from './context.ts'
import { type Option, Options, Setting } from './parts.tsx'

const seconds = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120]
const times = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

export function SwitchControl({ title, hint, value, onChange }: ControlProps) {
  return (
    <Field hint={hint}>
      <Switch
        className="settings-switch"
        labelPosition="before"
        label={title}
        checked={value === true}
        onChange={(_, { checked }) => onChange(checked)}
      />
    </Field>
  )
}

export function ChoiceControl(props: ControlProps) {
  const { field, choices, value, onChange } = props
  const options = field.choices.map((choice) => ({ value: choice, label: choices[choice] ?? choice }))
  return <SelectField {...props} options={options} chosen={String(value ?? '')} onChoose={onChange} />
}

export function SecondsControl(props: ControlProps) {
  return <NumberChoice {...props} numbers={seconds} label={texts.seconds} />
}

export function TimesControl(props: ControlProps) {
  return <NumberChoice {...props} numbers={times} label={texts.times} />
}

/** A number of times, or none: then nothing is counted. */
export function TimesOrNoneControl(props: ControlProps) {
  const options = [
    { value: '', label: texts.noLimit },
    ...times.map((n) => ({ value: String(n), label: texts.times(n) })),
  ]
  return (
    <SelectField
      {...props}
      options={options}
      chosen={props.value === null || props.value === undefined ? '' : String(props.value)}
      onChoose={(text) => props.onChange(text === '' ? null : Number(text))}
    />
  )
}

export function KeyControl(props: ControlProps) {
  const options = [{ value: '', label: texts.noKey }, ...phoneKeys.map((key) => ({ value: key, label: key }))]
  return <SelectField {...props} options={options} chosen={String(props.value ?? '')} onChoose={props.onChange} />
}

export function NumberControl(props: ControlProps) {
  const { field, value, onChange } = props
  return (
    <Setting {...props}>
      <Input
        type="number"
        min={field.least}
        max={field.most}
        value={typeof value === 'number' ? String(value) : ''}
        onChange={(_, { value: text }) => onChange(text === '' ? null : Number(text))}
      />
    </Setting>
  )
}

function NumberChoice(props: ControlProps & { numbers: readonly number[]; label(number: number): string }) {
  const { field, value, numbers, label, onChange } = props
  const within = numbers.filter((n) => n >= (field.least ?? n) && n <= (field.most ?? n))
  const all = typeof value === 'number' && !within.includes(value) ? [...within, value].sort((a, b) => a - b) : within
  return (
    <SelectField
      {...props}
      options={all.map((n) => ({ value: String(n), label: label(n) }))}
      chosen={String(value ?? '')}
      onChoose={(text) => onChange(Number(text))}
    />
  )
}

type SelectProps = ControlProps & { options: readonly Option[]; chosen: string; onChoose(value: string): void }

function SelectField({ options, chosen, onChoose, ...props }: SelectProps) {
  return (
    <Setting {...props}>
      <Select value={chosen} onChange={(_, { value }) => onChoose(value)}>
        {options.every(({ value }) => value !== chosen) && <option value={chosen}>{chosen}</option>}
        <Options of={options} />
      </Select>
    </Setting>
  )
}
