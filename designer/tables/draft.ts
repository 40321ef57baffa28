import { type Column, Table, tableLimits } from '#flow/table.ts'
import { type PlacedFault, readRows, sameText, type TypedRow } from '#flow/tableText.ts'

/** A table as it is being edited: every cell a text, right or not. */
export type Draft = { readonly table: Table; readonly rows: readonly TypedRow[] }

export const newId = (): string => crypto.randomUUID()

/** An id for a column: long and random, because flows are searched for it. */
export const newColumnId = (): string => newId().replaceAll('-', '').slice(0, 20)

/** One cell that is otherwise than saved; without a column the row was added or removed. */
export type CellChange = {
  row: string
  column: string | null
  from: string
  to: string
  what: 'cell' | 'added' | 'removed'
}

export function changesOf(saved: Draft, draft: Draft): CellChange[] {
  const before = new Map(saved.rows.map((row) => [row.id, row]))
  const there = new Set(draft.rows.map(({ id }) => id))
  const changes = draft.rows.flatMap((row): CellChange[] => {
    const old = before.get(row.id)
    if (old === row) return []
    if (!old) return hasText(row) ? [{ row: row.id, column: null, from: '', to: '', what: 'added' }] : []
    return draft.table.columns
      .filter((column) => isChanged(column, old, row))
      .map(({ id }) => ({ row: row.id, column: id, from: old.texts[id] ?? '', to: row.texts[id] ?? '', what: 'cell' }))
  })
  const removed = saved.rows.filter(({ id }) => !there.has(id))
  return [
    ...changes,
    ...removed.map(({ id }) => ({ row: id, column: null, from: '', to: '', what: 'removed' as const })),
  ]
}

const hasText = ({ texts }: TypedRow): boolean => Object.values(texts).some((text) => text.trim() !== '')

export const isChanged = (column: Column, old: TypedRow | undefined, row: TypedRow): boolean =>
  old?.texts[column.id] !== row.texts[column.id] && !sameText(column, old?.texts[column.id], row.texts[column.id])

/** How many things differ: cells, rows, the name, columns. */
export const countChanges = (saved: Draft, draft: Draft): number =>
  changesOf(saved, draft).length +
  Number(saved.table.name !== draft.table.name) +
  Number(JSON.stringify(saved.table.columns) !== JSON.stringify(draft.table.columns))

/** What keeps the draft from being saved. */
export function faultsOf({ table, rows }: Draft): { faults: PlacedFault[]; isTableRight: boolean } {
  return { faults: readRows(table, rows).faults, isTableRight: Table.safeParse(table).success }
}

export const setText = (draft: Draft, row: string, column: string, text: string): Draft => ({
  ...draft,
  rows: draft.rows.map((one) => (one.id === row ? { ...one, texts: { ...one.texts, [column]: text } } : one)),
})

export const addRow = (draft: Draft): Draft =>
  draft.rows.length < tableLimits.rows ? { ...draft, rows: [...draft.rows, { id: newId(), texts: {} }] } : draft

export const removeRow = (draft: Draft, row: string): Draft => ({
  ...draft,
  rows: draft.rows.filter(({ id }) => id !== row),
})

/** Takes one change back. A row that was removed comes back where it was, as far as those before it are there. */
export function undoChange(saved: Draft, draft: Draft, { row, column, from, what }: CellChange): Draft {
  if (what === 'added') return removeRow(draft, row)
  if (column !== null) return setText(draft, row, column, from)
  const at = saved.rows.findIndex(({ id }) => id === row)
  const gone = saved.rows[at]
  return gone ? { ...draft, rows: draft.rows.toSpliced(at, 0, gone) } : draft
}
