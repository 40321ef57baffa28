import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Column } from '#flow/table.ts'
import type { TypedRow } from '#flow/tableText.ts'

export type Place = { row: number; column: number }

type Deps = {
  grid: RefObject<HTMLTableElement | null>
  rows: readonly TypedRow[]
  columns: readonly Column[]
  readOnly: boolean
  onText(row: string, column: string, text: string): void
  onRemove(row: string): void
}

/** What is typed first takes the place of what stood there, as in a spreadsheet. */
type Editing = { first: string | null }

const steps: Readonly<Record<string, [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Where one is in a grid, and what keys do there. One cell stands in the order of Tab, so that Tab leaves the grid. */
export function useGridKeys({ grid, rows, columns, readOnly, onText, onRemove }: Deps) {
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 })
  const [editing, setEditing] = useState<Editing | null>(null)
  // A field that goes away may tell so once more.
  const isOpen = useRef(false)
  const setWanted = useFocus(grid)

  function go(to: Place): boolean {
    const isThere = rows[to.row] !== undefined && columns[to.column] !== undefined
    if (isThere) setWanted(to)
    return isThere
  }
  function edit(at: Place, first: string | null = null) {
    if (readOnly) return
    const [row, column] = [rows[at.row], columns[at.column]]
    if (!row || !column) return
    if (column.type === 'switch') onText(row.id, column.id, row.texts[column.id] === 'on' ? '' : 'on')
    else {
      setPlace(at)
      setEditing({ first })
      isOpen.current = true
    }
  }
  /** What was typed counts; without a text nothing does. */
  function finish(text: string | null) {
    const [row, column] = [rows[place.row], columns[place.column]]
    if (!isOpen.current) return
    isOpen.current = false
    setEditing(null)
    if (text !== null && row && column && text !== (row.texts[column.id] ?? '')) onText(row.id, column.id, text)
  }

  function whileEditing(event: KeyboardEvent) {
    const { key, target } = event
    const text = target instanceof HTMLInputElement ? target.value : null
    if (key === 'Escape' || key === 'Enter') {
      event.preventDefault()
      finish(key === 'Escape' ? null : text)
      go(key === 'Enter' && rows[place.row + 1] ? { ...place, row: place.row + 1 } : place)
    } else if (key === 'Tab') {
      finish(text)
      const next = besides(place, event.shiftKey ? -1 : 1, columns.length)
      if (go(next)) event.preventDefault()
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (editing) return whileEditing(event)
    if (!(event.target instanceof HTMLElement) || event.target.dataset.place === undefined) return
    const { key, ctrlKey, metaKey, altKey } = event
    const step = steps[key]
    if (step) {
      event.preventDefault()
      go({ row: place.row + step[0], column: place.column + step[1] })
    } else if (key === 'Enter' || key === 'F2' || (key === ' ' && columns[place.column]?.type === 'switch')) {
      event.preventDefault()
      edit(place)
    } else if ((key === 'Delete' || key === 'Backspace') && !readOnly) {
      event.preventDefault()
      const [row, column] = [rows[place.row], columns[place.column]]
      if (row && ctrlKey) onRemove(row.id)
      else if (row && column) onText(row.id, column.id, '')
    } else if (key.length === 1 && !ctrlKey && !metaKey && !altKey) {
      event.preventDefault()
      edit(place, key)
    }
  }
  return { place, setPlace, editing, edit, finish, onKeyDown }
}

/** Puts the focus on a cell once it is drawn. */
function useFocus(grid: Deps['grid']) {
  const [wanted, setWanted] = useState<Place | null>(null)
  useEffect(() => {
    if (!wanted) return
    grid.current?.querySelector<HTMLElement>(`[data-place="${wanted.row} ${wanted.column}"]`)?.focus()
    setWanted(null)
  }, [wanted, grid])
  return setWanted
}

/** The cell after this one or before it, if need be in another row. */
function besides({ row, column }: Place, step: 1 | -1, columns: number): Place {
  const at = row * columns + column + step
  return { row: Math.floor(at / columns), column: ((at % columns) + columns) % columns }
}
