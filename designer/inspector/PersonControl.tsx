import { Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { type ControlProps, texts } from './context.ts'
import { Setting, TitleOf } from './parts.tsx'

const Person = z.object({ id: z.string(), name: z.string() })

/** A person of the organisation. */
export const PersonControl = (props: ControlProps) => <Account {...props} hint={texts.personIdHint} />

/** A queue, an attendant or another voice app. */
export const ResourceAccountControl = (props: ControlProps) => <Account {...props} hint={texts.resourceAccountIdHint} />

/** An account of the organisation, by the object id that calls go to. */
function Account({ field, value, problem, onChange, hint }: ControlProps & { hint: string }) {
  const person = Person.safeParse(value).data ?? { id: '', name: '' }
  return (
    <div className="settings-list">
      <Field label={<TitleOf title={texts.personName} required={false} />}>
        <Input value={person.name} maxLength={100} onChange={(_, data) => onChange({ ...person, name: data.value })} />
      </Field>
      <div data-field={`${field.name}.id`}>
        <Setting field={field} title={texts.personId} hint={hint} problem={problem}>
          <Input value={person.id} onChange={(_, data) => onChange({ ...person, id: data.value.trim() })} />
        </Setting>
      </div>
    </div>
  )
}
