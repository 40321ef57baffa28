'use client'
import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import type { Table } from '#flow/table.ts'
import { Icon } from '../icons.tsx'
import { shellMessages } from '../messages/shell.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import { AppBar } from '../shell/AppBar.tsx'
import { api } from '../shell/api.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { PickList } from '../shell/PickList.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { usePicked, useUnsavedWarning } from '../shell/usePicked.ts'
import type { TableItem } from '../wire.ts'
import { type Draft, newColumnId } from './draft.ts'
import { OneTable } from './OneTable.tsx'
import '../hours/hours.css'
import './tables.css'

/** Rows that people edit and flows look up. Nothing here saves by itself, because calls follow it. */
export function TablesPage() {
  return (
    <PageRoot>
      <Tables />
    </PageRoot>
  )
}

function Tables() {
  const { value: tables, error, reload } = useLoaded('tables', api.tables)
  const [chosen, choose] = usePicked('tables')
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({})
  const [failure, setFailure] = useState<unknown>(null)
  useUnsavedWarning(Object.keys(drafts).length > 0)
  const shown = tables?.find(({ id }) => id === chosen) ?? tables?.[0]

  function setDraft(id: string, draft: Draft | null) {
    setDrafts(({ [id]: _, ...others }) => (draft === null ? others : { ...others, [id]: draft }))
  }
  async function make() {
    setFailure(null)
    try {
      choose(await api.createTable(fresh(tables ?? []), []))
      reload()
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <>
      <AppBar current="tables" />
      {!tables && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {failure !== null && <Failed error={failure} onAgain={() => void make()} />}
      {tables?.length === 0 && <Nothing onMake={() => void make()} />}
      {tables && shown && (
        <main className="hours">
          <h1 className="unseen">{shellMessages.sections.tables}</h1>
          <PickList
            {...{ words }}
            all={tables.map(({ id, table, size }) => ({
              id,
              name: drafts[id]?.table.name.trim() || table.name,
              below: words.rows(size),
              icon: <Icon name="table" size={16} />,
              isChanged: drafts[id] !== undefined,
            }))}
            chosen={shown.id}
            onChoose={choose}
            onMake={() => void make()}
          />
          <OneTable
            key={shown.id}
            id={shown.id}
            draft={drafts[shown.id] ?? null}
            onDraft={(draft) => setDraft(shown.id, draft)}
            onChanged={reload}
          />
        </main>
      )}
    </>
  )
}

const Nothing = ({ onMake }: { onMake(): void }) => (
  <main className="page">
    <div className="card notice hours-none">
      <h1>{words.none.title}</h1>
      <p>{words.none.text}</p>
      <Button appearance="primary" onClick={onMake}>
        {words.make}
      </Button>
    </div>
  </main>
)

/** Two columns to begin with, under a name that is free. */
function fresh(tables: readonly TableItem[]): Table {
  const taken = new Set(tables.map(({ table }) => table.name.toLowerCase()))
  let name = words.newName
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${words.newName} ${n}`
  return {
    name,
    columns: [
      { id: newColumnId(), name: words.newColumns.name, type: 'text' },
      { id: newColumnId(), name: words.newColumns.phone, type: 'phone' },
    ],
  }
}
