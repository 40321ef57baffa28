import { Select } from '@fluentui/react-components'
import { type ReactNode, useState } from 'react'
import { Icon } from '../icons.tsx'
import { IconButton } from './IconButton.tsx'

/** One of the things of a page. `below`: a line of words under its name; `isChanged`: something of it is not saved yet. */
type Item = { id: string; name: string; below: string; icon: ReactNode; isChanged: boolean }

type Props = {
  all: readonly Item[]
  chosen: string
  words: { find: string; choose: string; make: string; noHits(words: string): string }
  onChoose(id: string): void
  onMake(): void
}

/** The things of a page, to find and choose one; on a phone a picker. */
export function PickList({ all, chosen, words, onChoose, onMake }: Props) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = all.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <aside className="hours-list" aria-label={words.choose}>
      <div className="row hours-find">
        <label className="hours-search row wide-only">
          <Icon name="search" size={16} />
          <input
            type="search"
            aria-label={words.find}
            placeholder={words.find}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <Select
          className="narrow-only hours-picker"
          aria-label={words.choose}
          value={chosen}
          onChange={(_, { value }) => onChoose(value)}
        >
          {all.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <IconButton icon="plus" title={words.make} onClick={onMake} />
      </div>
      <ul className="wide-only">
        {found.map(({ id, name, below, icon, isChanged }) => (
          <li key={id}>
            <button
              type="button"
              className="bare hours-item"
              aria-current={id === chosen ? 'true' : undefined}
              onClick={() => onChoose(id)}
            >
              {icon}
              <span className="column hours-cut">
                <span className="strong cut">
                  {name}
                  {isChanged && ' *'}
                </span>
                <span className="small quiet cut">{below}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet hours-find">{words.noHits(search.trim())}</p>}
    </aside>
  )
}
