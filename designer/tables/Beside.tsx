import { Button, Input, Select, Tab, TabList } from '@fluentui/react-components'
import { useState } from 'react'
import { columnTypes, type Table, tableLimits } from '#flow/table.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import { api } from '../shell/api.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { IconButton } from '../shell/IconButton.tsx'
import type { TableItem, TableUse } from '../wire.ts'
import { type Draft, newColumnId } from './draft.ts'
import { History } from './History.tsx'

type Props = {
  saved: Draft
  draft: Draft
  item: TableItem & { uses: TableUse[] }
  readOnly: boolean
  onChange(draft: Draft, said?: string): void
  onRemoved(): void
}

type Shown = keyof typeof words.tabs

/** Who changed what, who uses it, and its columns. */
export function Beside({ saved, draft, item, readOnly, onChange, onRemoved }: Props) {
  const [tab, setTab] = useState<Shown>('history')
  const [removing, setRemoving] = useState(false)
  const { title, text, submit, cancel } = words.removing
  return (
    <aside className="column hours-beside" aria-label={words.beside}>
      <TabList
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as Shown)} // the values are those below
      >
        {Object.entries(words.tabs).map(([id, name]) => (
          <Tab key={id} value={id}>
            {name}
          </Tab>
        ))}
      </TabList>
      {tab === 'history' && <History {...{ saved, draft, item, readOnly, onChange }} />}
      {tab === 'uses' && <Used uses={item.uses} />}
      {tab === 'columns' && (
        <Columns table={draft.table} readOnly={readOnly} onChange={(table) => onChange({ ...draft, table })} />
      )}
      {item.uses.length === 0 && (
        <Button appearance="subtle" onClick={() => setRemoving(true)}>
          {words.remove}
        </Button>
      )}
      <ConfirmDialog
        open={removing}
        title={title(item.table.name)}
        {...{ text, submit, cancel }}
        act={async () => {
          await api.removeTable(item.id)
          setRemoving(false)
          onRemoved()
        }}
        onClose={() => setRemoving(false)}
      />
    </aside>
  )
}

function Used({ uses }: { uses: readonly TableUse[] }) {
  const { none, live, draft, both, writes } = words.used
  return (
    <ul>
      {uses.length === 0 && <li className="small quiet">{none}</li>}
      {uses.map((use) => (
        <li key={use.flowId}>
          <a href={`/flows/${use.flowId}`}>{use.name}</a>
          <p className="small quiet">
            {use.live && use.draft ? both : use.live ? live : draft}
            {use.writes && `, ${writes}`}
          </p>
        </li>
      ))}
    </ul>
  )
}

type ColumnsProps = { table: Table; readOnly: boolean; onChange(table: Table): void }

function Columns({ table, readOnly, onChange }: ColumnsProps) {
  const { columns } = table
  const set = (next: Table['columns']) => onChange({ ...table, columns: next })
  const names = new Set(columns.map(({ name }) => name.trim().toLowerCase()))
  return (
    <div className="column tables-columns">
      {columns.map((column, n) => (
        <div className="row" key={column.id}>
          <Input
            aria-label={words.columns.name(n + 1)}
            maxLength={60}
            disabled={readOnly}
            value={column.name}
            onChange={(_, { value }) => set(columns.with(n, { ...column, name: value }))}
          />
          <Select
            aria-label={words.columns.type(n + 1)}
            disabled={readOnly}
            value={column.type}
            onChange={(_, { value }) => {
              const type = columnTypes.find((one) => one === value) ?? column.type
              set(columns.with(n, { ...column, type }))
            }}
          >
            {columnTypes.map((type) => (
              <option key={type} value={type}>
                {words.columns.types[type]}
              </option>
            ))}
          </Select>
          {columns.length > 1 && !readOnly && (
            <IconButton
              size="small"
              icon="close"
              title={words.columns.remove(column.name)}
              onClick={() => set(columns.toSpliced(n, 1))}
            />
          )}
        </div>
      ))}
      {(names.size < columns.length || names.has('')) && <p className="small bad">{words.columns.wrong}</p>}
      {columns.length < tableLimits.columns && !readOnly && (
        <Button
          appearance="subtle"
          onClick={() => set([...columns, { id: newColumnId(), name: freeName(names), type: 'text' }])}
        >
          {words.columns.add}
        </Button>
      )}
    </div>
  )
}

function freeName(names: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? words.columns.newName : `${words.columns.newName} ${n}`
    if (!names.has(name.toLowerCase())) return name
  }
}
