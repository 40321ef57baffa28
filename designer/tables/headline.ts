import { isDay } from '#flow/table.ts'
import { readRows, shownCell } from '#flow/tableText.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import type { Draft } from './draft.ts'

/** What the table says now, in a sentence; null where it has neither days nor switches. `today`: YYYY-MM-DD. */
export function headline({ table, rows }: Draft, today: string): { text: string; isOn: boolean } | null {
  const [first, last] = table.columns.filter(({ type }) => type === 'day')
  const read = readRows(table, rows).rows
  const textOf = (id: string, column: string) => shownCell(rows.find((row) => row.id === id)?.texts[column] ?? '')
  if (first && last) {
    const row = read.find(({ cells }) => {
      const [from, to] = [cells[first.id], cells[last.id]]
      return (from !== undefined || to !== undefined) && (from ?? today) <= today && today <= (to ?? today)
    })
    if (!row) return { text: words.headline.nobody, isOn: false }
    const people = table.columns.filter(({ type }) => type === 'person')
    const said = people.length > 0 ? people : table.columns.filter(({ type }) => type === 'text').slice(0, 2)
    const who = said.map(({ id }) => textOf(row.id, id)).filter(Boolean)
    const until = row.cells[last.id]
    const named = who.join(', ') || dayWords(textOf(row.id, first.id))
    return {
      text: until ? words.headline.until(named, dayWords(String(until))) : words.headline.today(named),
      isOn: true,
    }
  }
  const switches = table.columns.filter(({ type }) => type === 'switch')
  if (switches.length === 0) return null
  const name = table.columns.find(({ type }) => type === 'text')
  const on = read.filter(({ cells }) => switches.some(({ id }) => cells[id] === true))
  if (on.length === 0) return { text: words.headline.off, isOn: false }
  const names = on.slice(0, 3).map(({ id }) => (name ? textOf(id, name.id) : ''))
  return { text: words.headline.on(on.length, names.filter(Boolean).join(', ')), isOn: true }
}

/** A day as people read it: `20 Dec 2026`. */
const dayWords = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })

/** A cell as people see it: a day in words, of a person the name. */
export const shownText = (text: string): string => (isDay(text) ? dayWords(text) : shownCell(text))

/** The day here and now. */
export function todayHere(now: number): string {
  const at = new Date(now)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}
