import { Field, Input, Select, Switch } from '@fluentui/react-components'
import type { Calendar } from '#flow/calendar.ts'
import type { Flow, Variable } from '#flow/flow.ts'
import { placeOf } from '../hours/stateWords.ts'
import { designerMessages } from '../messages/designer.ts'
import { phoneMessages as words } from '../messages/phone.ts'
import { faultProps } from '../shell/faultProps.ts'
import type { Rules } from '../useRules.ts'
import { type BeforeCall, type Faults, instantAt, whenAt } from './beforeCall.ts'

type Props = {
  flow: Flow
  rules: Rules | null
  hours: readonly Calendar[]
  zone: string
  now: number
  set: BeforeCall
  faults: Faults | null
  onChange(set: BeforeCall): void
}

/** Who calls, when, and with what values: all that can be set before a test call. */
export const BeforeCallFields = (props: Props) => {
  const { set, faults, onChange } = props
  return (
    <>
      <Field label={words.caller.label} hint={words.caller.hint}>
        <Input value={set.name} maxLength={100} onChange={(_, { value }) => onChange({ ...set, name: value })} />
      </Field>
      <Field
        label={words.number.label}
        hint={words.number.hint}
        {...faultProps(faults?.phone ? words.number.fault : null)}
      >
        <Input
          type="tel"
          value={set.phone}
          maxLength={40}
          onChange={(_, { value }) => onChange({ ...set, phone: value })}
        />
      </Field>
      <Moved {...props} />
      <FirstValues {...props} />
    </>
  )
}

/** The call may take it for another time: nobody waits for the evening to hear what callers hear then. */
function Moved({ rules, hours, zone, now, set, faults, onChange }: Props) {
  const { when } = set
  const at = when && instantAt(when, zone, now)
  const change = (part: Partial<NonNullable<BeforeCall['when']>>) =>
    when && onChange({ ...set, when: { ...when, ...part } })
  return (
    <div>
      <Switch
        label={words.moved.label}
        checked={when !== null}
        onChange={(_, { checked }) => onChange({ ...set, when: checked ? whenAt(now, zone) : null })}
      />
      {when && (
        <Field hint={words.moved.hint(placeOf(zone))} {...faultProps(faults?.when ? words.moved.fault : null)}>
          <div className="phone-when">
            <Input
              type="date"
              aria-label={words.moved.day}
              value={when.day}
              onChange={(_, { value }) => change({ day: value })}
            />
            <Input
              type="time"
              aria-label={words.moved.time}
              value={when.time}
              onChange={(_, { value }) => change({ time: value })}
            />
          </div>
        </Field>
      )}
      {when && at !== null && rules && (
        <ul className="small" aria-live="polite">
          {hours.map((calendar) => (
            <li key={calendar.name}>{words.moved.hours(calendar.name, rules.stateWords(calendar, at))}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Values of the flow's variables for this call. Secrets are none of them: a call leaves what it was made by. */
function FirstValues({ flow, set, faults, onChange }: Props) {
  const shown = Object.entries(flow.variables).filter(([, { type }]) => type !== 'secret')
  if (shown.length === 0) return null
  return (
    <details className="phone-values">
      <summary>{words.values.title}</summary>
      <p className="small quiet">{words.values.hint}</p>
      {shown.map(([name, variable]) => (
        <Field key={name} label={name} {...faultProps(faults?.values.has(name) ? words.values.fault : null)}>
          <FirstValue
            variable={variable}
            value={set.values[name] ?? ''}
            onChange={(value) => onChange({ ...set, values: { ...set.values, [name]: value } })}
          />
        </Field>
      ))}
    </details>
  )
}

type ValueProps = { variable: Variable; value: string; onChange(value: string): void }

function FirstValue({ variable, value, onChange, ...field }: ValueProps) {
  if (variable.type !== 'boolean')
    return <Input {...field} value={value} maxLength={1000} onChange={(_, data) => onChange(data.value)} />
  const { yes, no } = designerMessages.flow
  return (
    <Select {...field} value={value} onChange={(_, data) => onChange(data.value)}>
      <option value="" />
      <option value="true">{yes}</option>
      <option value="false">{no}</option>
    </Select>
  )
}
