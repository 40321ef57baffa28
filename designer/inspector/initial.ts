import { Value, type ValueType } from '#flow/values.ts'

/** First values of variables, as they are typed. */

export const asJson: readonly ValueType[] = ['user', 'list', 'object']

export const written = (type: ValueType, initial: Value | undefined): string =>
  initial === undefined ? '' : typeof initial === 'string' && !asJson.includes(type) ? initial : JSON.stringify(initial)

/** What was typed as a value of the type; as the text itself where it is none, so that the check can say so. */
export function readInitial(type: ValueType, text: string): Value | undefined {
  if (text === '') return undefined
  if (type === 'boolean') return text === 'true'
  if (type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text
  if (!asJson.includes(type)) return text
  try {
    return Value.safeParse(JSON.parse(text)).data ?? text
  } catch {
    return text
  }
}
