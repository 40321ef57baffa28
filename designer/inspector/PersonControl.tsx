import { Button, Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import * as z from 'zod'
import { Icon } from '../icons.tsx'
import { ApiError } from '../shell/error.ts'
import { faultProps } from '../shell/faultProps.ts'
import { errorWords } from '../shell/words.ts'
import { type ControlProps, texts } from './context.ts'
import { type ChosenPerson, PersonFinder } from './PersonFinder.tsx'
import { Setting, TitleOf } from './parts.tsx'
import { usePersonSearch } from './usePersonSearch.ts'

const Chosen = z.object({ id: z.string(), name: z.string() })
const isWhole = (id: string) => z.guid().safeParse(id).success
const chosenIn = (value: unknown): ChosenPerson => Chosen.safeParse(value).data ?? { id: '', name: '' }

/** A person of the organisation. */
export const PersonControl = ({ field, title, hint, value, problem, onChange }: ControlProps) => (
  <PersonFields {...{ title, hint, problem, onChange }} place={`${field.name}.id`} person={chosenIn(value)} />
)

type PersonProps = Pick<ControlProps, 'title' | 'hint' | 'problem'> & {
  /** The place in the settings of which problems speak. */
  place: string
  person: ChosenPerson
  onChange(person: ChosenPerson): void
}

/** Somebody found by name; by the object id where the bot may not look for people, and for those who have it at hand. */
export function PersonFields({ title, hint, problem, place, person, onChange }: PersonProps) {
  const search = usePersonSearch()
  /** Null until somebody says. */
  const [more, setMore] = useState<boolean | null>(null)
  const { error } = search
  // What is wrong with an id is said, and mended, where the id stands.
  const isIdWrong = problem !== undefined && person.id !== ''
  const isOpen = more ?? (isIdWrong || (error instanceof ApiError && error.code === 'peopleNotGranted'))
  const isThere = isOpen && isIdWrong
  function changeId(id: string) {
    setMore(true)
    // The name was that of whom the old id meant; one that is typed first, before an id is whole, stays.
    onChange({ id, name: isWhole(person.id) ? '' : person.name })
  }
  return (
    <div className="settings-list">
      <div data-field={isThere ? undefined : place}>
        <Field label={<TitleOf title={title} required />} hint={hint} {...faultProps(isThere ? undefined : problem)}>
          <PersonFinder {...{ search, person }} onChoose={onChange} />
        </Field>
      </div>
      <div role="status">{error !== null && <p className="small">{errorWords(error)}</p>}</div>
      <Button
        appearance="transparent"
        className="settings-more"
        aria-expanded={isOpen}
        icon={<Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={12} />}
        onClick={() => setMore(!isOpen)}
      >
        {texts.byObjectId}
      </Button>
      {isOpen && (
        <>
          <div data-field={isThere ? place : undefined}>
            <Field label={texts.personId} hint={texts.personIdHint} {...faultProps(isThere ? problem : undefined)}>
              <Input value={person.id} onChange={(_, data) => changeId(data.value.trim())} />
            </Field>
          </div>
          <NameField {...{ person, onChange }} />
        </>
      )}
    </div>
  )
}

const NameField = ({ person, onChange }: Pick<PersonProps, 'person' | 'onChange'>) => (
  <Field label={<TitleOf title={texts.personName} required={false} />}>
    <Input value={person.name} maxLength={100} onChange={(_, data) => onChange({ ...person, name: data.value })} />
  </Field>
)

/** A queue, an attendant or another voice app, by the object id that calls go to. */
export function ResourceAccountControl({ field, value, problem, onChange }: ControlProps) {
  const person = chosenIn(value)
  return (
    <div className="settings-list">
      <NameField {...{ person, onChange }} />
      <div data-field={`${field.name}.id`}>
        <Setting field={field} title={texts.personId} hint={texts.resourceAccountIdHint} problem={problem}>
          <Input value={person.id} onChange={(_, data) => onChange({ ...person, id: data.value.trim() })} />
        </Setting>
      </div>
    </div>
  )
}
