import { Select } from '@fluentui/react-components'
import { useState } from 'react'
import { Icon } from '../icons.tsx'
import { tablesMessages as words } from '../messages/tables.ts'
import { IconButton } from '../shell/IconButton.tsx'
import type { TableItem } from '../wire.ts'
import type { Draft } from './draft.ts'

type Props = {
  tables: readonly TableItem[]
  drafts: Readonly<Record<string, Draft>>
  chosen: string
  onChoose(id: string): void
  onMake(): void
}

/** All tables with their rows counted; on a phone a picker. */
export function TableList({ tables, drafts, chosen, onChoose, onMake }: Props) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = tables.filter(({ table }) => table.name.toLowerCase().includes(wanted))
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
          {tables.map(({ id, table }) => (
            <option key={id} value={id}>
              {table.name}
            </option>
          ))}
        </Select>
        <IconButton icon="plus" title={words.make} onClick={onMake} />
      </div>
      <ul className="wide-only">
        {found.map(({ id, table, size }) => (
          <li key={id}>
            <button
              type="button"
              className="bare hours-item"
              aria-current={id === chosen ? 'true' : undefined}
              onClick={() => onChoose(id)}
            >
              <Icon name="table" size={16} />
              <span className="column hours-cut">
                <span className="strong cut">
                  {table.name}
                  {drafts[id] && ' *'}
                </span>
                <span className="small quiet cut">{words.rows(size)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet hours-find">{words.noHits(search.trim())}</p>}
    </aside>
  )
}
