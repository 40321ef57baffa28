import * as z from 'zod'
import { BlockIssue, type Surroundings, type Turn } from './block.ts'
import { wallTime } from './calendar.ts'
import { FlowError } from './error.ts'
import type { Expression } from './expressionFacts.ts'
import { type Column, type ColumnType, keyOf, type RowMatch, type Table } from './table.ts'

/** Which row of a table a block means: what its settings say, and what a call then asks for. */

/** The name is for people, and finds the table again where the flow is brought to another organisation. */
export const TableChoice = z.object({ id: z.guid(), name: z.string().trim().max(100) })

/** A row whose cell equals what an expression comes to, or one whose first and last day hold today. */
export const Match = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('column'), column: z.string().min(1).max(64), value: z.string().min(1) }),
  z.object({ kind: z.literal('today'), first: z.string().min(1).max(64), last: z.string().min(1).max(64) }),
])
type Match = z.infer<typeof Match>

/** To prepare what is asked for. */
export const lookCost = 100

/** @throws BlockIssue `unknownTable` */
export function tableOf({ id, name }: z.infer<typeof TableChoice>, { shared }: Surroundings): Table {
  const table = Object.hasOwn(shared.tables, id) ? shared.tables[id] : undefined
  if (!table) throw new BlockIssue('table', 'unknownTable', name)
  return table
}

/** @throws BlockIssue `unknownColumn` */
export function columnOf({ columns }: Table, id: string, field: string): Column {
  const column = columns.find((one) => one.id === id)
  if (!column) throw new BlockIssue(field, 'unknownColumn')
  return column
}

/** What an expression must come to, as CEL names it, to be compared with a column or kept in it. Digits that were typed are numbers. */
const comparable: Record<ColumnType, RegExp> = {
  text: /^(string|int|double|dyn)/,
  number: /^(string|int|double|dyn)/,
  phone: /^(string|dyn)/,
  day: /^(string|dyn)/,
  person: /^(map|string|dyn)/,
  switch: /^(bool|dyn)/,
}

/** @throws BlockIssue `expression`, `wrongType` */
export function expressionFor(column: Column, source: string, field: string, parse: Surroundings['parse']): Expression {
  try {
    const expression = parse(source)
    if (!comparable[column.type].test(expression.type)) throw new BlockIssue(field, 'wrongType', column.name)
    return expression
  } catch (error) {
    if (error instanceof FlowError) throw new BlockIssue(field, 'expression', error.detail)
    throw error
  }
}

type Asking = { reads: readonly string[]; cost: number; ask(turn: Turn<unknown>): RowMatch | null }

/**
 * Makes a match ready. `ask` gives what to ask for; null when no row can match, as for a caller without a number.
 * @throws BlockIssue for a column that is not there, of another type than days, or for an expression that is none
 */
export function openMatch(match: Match, table: Table, { parse, timeZone }: Surroundings): Asking {
  if (match.kind === 'today') {
    for (const end of ['first', 'last'] as const) {
      const field = `match.${end}`
      if (columnOf(table, match[end], field).type !== 'day') throw new BlockIssue(field, 'notDays')
    }
    const { first, last } = match
    return {
      reads: [],
      cost: lookCost,
      ask: ({ now }) => ({ kind: 'day', first, last, day: wallTime(now, timeZone).day }),
    }
  }
  const column = columnOf(table, match.column, 'match.column')
  const expression = expressionFor(column, match.value, 'match.value', parse)
  return {
    reads: expression.reads,
    cost: lookCost + expression.cost,
    ask({ variables, budget }) {
      const key = keyOf(column.type, expression.evaluate(variables, budget))
      return key === null ? null : { kind: 'column', column: column.id, key }
    },
  }
}
