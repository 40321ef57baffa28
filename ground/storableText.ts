/**
 * What PostgreSQL keeps of a text. It refuses NUL and halves of surrogate pairs, in text and in JSON, and with them the whole
 * statement; nobody can see or hear them.
 * https://www.postgresql.org/docs/18/datatype-json.html (8.14)
 */
const refused = /[\0\p{Cs}]/gu

/** True of whole pairs too. Nearly every text has neither, which is seen ten times as fast. */
const mayBeRefused = /[\0\ud800-\udfff]/

/** The text with `instead` for each of them: nothing, unless said otherwise. */
export const storableText = (text: string, instead = ''): string =>
  mayBeRefused.test(text) ? text.replace(refused, instead) : text

/** The same for every text in a value of JSON, names included. What would change the prototype of whoever copies it is left out. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (!isPlainObject(value)) return value
  const parts = Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)] as const)
  return Object.fromEntries(parts.filter(([key]) => key !== '__proto__'))
}

/** What JSON calls an object, and no Date, Map or the like. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))
