import { Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { type ControlProps, texts } from './context.ts'
import { TitleOf } from './TitleOf.tsx'
import { faultProps } from './textControls.tsx'

const Person = z.object({ id: z.string(), name: z.string() })

/** A person of the organisation, by the object id that calls go to. */
export function PersonControl({ field, value, problem, onChange }: ControlProps) {
  const person = Person.safeParse(value).data ?? { id: '', name: '' }
  return (
    <div className="settings-list">
      <Field label={<TitleOf title={texts.personName} required={false} />}>
        <Input value={person.name} maxLength={100} onChange={(_, data) => onChange({ ...person, name: data.value })} />
      </Field>
      <Field
        label={<TitleOf title={texts.personId} required={field.required} />}
        hint={texts.personIdHint}
        {...faultProps(problem)}
      >
        <Input value={person.id} onChange={(_, data) => onChange({ ...person, id: data.value.trim() })} />
      </Field>
    </div>
  )
}
