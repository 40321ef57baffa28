import { badRequest } from '../wire/refusal.ts'

/** As much of OData's query options as the documented requests use. */

export type Comparison = { member: string; value: string }

/** The parts of a $filter that are joined by `and`. */
export const conditionsOf = (filter: string): string[] => {
  // Quotes are doubled inside a text, so an even number of them before a word means that it stands outside.
  const isOutside = (before: string) => (before.split("'").length - 1) % 2 === 0
  const conditions = ['']
  for (const part of filter.split(/(\s+and\s+)/i)) {
    const open = conditions.at(-1) ?? ''
    if (/^\s+and\s+$/i.test(part) && isOutside(open)) conditions.push('')
    else conditions[conditions.length - 1] = open + part
  }
  return conditions.map((condition) => condition.trim())
}

/** `Member eq 'text'`: members are compared without case, as the examples spell them both ways. Throws a Refusal 400 for more. */
export function comparisonOf(condition: string): Comparison {
  const [, member, value] = /^([\w/]+)\s+eq\s+'((?:[^']|'')*)'$/.exec(condition) ?? []
  if (member === undefined || value === undefined) throw badRequest(`The emulator does not know this filter.`)
  return { member: member.toLowerCase(), value: value.replaceAll("''", "'") }
}
