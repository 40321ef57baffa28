import { badRequest } from '../wire/refusal.ts'

/** As much of OData's query options as the documented requests use. */

export type Comparison = { member: string; value: string }

/** The parts of a $filter that are joined by `and`. */
export const conditionsOf = (filter: string): string[] => {
  const conditions = ['']
  // Piece by piece, a text in quotes (doubled inside it) as one: what a page can ask for is read in one go, however many spaces it has.
  for (const [piece] of filter.matchAll(/'(?:[^']|'')*'?|\sand\s|[^']/gi)) {
    if (/^\sand\s$/i.test(piece)) conditions.push('')
    else conditions.push((conditions.pop() ?? '') + piece)
  }
  return conditions.map((condition) => condition.trim())
}

/** `Member eq 'text'`: members are compared without case, as the examples spell them both ways. Throws a Refusal 400 for more. */
export function comparisonOf(condition: string): Comparison {
  const [, member, value] = /^([\w/]+)\s+eq\s+'((?:[^']|'')*)'$/.exec(condition) ?? []
  if (member === undefined || value === undefined) throw badRequest(`The emulator does not know this filter.`)
  return { member: member.toLowerCase(), value: value.replaceAll("''", "'") }
}
