import { Field, Input, Select } from '@fluentui/react-components'
import * as z from 'zod'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, faultOf, texts, useEditing } from './context.ts'
import { PersonFields } from './PersonControl.tsx'
import { Add, Options, TitleOf } from './parts.tsx'

const kinds = ['person', 'number', 'queue'] as const
const Target = z.object({ kind: z.enum(kinds).catch('person'), id: z.string(), name: z.string() })
type Target = z.output<typeof Target>

/** Who rings, all at once: people, numbers, queues. */
export function TargetsControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const targets = z.array(Target).safeParse(value).data ?? []
  const full = field.most !== undefined && targets.length >= field.most
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      {hint !== undefined && <p className="small quiet">{hint}</p>}
      {targets.map((target, n) => (
        <OneTarget
          // biome-ignore lint/suspicious/noArrayIndexKey: a target has no name but its place.
          key={n}
          {...{ target, n }}
          field={`${field.name}.${n}`}
          onChange={(changed) => onChange(targets.with(n, changed))}
          onRemove={targets.length > 1 ? () => onChange(targets.toSpliced(n, 1)) : null}
        />
      ))}
      {problem !== undefined && targets.length === 0 && <p className="small bad">{problem}</p>}
      {!full && (
        <Add label={texts.addTarget} onClick={() => onChange([...targets, { kind: 'person', id: '', name: '' }])} />
      )}
    </div>
  )
}

type Props = {
  target: Target
  n: number
  field: string
  onChange(target: Target): void
  onRemove: (() => void) | null
}

function OneTarget({ target, n, field, onChange, onRemove }: Props) {
  const fault = faultOf(useEditing(), { field: `${field}.id` })
  const isNumber = target.kind === 'number'
  const changeKind = (name: string) => {
    const kind = kinds.find((one) => one === name) ?? target.kind
    onChange({ ...target, kind, id: (kind === 'number') === isNumber ? target.id : '' })
  }
  return (
    <div className="settings-item" data-field={field}>
      <div className="row">
        <span className="strong">{texts.target(n + 1)}</span>
        <span className="space" />
        {onRemove && <IconButton size="small" icon="close" title={texts.removeTarget(n + 1)} onClick={onRemove} />}
      </div>
      <Field label={texts.targetKind}>
        <Select value={target.kind} onChange={(_, data) => changeKind(data.value)}>
          <Options of={kinds.map((kind) => ({ value: kind, label: texts.targetKinds[kind] }))} />
        </Select>
      </Field>
      {target.kind === 'person' ? (
        <PersonFields
          title={texts.targetKinds.person}
          hint={undefined}
          problem={fault}
          place={`${field}.id`}
          person={target}
          onChange={(person) => onChange({ ...target, ...person })}
        />
      ) : (
        <Account {...{ target, fault, place: `${field}.id`, onChange }} />
      )}
    </div>
  )
}

type AccountProps = Pick<Props, 'target' | 'onChange'> & { fault: string | undefined; place: string }

/** A telephone number or a queue, and how it is called here. */
function Account({ target, fault, place, onChange }: AccountProps) {
  const isNumber = target.kind === 'number'
  return (
    <>
      <Field label={<TitleOf title={texts.personName} required={false} />}>
        <Input value={target.name} maxLength={100} onChange={(_, data) => onChange({ ...target, name: data.value })} />
      </Field>
      <div data-field={place}>
        <Field
          label={<TitleOf title={isNumber ? texts.targetNumber : texts.personId} required />}
          hint={isNumber ? texts.targetNumberHint : texts.resourceAccountIdHint}
          {...faultProps(fault)}
        >
          <Input value={target.id} onChange={(_, data) => onChange({ ...target, id: data.value.trimStart() })} />
        </Field>
      </div>
    </>
  )
}
