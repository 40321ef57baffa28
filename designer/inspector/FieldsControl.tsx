import { Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { IconButton } from '../shell/IconButton.tsx'
import { ExpressionInput } from './completing.tsx'
import { type ControlProps, texts } from './context.ts'
import { Add, TitleOf } from './parts.tsx'

const Fields = z.array(z.object({ name: z.string(), value: z.string() }))

/** Names with a text each, as headers and the fields of a form are. */
export const FieldsControl = (props: ControlProps) => <NamedValues {...props} inText />

/** Names with an expression each. */
export const FieldsWorkedOutControl = (props: ControlProps) => <NamedValues {...props} inText={false} />

function NamedValues({ field, title, hint, value, problem, inText, onChange }: ControlProps & { inText: boolean }) {
  const rows = Fields.safeParse(value).data ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <TitleOf title={title} required={false} />
      {rows.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field may have no name yet.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <Field label={texts.fieldName(n + 1)}>
            <Input value={row.name} onChange={(_, data) => onChange(rows.with(n, { ...row, name: data.value }))} />
          </Field>
          <Field label={texts.fieldValue(n + 1)} hint={inText ? undefined : hint}>
            <ExpressionInput
              inText={inText}
              value={row.value}
              onChange={(text) => onChange(rows.with(n, { ...row, value: text }))}
            />
          </Field>
          <IconButton
            size="small"
            icon="close"
            title={texts.removeField(n + 1)}
            onClick={() => onChange(rows.toSpliced(n, 1))}
          />
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addField} onClick={() => onChange([...rows, { name: '', value: '' }])} />
    </div>
  )
}
