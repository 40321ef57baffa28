import { Checkbox, Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { mostPayloadFields, payloadTypes } from '#flow/payload.ts'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, faultOf, texts, useEditing } from './context.ts'
import { Add, TitleOf, TypeSelect } from './parts.tsx'

const Rows = z.array(z.object({ name: z.string(), type: z.enum(payloadTypes), required: z.boolean() }))
type Row = z.output<typeof Rows>[number]

/** What a program brings that starts a call: names with types. */
export function PayloadControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const rows = Rows.safeParse(value).data ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <h4 className="small strong">{title}</h4>
      <p className="small quiet">{hint}</p>
      {rows.map((row, n) => (
        <OneValue
          // biome-ignore lint/suspicious/noArrayIndexKey: a value may have no name yet.
          key={n}
          {...{ row, n }}
          place={`${field.name}.${n}`}
          onChange={(changed) => onChange(rows.with(n, changed))}
          onRemove={() => onChange(rows.toSpliced(n, 1))}
        />
      ))}
      {problem !== undefined && rows.length === 0 && <p className="small bad">{problem}</p>}
      {rows.length < mostPayloadFields && (
        <Add label={texts.addPayload} onClick={() => onChange([...rows, { name: '', type: 'text', required: true }])} />
      )}
    </div>
  )
}

type OneProps = { row: Row; n: number; place: string; onChange(row: Row): void; onRemove(): void }

function OneValue({ row, n, place, onChange, onRemove }: OneProps) {
  const fault = faultOf(useEditing(), { field: `${place}.name` })
  return (
    <div className="settings-item" data-field={place}>
      <div className="row">
        <span className="strong">{texts.value(n + 1)}</span>
        <span className="space" />
        <IconButton size="small" icon="close" title={texts.removeValue(n + 1)} onClick={onRemove} />
      </div>
      <div data-field={`${place}.name`}>
        <Field label={<TitleOf title={texts.payloadName} required />} {...faultProps(fault)}>
          <Input
            value={row.name}
            maxLength={64}
            onChange={(_, data) => onChange({ ...row, name: data.value.trim() })}
          />
        </Field>
      </div>
      <Field label={texts.payloadType}>
        <TypeSelect
          value={row.type}
          types={payloadTypes}
          onChange={(chosen) => onChange({ ...row, type: payloadTypes.find((type) => type === chosen) ?? row.type })}
        />
      </Field>
      <Checkbox
        label={texts.mustBeGiven}
        checked={row.required}
        onChange={(_, { checked }) => onChange({ ...row, required: checked === true })}
      />
    </div>
  )
}
