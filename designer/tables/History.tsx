import { Button } from '@fluentui/react-components'
import type { Cells, Column } from '#flow/table.ts'
import { typedRow, writeCell } from '#flow/tableText.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import { api } from '../shell/api.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import type { RowChange, TableItem } from '../wire.ts'
import { type CellChange, changesOf, type Draft, undoChange } from './draft.ts'
import { shownText } from './headline.ts'

type Props = {
  saved: Draft
  draft: Draft
  item: TableItem
  readOnly: boolean
  onChange(draft: Draft, said?: string): void
}

/** What is not saved yet, each with the way back; then who changed what, the latest first. */
export function History({ saved, draft, item, readOnly, onChange }: Props) {
  const { value, error, reload } = useLoaded(`changes ${item.id} ${item.revision}`, (signal) =>
    api.tableChanges(item.id, signal),
  )
  const unsaved = changesOf(saved, draft)
  const groups = groupsOf(value ?? [])
  async function goBack(at: string) {
    // A moment holds thousandths; what was saved in this one counts already.
    const rows = await api.tableRowsAt(item.id, new Date(Date.parse(at) + 1).toISOString())
    onChange({ ...draft, rows: rows.map(typedRow) }, words.history.backDone)
  }
  return (
    <div className="column tables-history">
      {unsaved.length > 0 && <h3>{words.history.unsaved}</h3>}
      <ul>
        {unsaved.slice(0, 50).map((change) => (
          <li key={`${change.row} ${change.column}`} className="row">
            <UnsavedChange {...{ saved, draft, change }} />
            <span className="space" />
            <Button size="small" appearance="transparent" onClick={() => onChange(undoChange(saved, draft, change))}>
              {words.undo}
            </Button>
          </li>
        ))}
      </ul>
      {!value && (error ? <Failed error={error} onAgain={reload} /> : <Loading />)}
      {value && groups.length === 0 && <p className="small quiet">{words.history.none}</p>}
      <ul>
        {groups.map((group, n) => (
          <li key={`${group.at} ${group.changes[0]?.rowId}`}>
            <div className="row">
              <span>
                {group.callId ? (
                  <a href={`/calls?id=${group.callId}`}>{words.history.call}</a>
                ) : (
                  <span className="strong">{group.by}</span>
                )}
                , {new Date(group.at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
              </span>
              <span className="space" />
              {n > 0 && !readOnly && (
                <Button size="small" appearance="transparent" onClick={() => void goBack(group.at)}>
                  {words.history.back}
                </Button>
              )}
            </div>
            <GroupChanges changes={group.changes} columns={draft.table.columns} />
          </li>
        ))}
      </ul>
    </div>
  )
}

type Group = Pick<RowChange, 'at' | 'by' | 'callId'> & { changes: RowChange[] }

/** What was saved together. */
function groupsOf(changes: readonly RowChange[]): Group[] {
  const groups: Group[] = []
  for (const change of changes) {
    const last = groups.at(-1)
    if (last && last.at === change.at && last.by === change.by && last.callId === change.callId)
      last.changes.push(change)
    else groups.push({ at: change.at, by: change.by, callId: change.callId, changes: [change] })
  }
  return groups
}

const mostShown = 3

function GroupChanges({ changes, columns }: { changes: readonly RowChange[]; columns: readonly Column[] }) {
  const { added, removed, many } = words.history
  const news = changes.filter(({ old }) => old === null)
  const gone = changes.filter(({ now }) => now === null)
  const changed = changes.flatMap(({ old, now }) => (old && now ? differences(old, now, columns) : []))
  return (
    <div className="small">
      {news.length > 0 && (
        <p>{news.length === 1 ? `${nameOf(news[0]?.now, columns)} ${added}` : many(news.length, added)}</p>
      )}
      {gone.length > 0 && (
        <p>{gone.length === 1 ? `${nameOf(gone[0]?.old, columns)} ${removed}` : many(gone.length, removed)}</p>
      )}
      {changed.slice(0, mostShown).map((change) => (
        <FromTo key={`${change.row} ${change.column}`} {...change} />
      ))}
      {changed.length > mostShown && <p className="quiet">…</p>}
    </div>
  )
}

const nameOf = (cells: Cells | null | undefined, [first]: readonly Column[]): string =>
  (cells && first && shownText(writeCell(cells[first.id]))) || words.history.empty

function differences(old: Cells, now: Cells, columns: readonly Column[]) {
  return columns.flatMap(({ id, name }) => {
    const [from, to] = [writeCell(old[id]), writeCell(now[id])]
    return from === to ? [] : [{ row: nameOf(now, columns), column: name, from, to }]
  })
}

function UnsavedChange({ saved, draft, change }: { saved: Draft; draft: Draft; change: CellChange }) {
  const { columns } = draft.table
  const row = [...saved.rows, ...draft.rows].find(({ id }) => id === change.row)
  const [first] = columns
  const name = (first && shownText(row?.texts[first.id] ?? '')) || words.history.empty
  if (change.column === null) {
    return <p className="small">{`${name} ${change.what === 'added' ? words.history.added : words.history.removed}`}</p>
  }
  const column = columns.find(({ id }) => id === change.column)?.name ?? ''
  return <FromTo row={name} column={column} from={change.from} to={change.to} />
}

const FromTo = ({ row, column, from, to }: { row: string; column: string; from: string; to: string }) => (
  <p className="small">
    {row}, {column}: <s>{shownText(from) || words.history.empty}</s> → {shownText(to) || words.history.empty}
  </p>
)
