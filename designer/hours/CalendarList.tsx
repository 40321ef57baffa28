import { Select } from '@fluentui/react-components'
import { useState } from 'react'
import { type Calendar, stateAt } from '#flow/calendar.ts'
import { Icon } from '../icons.tsx'
import { hoursMessages as words } from '../messages/hours.ts'
import { IconButton } from '../shell/IconButton.tsx'
import type { CalendarItem } from '../wire.ts'
import { stateWords } from './stateWords.ts'

type Props = {
  calendars: readonly CalendarItem[]
  drafts: Readonly<Record<string, Calendar>>
  chosen: string
  now: number
  onChoose(id: string): void
  onMake(): void
}

/** All hours with their state; on a phone a picker. */
export function CalendarList({ calendars, drafts, chosen, now, onChoose, onMake }: Props) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = calendars.filter(({ calendar }) => calendar.name.toLowerCase().includes(wanted))
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
          {calendars.map(({ id, calendar }) => (
            <option key={id} value={id}>
              {calendar.name}
            </option>
          ))}
        </Select>
        <IconButton icon="plus" title={words.make} onClick={onMake} />
      </div>
      <ul className="wide-only">
        {found.map(({ id, calendar }) => (
          <li key={id}>
            <button
              type="button"
              className="bare hours-item"
              aria-current={id === chosen ? 'true' : undefined}
              onClick={() => onChoose(id)}
            >
              <Dot calendar={calendar} now={now} />
              <span className="column hours-cut">
                <span className="strong cut">
                  {calendar.name}
                  {drafts[id] && ' *'}
                </span>
                <span className="small quiet cut">{stateWords(calendar, now)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet hours-find">{words.noHits(search.trim())}</p>}
    </aside>
  )
}

/** Filled while open, a ring while closed; the words beside it say the same. */
export function Dot({ calendar, now }: { calendar: Calendar; now: number }) {
  const isOpen = stateAt(calendar, now).state === 'open'
  return <span className={isOpen ? 'hours-dot hours-open' : 'hours-dot'} aria-hidden="true" />
}
