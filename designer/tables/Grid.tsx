import { Button } from '@fluentui/react-components'
import { type ClipboardEvent, useRef, useState } from 'react'
import type { Column } from '#flow/table.ts'
import { paste } from '#flow/tableCsv.ts'
import { type PlacedFault, shownCell, type TypedRow } from '#flow/tableText.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type Draft, isChanged, newId, removeRow, setText } from './draft.ts'
import { shownText } from './headline.ts'
import { type Place, useGridKeys } from './useGridKeys.ts'

type Props = {
  saved: Draft
  draft: Draft
  faults: readonly PlacedFault[]
  search: string
  readOnly: boolean
  onChange(draft: Draft): void
}

/** Thousands of rows drawn at once would keep a browser busy for seconds. */
const drawnAtOnce = 100

/** The rows: a grid that is walked with the arrow keys. On a phone each row is a card. */
export function Grid({ saved, draft, faults, search, readOnly, onChange }: Props) {
  const [drawn, setDrawn] = useState(drawnAtOnce)
  const { columns } = draft.table
  const wanted = search.trim().toLowerCase()
  const found = draft.rows.filter(({ texts }) =>
    wanted === ''
      ? true
      : columns.some(({ id }) =>
          shownCell(texts[id] ?? '')
            .toLowerCase()
            .includes(wanted),
        ),
  )
  const rows = found.slice(0, drawn)
  const grid = useRef<HTMLTableElement>(null)
  const write = (row: string, column: string, text: string) => onChange(setText(draft, row, column, text))
  const keys = useGridKeys({
    grid,
    rows,
    columns,
    readOnly,
    onText: write,
    onRemove: (row) => onChange(removeRow(draft, row)),
  })

  function takePaste(event: ClipboardEvent) {
    if (readOnly || keys.editing || wanted !== '') return
    event.preventDefault()
    const at = { row: keys.place.row, column: keys.place.column }
    onChange({ ...draft, rows: paste(draft.table, draft.rows, at, event.clipboardData.getData('text/plain'), newId) })
  }

  const before = new Map(saved.rows.map((row) => [row.id, row]))
  return (
    <>
      <table
        ref={grid}
        className="tables-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: it is walked with the arrow keys (WAI-ARIA, grid).
        role="grid"
        aria-label={draft.table.name}
        aria-rowcount={found.length + 1}
        aria-readonly={readOnly}
        onPaste={takePaste}
        onKeyDown={keys.onKeyDown}
      >
        <Heading columns={columns} readOnly={readOnly} />
        <tbody>
          {rows.map((row, n) => (
            <GridRow
              key={row.id}
              {...{ row, n, draft, readOnly, keys }}
              old={before.get(row.id)}
              faults={faults.filter((fault) => fault.row === row.id)}
              number={draft.rows.indexOf(row) + 1}
              onText={write}
              onRemove={() => onChange(removeRow(draft, row.id))}
            />
          ))}
        </tbody>
      </table>
      {found.length > drawn && (
        <Button appearance="subtle" onClick={() => setDrawn(drawn + drawnAtOnce)}>
          {words.grid.more}
        </Button>
      )}
      {draft.rows.length === 0 && <p className="quiet tables-none">{words.grid.noRows}</p>}
    </>
  )
}

const Heading = ({ columns, readOnly }: { columns: readonly Column[]; readOnly: boolean }) => (
  <thead>
    <tr>
      {columns.map(({ id, name }) => (
        <th key={id} scope="col">
          {name}
        </th>
      ))}
      {!readOnly && (
        <th scope="col">
          <span className="unseen">{words.grid.actions}</span>
        </th>
      )}
    </tr>
  </thead>
)

type RowProps = {
  row: TypedRow
  /** Of those that are drawn. */
  n: number
  /** As people count it. */
  number: number
  draft: Draft
  old: TypedRow | undefined
  faults: readonly PlacedFault[]
  readOnly: boolean
  keys: ReturnType<typeof useGridKeys>
  onText(row: string, column: string, text: string): void
  onRemove(): void
}

function GridRow({ row, n, number, draft, old, faults, readOnly, keys, onText, onRemove }: RowProps) {
  const { columns } = draft.table
  return (
    <>
      <tr className="tables-row">
        {columns.map((column, at) => {
          const text = row.texts[column.id] ?? ''
          const fault = faults.find((one) => one.column === column.id)
          const place: Place = { row: n, column: at }
          const isHere = keys.place.row === n && keys.place.column === at
          const changed = !readOnly && isChanged(column, old, row)
          const marks = ['tables-cell', changed && 'tables-changed', fault && 'tables-fault'].filter(Boolean).join(' ')
          return (
            <td
              key={column.id}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as the grid around it.
              role="gridcell"
              className={marks}
              data-label={column.name}
              data-place={`${n} ${at}`}
              tabIndex={isHere ? 0 : -1}
              aria-invalid={fault !== undefined}
              aria-describedby={fault ? `fault-${row.id}-${column.id}` : undefined}
              onFocus={() => keys.setPlace(place)}
              onMouseDown={(event) => {
                // The second touch of a cell edits it, on a phone as well.
                if (event.currentTarget !== document.activeElement) return
                event.preventDefault()
                keys.edit(place)
              }}
            >
              {keys.editing && isHere ? (
                <input
                  className="tables-input"
                  aria-label={`${column.name}, ${number}`}
                  defaultValue={keys.editing.first ?? text}
                  // biome-ignore lint/a11y/noAutofocus: whoever begins to edit a cell means to type into it.
                  autoFocus
                  onBlur={({ target }) => keys.finish(target.value)}
                />
              ) : (
                <Shown type={column.type} text={text} />
              )}
              {changed && <span className="unseen">, {words.grid.changed}</span>}
            </td>
          )
        })}
        {!readOnly && (
          <td className="tables-actions">
            <IconButton
              size="small"
              icon="trash"
              title={words.grid.removeRow(number)}
              tabIndex={keys.place.row === n ? 0 : -1}
              onClick={onRemove}
            />
          </td>
        )}
      </tr>
      {faults.map((fault) => (
        <Mend
          key={fault.column}
          {...{ fault, number }}
          columns={columns}
          onText={(text) => onText(row.id, fault.column, text)}
        />
      ))}
    </>
  )
}

type MendProps = { fault: PlacedFault; number: number; columns: readonly Column[]; onText(text: string): void }

/** What is wrong with a cell, in the line below it, with what would be right. */
function Mend({ fault, number, columns, onText }: MendProps) {
  const name = columns.find(({ id }) => id === fault.column)?.name ?? ''
  return (
    <tr className="tables-mend">
      <td colSpan={columns.length + 1} id={`fault-${fault.row}-${fault.column}`}>
        <span>{words.faults[fault.code](number, name)}</span>{' '}
        <Button appearance="transparent" size="small" onClick={() => onText(fault.fix ?? '')}>
          {fault.fix === undefined ? words.grid.remove : words.grid.use(shownCell(fault.fix))}
        </Button>
      </td>
    </tr>
  )
}

function Shown({ type, text }: { type: string; text: string }) {
  if (type === 'switch' && (text === 'on' || text === '')) {
    return (
      <span className={text === 'on' ? 'tables-on' : 'quiet'}>{text === 'on' ? words.grid.on : words.grid.off}</span>
    )
  }
  return <span className="cut">{type === 'day' ? shownText(text) : shownCell(text)}</span>
}
