import { Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { type ControlProps, texts } from './context.ts'
import { Setting, TitleOf } from './parts.tsx'

const Person = z.object({ id: z.string(), name: z.string() })

/** A person of the organisation, by the object id that calls go to. */
export function PersonControl({ field, value, problem, onChange }: ControlProps) {
  const person = Person.safeParse(value).data ?? { id: '', name: '' }
  return (
    <div className="settings-list">
      <Field label={<TitleOf title={texts.personName} required={false} />}>
        <Input value={person.name} maxLength={100} onChange={(_, data) => onChange({ ...person, name: data.value })} />
      </Field>
      <div data-field={`${field.name}.id`}>
        <Setting field={field} title={texts.personId} hint={texts.personIdHint} problem={problem}>
          <Input value={person.id} onChange={(_, data) => onChange({ ...person, id: data.value.trim() })} />
        </Setting>
      </div>
    </div>
  )
}
