import * as z from 'zod'

const Called = z.union([z.guid(), z.e164()])

/**
 * What was typed as Graph writes it: the object id of an account, or a number as +14255550100 without the signs that people put
 * between digits. Null if it is neither.
 */
export function calledOf(text: string): string | null {
  const id = text.trim().toLowerCase()
  const number = id.replace(/^00/, '+').replace(/[\s()./\u2010-\u2015-]/g, '')
  return Called.safeParse(id).data ?? Called.safeParse(number).data ?? null
}
