import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { type Row, tableLimits } from '#flow/table.ts'
import { writeCsv } from '#flow/tableCsv.ts'
import { readRows, typedRow } from '#flow/tableText.ts'
import { Icon } from '../icons.tsx'
import { tablesMessages as words } from '../messages/tables.ts'
import { api } from '../shell/api.ts'
import { News } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { newsOf, SavedHead } from '../shell/SavedHead.tsx'
import { saveAs } from '../shell/saveAs.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { useNow } from '../shell/useNow.ts'
import type { TableItem, TableUse } from '../wire.ts'
import { Beside } from './Beside.tsx'
import { addRow, countChanges, type Draft, faultsOf } from './draft.ts'
import { Grid } from './Grid.tsx'
import { headline, todayHere } from './headline.ts'
import { ImportDialog } from './ImportDialog.tsx'

type Props = {
  id: string
  draft: Draft | null
  onDraft(draft: Draft | null): void
  /** Something was saved or removed. */
  onChanged(): void
}

type Loaded = TableItem & { rows: Row[]; uses: TableUse[] }

/** One table; what stands in it when it is loaded is what a draft is compared with. */
export function OneTable({ id, draft, onDraft, onChanged }: Props) {
  const { value, error, reload, put } = useLoaded(`table ${id}`, async (signal) => {
    const item = await api.table(id, signal)
    return loadedOf(item)
  })
  if (!value) return error ? <Failed error={error} onAgain={reload} /> : <Loading />
  const onSaved = (item: Loaded) => put(loadedOf(item))
  return <Editor {...value} {...{ draft, onDraft, onChanged, onSaved, reload }} />
}

const loadedOf = (item: Loaded) => ({ item, saved: { table: item.table, rows: item.rows.map(typedRow) } })

type EditorProps = Omit<Props, 'id'> & { item: Loaded; saved: Draft; onSaved(item: Loaded): void; reload(): void }

/** How many steps can be taken back. */
const mostPast = 50

/** What can be done with the draft of a table, and what came of it. */
function useDraft({ item, saved, draft: unsaved, onDraft, onChanged, onSaved, reload }: EditorProps) {
  const draft = unsaved ?? saved
  const [news, setNews] = useState<{ failure: unknown; said: string | null }>({ failure: null, said: null })
  const [past, setPast] = useState<readonly Draft[]>([])

  function put(next: Draft) {
    onDraft(countChanges(saved, next) === 0 && next.rows.length === saved.rows.length ? null : next)
  }
  function change(next: Draft, said: string | null = null) {
    setNews({ failure: null, said })
    setPast([...past.slice(1 - mostPast), draft])
    put(next)
  }
  function undo() {
    const last = past.at(-1)
    setPast(past.slice(0, -1))
    if (last) put(last)
  }
  /** Nothing of what was changed here counts any more. */
  function begin(said: string | null) {
    onDraft(null)
    setPast([])
    setNews({ failure: null, said })
    reload()
  }
  async function save() {
    try {
      const { rows } = readRows(draft.table, draft.rows)
      const { revision } = await api.saveTable(item.id, draft.table, rows, item.revision)
      onSaved({ ...item, table: draft.table, rows, revision })
      begin(words.saved)
      onChanged()
    } catch (failure) {
      setNews({ failure, said: null })
    }
  }
  return { draft, news, canUndo: past.length > 0, change, undo, loadTheirs: () => begin(null), save }
}

function Editor(props: EditorProps) {
  const { item, saved, onChanged } = props
  const { draft, news, canUndo, change, undo, loadTheirs, save } = useDraft(props)
  const [search, setSearch] = useState('')
  const { faults, isTableRight } = faultsOf(draft)
  const writer = item.uses.find(({ writes }) => writes)
  const readOnly = writer !== undefined
  const [changes, wrong] = [countChanges(saved, draft), faults.length + Number(!isTableRight)]

  return (
    <>
      <section className="hours-work" aria-label={item.table.name}>
        <SavedHead
          {...{ words, name: draft.table.name, readOnly, isWrong: wrong > 0 }}
          below={writer ? words.written(writer.name) : words.follow(item.uses.length)}
          changed={changes === 0 ? null : wrong > 0 ? words.toMend(changes, wrong) : words.changes(changes)}
          onName={(name) => change({ ...draft, table: { ...draft.table, name } })}
          onDiscard={loadTheirs}
          onSave={() => void save()}
        />
        <div className="hours-scroll column">
          <News {...newsOf(news, words, loadTheirs)} />
          <Line draft={draft} readOnly={readOnly} onChange={change} />
          <div className="card tables-card">
            <Tools {...{ draft, search, readOnly, canUndo }} onSearch={setSearch} onUndo={undo} onChange={change} />
            <Grid {...{ saved, draft, faults, search, readOnly }} onChange={(next) => change(next)} />
          </div>
          {!readOnly && <p className="small quiet wide-only">{words.grid.hint}</p>}
        </div>
      </section>
      <Beside
        {...{ saved, draft, item, readOnly }}
        onChange={(next, said) => change(next, said ?? null)}
        onRemoved={onChanged}
      />
    </>
  )
}

type ToolsProps = {
  draft: Draft
  search: string
  readOnly: boolean
  canUndo: boolean
  onSearch(text: string): void
  onUndo(): void
  onChange(draft: Draft): void
}

const Tools = ({ draft, search, readOnly, canUndo, onSearch, onUndo, onChange }: ToolsProps) => (
  <div className="row tables-tools">
    <label className="hours-search row tables-search">
      <Icon name="search" size={16} />
      <input
        type="search"
        aria-label={words.grid.find(draft.rows.length)}
        placeholder={words.grid.find(draft.rows.length)}
        value={search}
        onChange={({ target }) => onSearch(target.value)}
      />
    </label>
    <span className="space" />
    {!readOnly && (
      <>
        <Button appearance="subtle" icon={<Icon name="undo" />} disabledFocusable={!canUndo} onClick={onUndo}>
          {words.undo}
        </Button>
        <Button
          appearance="subtle"
          icon={<Icon name="plus" />}
          disabledFocusable={draft.rows.length >= tableLimits.rows}
          onClick={() => onChange(addRow(draft))}
        >
          {words.grid.add}
        </Button>
      </>
    )}
  </div>
)

const everyMinute = 60_000

type LineProps = { draft: Draft; readOnly: boolean; onChange(draft: Draft, said: string): void }

/** What the table says now, where it says something by itself, and its way in and out as a file. */
function Line({ draft, readOnly, onChange }: LineProps) {
  const [importing, setImporting] = useState(false)
  const now = useNow(true, everyMinute)
  const line = headline(draft, todayHere(now))
  const save = () =>
    saveAs(new Blob([writeCsv(draft.table, draft.rows)], { type: 'text/csv' }), `${draft.table.name}.csv`)
  return (
    <div className="row tables-line">
      {line && (
        <div className="row hours-headline" role="status">
          <span className={line.isOn ? 'hours-dot hours-open' : 'hours-dot'} aria-hidden="true" />
          <h2>{line.text}</h2>
        </div>
      )}
      <span className="space" />
      {!readOnly && (
        <Button icon={<Icon name="download" />} onClick={() => setImporting(true)}>
          {words.file.import}
        </Button>
      )}
      <Button icon={<Icon name="export" />} onClick={save}>
        {words.file.export}
      </Button>
      <ImportDialog
        open={importing}
        draft={draft}
        onTake={(next) => {
          setImporting(false)
          onChange(next, words.file.taken)
        }}
        onClose={() => setImporting(false)}
      />
    </div>
  )
}
