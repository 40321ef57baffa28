import { Input } from '@fluentui/react-components'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { initialsOf } from '#ground/initials.ts'
import { mostPeople, type Person } from '#ground/people.ts'
import { Icon } from '../icons.tsx'
import { IconButton } from '../shell/IconButton.tsx'
import { texts } from './context.ts'
import { marked } from './marked.ts'
import type { PersonSearch } from './usePersonSearch.ts'

/** Who was chosen, as a flow keeps it. */
export type ChosenPerson = { id: string; name: string }

type Props = { search: PersonSearch; person: ChosenPerson; onChoose(person: ChosenPerson): void }

/** Finds somebody by name or address: typing looks, arrows and Enter choose, Escape leaves who was chosen before. */
export function PersonFinder({ search, person, onChoose, ...labelled }: Props) {
  const list = useId()
  const field = useRef<HTMLInputElement>(null)
  const [active, setActive] = useState(0)
  const { typed, setTyped, isOpen, error } = search
  const people = isOpen && error === null ? search.people : []
  // Those of an earlier text may be clicked, as one sees who they are; Enter means those of what is typed.
  const chosen = search.isSearching ? undefined : people[Math.min(active, people.length - 1)]

  function type(text: string | null) {
    setTyped(text)
    setActive(0)
  }
  function take({ id, name }: ChosenPerson) {
    onChoose({ id, name })
    type(null)
  }
  function press(event: KeyboardEvent) {
    if (!isOpen || event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setActive((active + step + people.length) % Math.max(1, people.length))
    else if (event.key === 'Enter' && chosen) take(chosen)
    else if (event.key === 'Escape') type(null)
    else return
    event.preventDefault()
    // The inspector would close by the same key.
    event.stopPropagation()
  }
  function clear() {
    take({ id: '', name: '' })
    field.current?.focus()
  }

  return (
    <div className="completing-field">
      <Input
        {...labelled}
        ref={field}
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={people.length > 0}
        {...(chosen && { 'aria-controls': list, 'aria-activedescendant': `${list}-${chosen.id}` })}
        contentBefore={<Icon name="search" size={16} />}
        contentAfter={
          person.id || person.name || typed ? (
            <IconButton size="small" icon="close" title={texts.clearPerson} onClick={clear} />
          ) : undefined
        }
        placeholder={texts.findPerson}
        value={typed ?? (person.name || person.id)}
        onChange={(_, data) => type(data.value)}
        onKeyDown={press}
        onBlur={() => type(null)}
      />
      {isOpen && error === null && <People {...{ search, list, people, chosen, onTake: take }} />}
    </div>
  )
}

type PeopleProps = {
  search: PersonSearch
  list: string
  people: readonly Person[]
  chosen: Person | undefined
  onTake(person: Person): void
}

const People = ({ search, list, people, chosen, onTake }: PeopleProps) => (
  <div className="completing-list people">
    {people.length > 0 && (
      <div role="listbox" id={list} aria-label={texts.peopleFound}>
        {people.map((person) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys of the whole list.
          <div
            role="option"
            key={person.id}
            id={`${list}-${person.id}`}
            className="completing-option people-one row"
            tabIndex={-1}
            aria-selected={person === chosen}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onTake(person)}
          >
            <span className="avatar" aria-hidden="true">
              {initialsOf(person.name)}
            </span>
            <span className="people-who">
              <Name name={person.name} wanted={search.text} />
              <span className="quiet small cut">{person.address}</span>
            </span>
          </div>
        ))}
      </div>
    )}
    <p className="people-count quiet small" role="status">
      {countWords(search)}
    </p>
  </div>
)

function Name({ name, wanted }: { name: string; wanted: string }) {
  const [before, mark, after] = marked(name, wanted)
  return (
    <span className="cut">
      {before}
      {mark !== '' && <mark>{mark}</mark>}
      {after}
    </span>
  )
}

function countWords({ isSearching, people, text }: PersonSearch): string {
  if (isSearching) return texts.searchingPeople
  if (people.length === 0) return texts.nobodyFound(text)
  return people.length < mostPeople ? texts.peopleCount(people.length) : texts.manyPeople(people.length)
}
