import { bytesOf, type Cells, keysOf, matches, type RowMatch, type Tables, tableLimits, withCells } from './table.ts'
import type { Command, FlowEvent } from './talk.ts'

type Asked = Extract<Command, { type: 'lookUp' | 'writeRow' }>

export type RehearsedTables = {
  rows(table: string): readonly Cells[]
  /** The same rows, to be changed by themselves. */
  fork(): RehearsedTables
  answer(command: Asked): FlowEvent
}

/** Tables for a call without a telephone, in memory: answers what flows ask of them, as the database would. */
export function rehearsedTables(known: Tables, given: Readonly<Record<string, readonly Cells[]>>): RehearsedTables {
  const rows = new Map(Object.keys(known).map((id) => [id, [...(given[id] ?? [])]]))
  return {
    rows: (table: string): readonly Cells[] => rows.get(table) ?? [],
    fork: (): RehearsedTables => rehearsedTables(known, Object.fromEntries(rows)),
    answer(command: Asked): FlowEvent {
      const { visit, type, table: id } = command
      const [table, here] = [known[id], rows.get(id)]
      if (!table || !here) return { type: 'commandFailed', visit, command: type, problem: 'notFound' }
      const find = (match: RowMatch) => here.findIndex((cells) => matches(keysOf(table, cells), match))
      if (command.type === 'lookUp') return { type: 'rowFound', visit, cells: here[find(command.match)] ?? null }
      const at = command.match ? find(command.match) : here.length
      if (at < 0) return { type: 'rowWritten', visit, found: false }
      const after = withCells(here[at] ?? {}, command.cells)
      const others = here.filter((_, n) => n !== at)
      if (at >= tableLimits.rows || bytesOf([...others, after]) > tableLimits.bytes)
        return { type: 'commandFailed', visit, command: type, problem: 'limit' }
      here[at] = after
      return { type: 'rowWritten', visit, found: true }
    },
  }
}
