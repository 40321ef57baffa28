import { callsMessages as words } from '../messages/calls.ts'
import type { CallItem } from '../wire.ts'
import { callerParts } from './callWords.ts'
import { outcomeWords } from './outcomes.ts'

/** A byte-order mark first: without it Excel takes UTF-8 for something else. Lines end as RFC 4180 says. */
export const csvHead = (): string => `\ufeff${lineOf(Object.values(words.columns))}`

/** Writes calls as lines of a table. `clock` tells a time as the reader does; lengths are in seconds. */
export const csvLines = (calls: readonly CallItem[], clock: (iso: string) => string): string =>
  calls.map((call) => lineOf(Object.values(cellsOf(call, clock)))).join('')

type Cell = string | number

function cellsOf(call: CallItem, clock: (iso: string) => string): Record<keyof typeof words.columns, Cell> {
  const { name, phone } = callerParts(call)
  const { startedAt, endedAt } = call
  const end = [call.endCode, call.endSubcode].filter((part) => part !== null).join('/')
  return {
    started: clock(startedAt),
    length: endedAt === null ? '' : Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    caller: name ?? '',
    number: phone ?? '',
    result: words.results[call.result],
    what: outcomeWords(call),
    flow: call.flowName,
    version: call.version ?? '',
    test: call.test ? words.test : '',
    code: call.problem ?? end,
    id: call.id,
  }
}

export const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`

/**
 * A text that a spreadsheet would take for a formula gets a ' before it: callers choose their names, and a number begins with "+". So does
 * one behind a semicolon or a line end: where lists are written with semicolons (Excel), or where both part cells (LibreOffice), a cell
 * begins there. https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /(^|[;\r\n])(?=[=+\-@\t\r＝＋－＠])/g

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const text = cell.replace(formula, "$1'")
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
